// The deactivation brake of a tenant: settings, state and counters in one row, and whose deactivation it holds. The
// rules are functions of the database (schema/postgres/0017_deactivation_brake.sql), so that they are exact in every process.
import { defineEntity, p } from '@mikro-orm/core';
import { oneOf, walled } from '../walls.js';

export type BrakeDecision = 'RELEASED' | 'REJECTED';

export const DeactivationBrake = defineEntity({
  name: 'DeactivationBrake',
  tableName: 'deactivation_brake',
  ...walled,
  checks: [
    oneOf('deactivation_brake', 'state', ['WATCHING', 'PULLED', 'RELEASED', 'REJECTED']),
    oneOf('deactivation_brake', 'decision', ['RELEASED', 'REJECTED']),
  ],
  properties: {
    tenantId: p.uuid().primary(),
    enabled: p.boolean().default(true),
    sharePercent: p.integer().default(20),
    leastPeople: p.integer().default(20),
    windowMinutes: p.integer().default(60),
    /** As it was left: a pull, a release and a rejection end by themselves, see `deactivation_brake_state`. */
    state: p.text().$type<'WATCHING' | 'PULLED' | BrakeDecision>().default('WATCHING'),
    pulledAt: p.datetime(3).nullable(),
    /** How many had been deactivated when it was pulled, and of how many managed people. */
    pulledCount: p.integer().nullable(),
    pulledBase: p.integer().nullable(),
    lastTriedAt: p.datetime(3).nullable(),
    decidedAt: p.datetime(3).nullable(),
    decision: p.text().$type<BrakeDecision>().nullable(),
    /** How many passed, by minute since 1970. */
    passed: p.json<Readonly<Record<string, number>>>().defaultRaw("'{}'::jsonb"),
    managed: p.integer().nullable(),
    managedAt: p.datetime(3).nullable(),
  },
});

/** Somebody whose deactivation was refused by the brake. */
export const HeldDeactivation = defineEntity({
  name: 'HeldDeactivation',
  tableName: 'deactivation_held',
  ...walled,
  properties: {
    tenantId: p.uuid().primary(),
    userId: p.uuid().primary(),
    firstTriedAt: p.datetime(3),
    lastTriedAt: p.datetime(3),
  },
});

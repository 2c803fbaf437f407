// The deactivation brake as administrators see it, and what they decide: release, reject, configure.
import { type QueryResultRow } from 'pg';
import { differences } from '../../attribute/change.js';
import { FieldRefusal } from '../fieldRefusal.js';
import { beforeAndAfter, recordChange } from '../history/history.js';
import { type ChangeKind } from '../history/ChangeRecord.js';
import { type ReadScope, type Statement, type WriteScope } from '../scope.js';
import { type Instant } from '../user/userRow.js';
import { Refusal } from '../../refusal.js';
import { type BrakeDecision } from './DeactivationBrake.js';

export type BrakeState = 'OFF' | 'WATCHING' | 'PULLED' | BrakeDecision;

export interface BrakeSettings {
  readonly enabled: boolean;
  readonly sharePercent: number;
  readonly leastPeople: number;
  readonly windowMinutes: number;
}

export interface Brake extends BrakeSettings {
  readonly state: BrakeState;
  readonly pulledAt: Instant | null;
  readonly pulledCount: number | null;
  readonly pulledBase: number | null;
  readonly lastTriedAt: Instant | null;
  readonly decidedAt: Instant | null;
  /** How many people it holds back. */
  readonly held: number;
}

const RELEASED_HOURS = 24;

/** When a release ends. */
export const releasedUntil = ({ state, decidedAt }: Brake): Date | null =>
  state === 'RELEASED' && decidedAt !== null
    ? new Date(new Date(decidedAt).getTime() + RELEASED_HOURS * 3_600_000)
    : null;

const DEFAULTS: Brake = {
  enabled: true,
  sharePercent: 20,
  leastPeople: 20,
  windowMinutes: 60,
  state: 'WATCHING',
  pulledAt: null,
  pulledCount: null,
  pulledBase: null,
  lastTriedAt: null,
  decidedAt: null,
  held: 0,
};

/** Whom nobody has tried for so long nobody will try any more; and who is not active any more is not held. */
export const stillHeld = (now: string): string =>
  `u.status = 'ACTIVE' and h.last_tried_at > ${now}::timestamptz - interval '72 hours'`;

const FIND = `select b.enabled, b.share_percent as "sharePercent", b.least_people as "leastPeople",
    b.window_minutes as "windowMinutes", deactivation_brake_state(b, $2) as state, b.pulled_at as "pulledAt",
    b.pulled_count as "pulledCount", b.pulled_base as "pulledBase", b.last_tried_at as "lastTriedAt", b.decided_at as "decidedAt",
    (select count(*)::int from deactivation_held h join directory_user u on u.tenant_id = h.tenant_id and u.id = h.user_id
      where h.tenant_id = $1 and ${stillHeld('$2')}) as held
  from deactivation_brake b where b.tenant_id = $1`;
const READ: Statement = { name: 'deactivation_brake', text: FIND };
const LOCK: Statement = { name: 'lock_deactivation_brake', text: `${FIND} for no key update of b` };
const MAKE: Statement = {
  name: 'make_deactivation_brake',
  text: 'insert into deactivation_brake (tenant_id) values ($1) on conflict do nothing',
};
const DECIDE: Statement = {
  name: 'decide_deactivation_brake',
  text: `update deactivation_brake set state = $2, decision = nullif($2, 'WATCHING'), decided_at = $3, passed = '{}', managed = null
    where tenant_id = $1`,
};
/** What was before is over: also a pull, which nobody needs to decide about where nothing is watched. */
const CONFIGURE: Statement = {
  name: 'configure_deactivation_brake',
  text: `update deactivation_brake set share_percent = $3, least_people = $4, window_minutes = $5, enabled = $2,
      state = case when enabled = $2 then state else 'WATCHING' end, decision = case when enabled = $2 then decision end,
      passed = case when enabled = $2 then passed else '{}' end
    where tenant_id = $1`,
};

/** The brake of the tenant at work, at this moment. */
export async function brakeOf({ send, tenantId, request }: ReadScope): Promise<Brake> {
  const [brake] = await send<Brake & QueryResultRow>(READ, [tenantId, request.now]);
  return brake ?? DEFAULTS;
}

/** Lets deactivations through for 24 hours, and those that are held for as long as they are repeated. Refuses with `conflict` where it is off. */
export async function releaseBrake(scope: WriteScope): Promise<void> {
  const brake = await lockBrake(scope);
  if (brake.state === 'OFF') throw nothingTo('release', brake);
  decide(scope, brake, 'RELEASED', 'BRAKE_RELEASED');
}

/** Goes on refusing those that are held; takes a release back where nobody is. Refuses with `conflict` where nothing is to be decided. */
export async function rejectBrake(scope: WriteScope): Promise<void> {
  const brake = await lockBrake(scope);
  if (brake.state !== 'PULLED' && brake.state !== 'RELEASED') throw nothingTo('reject', brake);
  const isTakenBack = brake.state === 'RELEASED' && brake.held === 0;
  decide(scope, brake, isTakenBack ? 'WATCHING' : 'REJECTED', 'BRAKE_REJECTED');
}

/** Changes the settings that are given. Switched on, it watches from zero. Refuses with INVALID what is out of bounds. */
export async function configureBrake(scope: WriteScope, given: Partial<BrakeSettings>): Promise<void> {
  refuseOutOfBounds(given);
  const brake = await lockBrake(scope);
  const { enabled, sharePercent, leastPeople, windowMinutes } = { ...brake, ...given };
  const after = { enabled, sharePercent, leastPeople, windowMinutes };
  const changed = differences({ ...brake }, after);
  if (changed.length === 0) return;
  const { tenantId } = scope;
  void scope.send(CONFIGURE, [tenantId, enabled, sharePercent, leastPeople, windowMinutes]);
  const named = beforeAndAfter(changed, { ...brake }, after);
  const changes = Object.fromEntries(
    Object.entries(named).map(([name, change]) => [`deactivationBrake.${name}`, change]),
  );
  recordChange(scope, { kind: 'CHANGED', resourceType: 'Tenant', resourceId: tenantId, changes });
}

async function lockBrake({ send, tenantId, request }: WriteScope): Promise<Brake> {
  void send(MAKE, [tenantId]);
  const [brake] = await send<Brake & QueryResultRow>(LOCK, [tenantId, request.now]);
  return brake ?? DEFAULTS;
}

function decide(scope: WriteScope, { state, held }: Brake, after: BrakeDecision | 'WATCHING', kind: ChangeKind): void {
  const { tenantId, request } = scope;
  void scope.send(DECIDE, [tenantId, after, request.now]);
  const changes = {
    deactivationBrake: { before: state, after },
    peopleHeld: { before: null, after: held },
  };
  recordChange(scope, { kind, resourceType: 'Tenant', resourceId: tenantId, changes });
}

const MEANS: Readonly<Record<BrakeState, string>> = {
  OFF: 'it is switched off',
  WATCHING: 'it is not pulled',
  PULLED: 'it is pulled',
  RELEASED: 'it is released',
  REJECTED: 'what it holds is rejected already',
};

const nothingTo = (what: string, { state }: Brake): Refusal =>
  new Refusal('conflict', `There is nothing to ${what} at the deactivation brake: ${MEANS[state]}.`);

/** Of the settings; a share of 100 lets everybody through. */
export const BOUNDS = {
  sharePercent: [1, 100],
  leastPeople: [1, 1_000_000],
  windowMinutes: [1, 1440],
} as const;

function refuseOutOfBounds(given: Partial<BrakeSettings>): void {
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = given[name as keyof typeof BOUNDS];
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
    throw new FieldRefusal('INVALID', [name], `${name} must be from ${least} to ${most}.`);
  }
}

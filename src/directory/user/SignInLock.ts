// A lock on signing in: set by an administrator at once, whatever `active` says, and lifted by one.
import { defineEntity, p } from '@mikro-orm/core';
import { walled } from '../walls.js';

export const SignInLock = defineEntity({
  name: 'SignInLock',
  tableName: 'sign_in_lock',
  ...walled,
  properties: {
    tenantId: p.uuid().primary(),
    userId: p.uuid().primary(),
    lockedAt: p.datetime(3),
    /** The administrator; null for an unnamed one and for the operator. */
    lockedBy: p.uuid().nullable(),
    reason: p.text().nullable(),
  },
});

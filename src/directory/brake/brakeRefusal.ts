// What the deactivation brake says to whom it refuses.
import { Refusal } from '../../refusal.js';

/** What `refuse_deactivation` in the database tells. */
export interface Held {
  /** Whose deactivation it was. */
  readonly user: string;
  /** The limit is reached with this one; the brake had been pulled; an administrator has rejected it. */
  readonly reason: 'LIMIT' | 'PULLED' | 'REJECTED';
  readonly count: number;
  readonly base: number;
  readonly sharePercent: number;
  readonly leastPeople: number;
  readonly windowMinutes: number;
  /** The slug. */
  readonly tenant: string;
}

/** The SQLSTATE of `refuse_deactivation`. */
export const HELD = 'SU001';

/**
 * Nothing changes before a person has decided, so a client that heeds it does not repeat this one in the same cycle and
 * goes on with the others. Entra ID repeats what failed after 6, 12 and every 24 hours by itself.
 */
const RETRY_AFTER_SECONDS = 3600;

/** A deactivation that the brake refuses. It is rolled back whole; the person stays as it is. */
export class BrakeRefusal extends Refusal {
  constructor(readonly held: Held) {
    super('heldBack', sentence(held), { 'Retry-After': String(RETRY_AFTER_SECONDS) });
  }
}

/** The refusal that a database error of `HELD` carries. */
export const brakeRefusalFrom = (detail: string): BrakeRefusal => new BrakeRefusal(JSON.parse(detail) as Held);

function sentence({ reason, count, base, sharePercent, leastPeople, windowMinutes, tenant }: Held): string {
  const share = Math.round((count * 1000) / base) / 10;
  const counted = `${count} of ${base} managed people (${share} %) were deactivated or deleted within ${windowMinutes} minutes, and SpeakUp lets ${sharePercent} % through, ${leastPeople} people in any case.`;
  const decide = (release: string) =>
    `An administrator of SpeakUp ${release} with the GraphQL mutation releaseDeactivationBrake, or on the command line with brake release --tenant ${tenant}`;
  return reason === 'REJECTED'
    ? `This deactivation was rejected by an administrator of SpeakUp: ${counted} Nothing of this request was done. Put right in the identity provider who should stay. ${decide('lets them all through all the same')}.`
    : `The deactivation brake holds this back: ${counted} Nothing of this request was done; other changes go on. ${decide('looks at who is held, and lets them through')}, or rejects them. The identity provider then repeats this by itself.`;
}

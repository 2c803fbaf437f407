// Entra's rules for what fails: each object is tried again after 6, 12, then every 24 hours for four weeks; a job of
// which too much fails is put into quarantine, and runs once a day.
import { type Refused } from '../wire/scimClient.js';
import { type Quarantine, type State } from './state.js';

const HOUR = 60;
const DAY = 24 * HOUR;
const BACK_OFF = [6 * HOUR, 12 * HOUR, DAY];
const GIVEN_UP_AFTER = 28 * DAY;
const QUARANTINE = { from: 5000, share: 0.4, most: 40_000 };

/** Notes a failure and when it is tried again. Somebody who failed for four weeks waits for a change. */
export function noteFailure(state: State, key: string, about: string, { status, detail }: Refused): void {
  const before = state.failing.get(key);
  const failures = (before?.failures ?? 0) + 1;
  const since = before?.since ?? state.clock;
  const isGivenUp = state.clock - since >= GIVEN_UP_AFTER;
  const next = isGivenUp ? Number.MAX_SAFE_INTEGER : state.clock + (BACK_OFF[failures - 1] ?? DAY);
  state.failing.set(key, { about, status, detail, failures, since, next });
}

/** Whether something is not to be tried now: it failed, and its time has not come. */
export function isWaiting({ failing, clock }: State, key: string): boolean {
  const failure = failing.get(key);
  return failure !== undefined && failure.next > clock;
}

/** Whether so many failures put the job into quarantine; managers and members do not count. */
export const isTooMuch = (failures: number, tried: number): boolean =>
  failures >= QUARANTINE.most || (failures >= QUARANTINE.from && failures > tried * QUARANTINE.share);

export const quarantined = (state: State, reason: string): Quarantine => ({
  reason,
  since: state.quarantine?.since ?? state.clock,
  next: state.clock + DAY,
});

/** Four weeks in quarantine, and Entra switches the job off. */
export const isSwitchedOff = ({ quarantine, clock }: State): boolean =>
  quarantine !== undefined && clock - quarantine.since >= GIVEN_UP_AFTER;

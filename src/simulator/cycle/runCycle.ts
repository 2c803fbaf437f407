// One cycle as Entra ID runs it: test of the connection, people, groups, then references; and what stops it.
import { AskedToWait, Refused } from '../wire/scimClient.js';
import { BoundReached } from '../wire/bounds.js';
import { LostAnswer } from '../wire/exchange.js';
import { CredentialsRefused } from '../wire/token.js';
import { isSwitchedOff, quarantined } from './failing.js';
import { groupTasks } from './groups.js';
import { type Job } from './job.js';
import { peopleTasks, removalTask } from './people.js';
import { managerTasks, memberTasks } from './references.js';
import { ConnectionRefused, testConnection } from './testConnection.js';
import { runPhase, TooManyFailures } from './workers.js';

export type CycleKind = 'initial' | 'incremental';

export type CycleEnd =
  | { readonly kind: 'completed' }
  /** A bound of the run, or the server asked to wait: the next cycle goes on from here. */
  | { readonly kind: 'stopped'; readonly why: string }
  | { readonly kind: 'quarantine'; readonly why: string };

/** Entra's interval, in minutes. */
const INTERVAL = 40;

/**
 * Runs a cycle and moves the clock: by `minutes`, or to the next day in quarantine. An initial one matches everybody
 * again. Throws a SimulatorError when nobody answers.
 */
export async function runCycle(job: Job, kind: CycleKind, minutes = INTERVAL): Promise<CycleEnd> {
  const { state } = job;
  if (isSwitchedOff(state)) return { kind: 'stopped', why: 'four weeks in quarantine: Entra has switched the job off' };
  if (state.quarantine) state.clock = Math.max(state.clock, state.quarantine.next);
  if (kind === 'initial') forget(job);
  const end = await ending(() => phases(job, kind));
  if (end.kind === 'quarantine') state.quarantine = quarantined(state, end.why);
  else if (end.kind === 'completed') delete state.quarantine;
  state.cycles += 1;
  state.clock += minutes;
  return end;
}

/** A restart: everybody is looked at again, whoever failed too. */
function forget({ state }: Job): void {
  state.failing.clear();
  delete state.quarantine;
  for (const objectId of state.organisation.people.keys()) state.changed.add(objectId);
  for (const objectId of state.organisation.groups.keys()) state.changed.add(objectId);
}

async function phases(job: Job, kind: CycleKind): Promise<void> {
  const anew = kind === 'initial';
  const object = (name: string) => ({ name, references: false });
  const reference = (name: string) => ({ name, references: true });
  await testConnection(job);
  await runPhase(job, object('people'), peopleTasks(job, anew));
  const removals = (type: 'Users' | 'Groups') => job.state.removals.filter((one) => one.type === type);
  const tasks = (type: 'Users' | 'Groups') => removals(type).map((one) => removalTask(job, one));
  await runPhase(job, object('people deleted'), tasks('Users'));
  await runPhase(job, object('groups'), groupTasks(job, anew));
  await runPhase(job, object('groups deleted'), tasks('Groups'));
  await runPhase(job, reference('managers'), managerTasks(job, anew));
  await runPhase(job, reference('members'), memberTasks(job, anew));
}

/** What no object is to blame for, and what was refused outside any. */
const STOPPING = [BoundReached, AskedToWait, LostAnswer, Refused];

/** How it ended; what is no end of a cycle is thrown. */
export async function ending(work: () => Promise<void>): Promise<CycleEnd> {
  try {
    await work();
    return { kind: 'completed' };
  } catch (error) {
    if (error instanceof CredentialsRefused || error instanceof ConnectionRefused || error instanceof TooManyFailures) {
      return { kind: 'quarantine', why: error.message };
    }
    if (STOPPING.some((kind) => error instanceof kind)) return { kind: 'stopped', why: (error as Error).message };
    throw error;
  }
}

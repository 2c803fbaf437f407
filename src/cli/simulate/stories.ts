// simulate on-demand, mass-leave, restore, delete, verify: single stories.
import { type Command } from 'commander';
import { inBin, putInBin, remove, restore, enabledOf } from '../../simulator/churn/leaving.js';
import { type State } from '../../simulator/cycle/state.js';
import { type Person } from '../../simulator/organisation/organisation.js';
import { randomFrom } from '../../simulator/random.js';
import { type Session } from '../../simulator/session.js';
import { SimulatorError } from '../../simulator/simulatorError.js';
import { withChaos } from './chaos.js';
import { share } from './options.js';
import { ending } from './outcome.js';
import { run, type RunOptions, withRun } from './run.js';

const USER = ['<user>', 'userPrincipalName, e-mail address or objectId'] as const;

/** Adds the commands. */
export function simulateStories(parent: Command): void {
  story(
    parent.command('on-demand').argument(...USER),
    'Provisions one person now, as "Provision on demand" does.',
  ).action(
    ending((user: string, options: RunOptions) => run('on-demand', options, (session) => onDemand(session, user))),
  );
  story(
    parent.command('mass-leave').argument('<share>', 'how many of those who are enabled, such as 30%', share),
    'So many people are deleted in Entra by mistake, and a cycle runs. It can be undone with "restore".',
  ).action(
    ending((part: number, options: RunOptions) =>
      afterwards('mass-leave', options, (state) => {
        const gone = randomFrom(state.organisation.seed, state.cycles).sample(enabledOf(state), counted(state, part));
        gone.forEach((person) => putInBin(state, person));
      }),
    ),
  );
  story(
    parent.command('restore').argument('[user]', `${USER[1]}; everybody in the bin when absent`),
    'Takes people out of Entra’s bin, and runs a cycle.',
  ).action(
    ending((user: string | undefined, options: RunOptions) =>
      afterwards('restore', options, (state) => {
        const people = user === undefined ? inBin(state) : [personIn(state, user)];
        people.forEach((person) => restore(state, person));
      }),
    ),
  );
  story(
    parent.command('delete').argument(...USER),
    'Deletes a person in Entra for good, and runs a cycle: the service gets a DELETE.',
  ).action(
    ending((user: string, options: RunOptions) =>
      afterwards('delete', options, (state) => remove(state, personIn(state, user))),
    ),
  );
  verify(parent);
}

function verify(parent: Command): void {
  story(
    parent.command('verify'),
    'Reads everything by SCIM, and by GraphQL when asked to, and compares it with the organisation. Exit code 4 when there is a difference.',
  ).action(ending((options: RunOptions) => run('verify', { ...options, verify: true }, () => Promise.resolve())));
}

const story = (command: Command, description: string): Command => withChaos(withRun(command.description(description)));

const afterwards = (command: string, options: RunOptions, change: (state: State) => void): Promise<void> =>
  run(command, options, async (session) => {
    change(session.job.state);
    await session.cycle('incremental');
  });

const counted = (state: State, part: number): number => Math.round(enabledOf(state).length * part);

async function onDemand(session: Session, user: string): Promise<void> {
  await session.onDemand(personIn(session.job.state, user).objectId);
}

/** Refuses (wrong usage) a name nobody has. */
function personIn({ organisation }: State, user: string): Person {
  const name = user.toLowerCase();
  const found =
    organisation.people.get(name) ??
    [...organisation.people.values()].find(({ userPrincipalName, mail }) =>
      [userPrincipalName, mail].some((one) => one?.toLowerCase() === name),
    );
  if (!found) throw new SimulatorError('wrongUsage', `Nobody in the organisation is called ${user}.`);
  return found;
}

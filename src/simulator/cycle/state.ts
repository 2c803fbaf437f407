// What Entra's provisioning job remembers between cycles: the organisation as it is now, who is known to the service by
// which id, what has changed since, and what failed. It is one file, so that runs continue.
import {
  readJson,
  lines,
  organisationFromJson,
  type OrganisationJson,
  organisationLines,
  writeInPlace,
} from '../organisation/file.js';
import { type Organisation, type Person } from '../organisation/organisation.js';
import { SimulatorError } from '../simulatorError.js';

/** A person of the organisation at the service. */
export interface UserLink {
  readonly id: string;
  /** Paths the service has a value for that the organisation has not: the person was there before. */
  readonly kept?: readonly string[];
  /** The manager's id at the service, as last written. */
  manager?: string;
}

export interface GroupLink {
  readonly id: string;
  /** Ids at the service, as last written. */
  readonly members: Set<string>;
}

/** Gone from the organisation, to be deleted at the service. */
export interface Removal {
  readonly type: 'Users' | 'Groups';
  readonly objectId: string;
  readonly id: string;
  readonly name: string;
}

/** An object that failed; it is tried again when the time has come, or when it changes. */
export interface Failing {
  readonly about: string;
  readonly status: number;
  readonly detail: string;
  readonly failures: number;
  /** Simulated minutes since the first cycle. */
  readonly since: number;
  readonly next: number;
}

export interface Quarantine {
  readonly reason: string;
  readonly since: number;
  readonly next: number;
}

export interface State {
  readonly organisation: Organisation;
  readonly links: Map<string, UserLink>;
  readonly groupLinks: Map<string, GroupLink>;
  /** objectIds of people and groups to look at. */
  readonly changed: Set<string>;
  readonly removals: Removal[];
  /** By objectId, or `ref:objectId` for a manager, `members:objectId` for a group's members. */
  readonly failing: Map<string, Failing>;
  /** Gone for good, newest last: some of them are hired again. */
  readonly former: Person[];
  /** Simulated minutes since the first cycle. */
  clock: number;
  cycles: number;
  quarantine?: Quarantine;
}

const FORMAT = 1;
const FORMER = 500;

/** Nothing has been provisioned yet. */
export const newState = (organisation: Organisation): State => ({
  organisation,
  links: new Map(),
  groupLinks: new Map(),
  changed: new Set(),
  removals: [],
  failing: new Map(),
  former: [],
  clock: 0,
  cycles: 0,
});

/** Reads what `writeState` wrote. Refuses (wrong usage) a file that is something else. */
export async function readState(path: string): Promise<State> {
  const json = (await readJson(path)) as Partial<StateJson> & OrganisationJson;
  if (!json.state) throw new SimulatorError('wrongUsage', `${path} is no state of a simulation: give it another name.`);
  const organisation = organisationFromJson(json, path);
  const { links, groupLinks, changed, removals, failing, former, clock, cycles, quarantine } = json.state;
  return {
    organisation,
    links: new Map(links),
    groupLinks: new Map(groupLinks.map(([key, { id, members }]) => [key, { id, members: new Set(members) }])),
    changed: new Set(changed),
    removals: [...removals],
    failing: new Map(failing),
    former: [...former],
    clock,
    cycles,
    ...(quarantine ? { quarantine } : {}),
  };
}

/** Replaces the file as a whole. */
export async function writeState(path: string, state: State): Promise<void> {
  await writeInPlace(path, () => stateLines(state));
}

function* stateLines(state: State): Generator<string> {
  const { organisation, links, groupLinks, changed, removals, failing, former, clock, cycles, quarantine } = state;
  yield '{';
  yield* organisationLines(organisation);
  yield `,\n"state":{"format":${FORMAT},"clock":${clock},"cycles":${cycles},\n"links":[`;
  yield* lines(links);
  yield '\n],\n"groupLinks":[';
  yield* lines(groupLinks, ([key, { id, members }]) => [key, { id, members: [...members] }]);
  yield '\n],\n"failing":[';
  yield* lines(failing);
  yield '\n],\n"former":[';
  yield* lines(former.slice(-FORMER));
  const rest = { changed: [...changed], removals, quarantine };
  yield `\n],\n${JSON.stringify(rest).slice(1, -1)}}}\n`;
}

interface StateJson extends OrganisationJson {
  readonly state: {
    readonly links: readonly [string, UserLink][];
    readonly groupLinks: readonly [string, { readonly id: string; readonly members: readonly string[] }][];
    readonly changed: readonly string[];
    readonly removals: readonly Removal[];
    readonly failing: readonly [string, Failing][];
    readonly former: readonly Person[];
    readonly clock: number;
    readonly cycles: number;
    readonly quarantine?: Quarantine;
  };
}

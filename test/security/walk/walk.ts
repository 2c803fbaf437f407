// The walk: two tenants that are filled alike are asked the same in the same order, one with the values of a third
// tenant, the other with values that nobody has. What they answer must be the same, and say nothing of the third.
import { type TestServer } from '../../support/server.js';
import { inhabit, type Inhabited } from './inhabit.js';
import { type Answered, type Asked, hangUp, type Probe, send } from './probe.js';
import { type Names, namesOf, said, seen, tenantsOwn } from './seen.js';
import { type Marks, newMarks, nobodysValues, UUID, type Values } from './values.js';

export interface Leak {
  readonly probe: string;
  readonly as: string;
  readonly asked: string;
  /** What was seen of the third tenant; else how the two answers differ. */
  readonly found: string;
}

export interface Figures {
  readonly probes: number;
  readonly leaks: readonly Leak[];
  /** Faults of the service: answers from 500 on, but 501, and errors of GraphQL that say so. */
  readonly faults: readonly string[];
  /** Of the probes that only read: how many answer otherwise to values of the asking tenant itself. */
  readonly live: number;
  readonly reads: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface Ground {
  readonly server: TestServer;
  readonly marks: Marks;
  readonly there: Inhabited;
  readonly here: Inhabited;
  readonly twin: Inhabited;
  readonly nobody: Values;
}

/** Three tenants. The one whose values are probed comes first: its moments are before all others. */
export async function prepare(server: TestServer): Promise<Ground> {
  const marks = newMarks();
  const there = await inhabit(server, marks.foreign);
  const [here, twin] = [await inhabit(server, marks.own), await inhabit(server, marks.own)];
  return { server, marks, there, here, twin, nobody: nobodysValues(there.values, marks) };
}

interface State {
  readonly ground: Ground;
  readonly names: readonly [Names, Names];
  readonly foreignIds: ReadonlySet<string>;
  readonly secrets: readonly string[];
  /** Values of the third tenant that were given to the first one to keep. */
  readonly kept: Set<string>;
  readonly figures: { leaks: Leak[]; faults: string[]; live: number; reads: number; byStatus: Record<string, number> };
}

/** Readers go first, several at once; writers in the order given. `live`: readers are asked with the tenant's own values too. */
export async function walk(ground: Ground, probes: readonly Probe[], { live = true } = {}): Promise<Figures> {
  const { marks, there, here, twin, nobody } = ground;
  const names = (given: Values, { ids, values }: Inhabited) => namesOf(marks, given, ids, values);
  const state: State = {
    ground,
    names: [names(there.values, here), names(nobody, twin)],
    foreignIds: new Set([...there.ids, ...(there.values.changeId?.match(UUID) ?? []), there.values.entryId ?? '']),
    secrets: [there.values.clientSecret ?? '', there.values.token ?? '', there.values.slug ?? ''],
    kept: new Set(),
    figures: { leaks: [], faults: [], live: 0, reads: 0, byStatus: {} },
  };
  // What SCIM refuses is in the provisioning log, which GraphQL shows.
  const reads = probes.filter(({ writes }) => !writes);
  const graphql = reads.filter(({ name }) => name.startsWith(GRAPHQL));
  const scim = reads.filter(({ name }) => !name.startsWith(GRAPHQL));
  for (const some of [graphql, scim]) await together(some, AT_ONCE, (probe) => one(state, probe, live));
  for (const probe of probes.filter(({ writes }) => writes)) await one(state, probe, false);
  hangUp();
  return { ...state.figures, probes: probes.length };
}

const AT_ONCE = 6;
/** How the names of probes of GraphQL begin. */
export const GRAPHQL = 'graphql ';

async function together<T>(list: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = list[Symbol.iterator]();
  const worker = async () => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function one(state: State, probe: Probe, live: boolean): Promise<void> {
  const { server, there, here, twin, nobody } = state.ground;
  const { figures } = state;
  const asked = probe.ask(there.values, here.values);
  const askedNobody = probe.ask(nobody, twin.values);
  const [foreign, unknown] = await Promise.all([
    send(server.url, asked, here.tokens[probe.as]),
    send(server.url, askedNobody, twin.tokens[probe.as]),
  ]);
  figures.byStatus[foreign.status] = (figures.byStatus[foreign.status] ?? 0) + 1;
  if (isFault(foreign) || isFault(unknown))
    figures.faults.push(`${probe.name} as ${probe.as}: ${foreign.status} ${JSON.stringify(asked)}`);
  const found = whatLeaks(state, { asked, foreign, askedNobody, unknown });
  const { method, path, body } = asked;
  const text = `${method} ${path} ${JSON.stringify(body ?? '')}`;
  if (found !== undefined) figures.leaks.push({ probe: probe.name, as: probe.as, asked: text, found });
  if (probe.writes || foreign.status >= 400) keep(state, asked);
  if (live && !probe.writes) {
    figures.reads += 1;
    const own = await send(server.url, probe.ask(here.values, here.values), here.tokens[probe.as]);
    if (isFault(own)) figures.faults.push(`${probe.name} as ${probe.as}, with own values: ${own.status}`);
    if (own.status !== foreign.status || shownOf(state, own) !== shownOf(state, foreign)) figures.live += 1;
  }
}

const isFault = ({ status, text }: Answered): boolean =>
  (status >= 500 && status !== 501) || text.includes('"code":"INTERNAL"');

/** How many values of the asking tenant an answer shows. */
const shownOf = ({ ground: { marks, here } }: State, { text }: Answered): number =>
  tenantsOwn(text, marks.own, new Set(here.ids), []).length;

interface Two {
  readonly asked: Asked;
  readonly foreign: Answered;
  readonly askedNobody: Asked;
  readonly unknown: Answered;
}

function whatLeaks(state: State, { asked, foreign, askedNobody, unknown }: Two): string | undefined {
  const { ground, names, foreignIds, secrets, kept } = state;
  const sent = said(asked);
  const own = tenantsOwn(
    `${JSON.stringify(foreign.headers)}\n${foreign.text}`,
    ground.marks.foreign,
    foreignIds,
    secrets,
  );
  const foreigners = own.filter((value) => !sent.includes(value) && !kept.has(value));
  if (foreigners.length > 0) return `shows ${[...new Set(foreigners)].slice(0, 5).join(', ')}`;
  const [first, second] = [seen(foreign, asked, names[0]), seen(unknown, askedNobody, names[1])];
  return first === second ? undefined : difference(first, second);
}

/** What the first tenant was given stays in it: in its rows, its history and its provisioning log. */
function keep({ ground, foreignIds, secrets, kept }: State, asked: Asked): void {
  for (const value of tenantsOwn(said(asked), ground.marks.foreign, foreignIds, secrets)) kept.add(value);
}

function difference(first: string, second: string): string {
  const at = [...first].findIndex((letter, place) => letter !== second[place]);
  const from = Math.max(0, at - 60);
  return `differs: …${first.slice(from, from + 240)}… from …${second.slice(from, from + 240)}…`;
}

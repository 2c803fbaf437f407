// Compares what a witness tells with the organisation: every mapped attribute, manager and membership, both ways.
import { type Group, isEnabled, type Person } from '../organisation/organisation.js';
import { managerIdOf, memberIdsOf } from '../cycle/references.js';
import { type State } from '../cycle/state.js';
import { MAPPINGS, mappedValues } from '../scim/mapping.js';
import { type Difference, type Verdict, type Witness } from './difference.js';
import { type ShownGroup, type ShownPerson, type Testimony } from './shown.js';

/** Reads everything and compares it. */
export async function compare(
  state: State,
  witness: Witness,
  testimony: Testimony,
  read: () => void = () => undefined,
): Promise<Verdict> {
  const started = performance.now();
  const source: Source = { state, byId: peopleById(state), testimony, read };
  const people = await comparePeople(source);
  const groups = await compareGroups(source);
  return {
    witness,
    people: people.read,
    groups: groups.read,
    memberships: groups.memberships,
    others: people.others + groups.others,
    differences: [...people.differences, ...groups.differences],
    seconds: (performance.now() - started) / 1000,
  };
}

interface Source {
  readonly state: State;
  /** People of the organisation by their ids at the service. */
  readonly byId: ReadonlyMap<string, Person>;
  readonly testimony: Testimony;
  /** Told of each person and group. */
  readonly read: () => void;
}

const peopleById = ({ organisation, links }: State): ReadonlyMap<string, Person> =>
  new Map(
    [...organisation.people.values()].flatMap((person): [string, Person][] => {
      const link = links.get(person.objectId);
      return link ? [[link.id, person]] : [];
    }),
  );

async function comparePeople(source: Source) {
  const differences: Difference[] = [];
  const counted = { read: 0, others: 0 };
  const missing = new Set(source.byId.keys());
  for await (const shown of source.testimony.people) {
    const person = source.byId.get(shown.id);
    source.read();
    counted.read += 1;
    if (person && missing.delete(shown.id)) differences.push(...personDifferences(source, person, shown));
    // Whoever has no externalId was never provisioned.
    else if (shown.externalId === undefined) counted.others += 1;
    else differences.push({ kind: 'extra', what: 'person', name: shown.name });
  }
  return { ...counted, differences: [...missingPeople(source, missing), ...differences] };
}

/** Who should be there and is not: never made, or gone again. */
function missingPeople({ state, byId }: Source, notShown: ReadonlySet<string>): readonly Difference[] {
  const { organisation, links, failing } = state;
  const never = [...organisation.people.values()].filter((person) => isEnabled(person) && !links.has(person.objectId));
  const gone = [...notShown].flatMap((id) => byId.get(id) ?? []);
  return [...never, ...gone].map(({ objectId, userPrincipalName: name }) => {
    const why = failing.get(objectId)?.detail;
    return { kind: 'missing', what: 'person', name, ...(why === undefined ? {} : { why }) };
  });
}

async function compareGroups(source: Source) {
  const { organisation, groupLinks, failing } = source.state;
  const differences: Difference[] = [];
  const counted = { read: 0, memberships: 0, others: 0 };
  const objectIds = new Map([...groupLinks].map(([objectId, { id }]) => [id, objectId]));
  const missing = new Map(organisation.groups);
  for await (const shown of source.testimony.groups) {
    source.read();
    const group = missing.get(objectIds.get(shown.id) ?? '');
    counted.read += 1;
    counted.memberships += shown.members.size;
    if (group) differences.push(...groupDifferences(source, group, shown));
    else if (shown.externalId === undefined) counted.others += 1;
    else differences.push({ kind: 'extra', what: 'group', name: shown.displayName });
    if (group) missing.delete(group.objectId);
  }
  const absent = [...missing.values()].map(({ objectId, displayName: name }): Difference => {
    const why = failing.get(objectId)?.detail;
    return { kind: 'missing', what: 'group', name, ...(why === undefined ? {} : { why }) };
  });
  return { ...counted, differences: [...absent, ...differences] };
}

function personDifferences(source: Source, person: Person, shown: ShownPerson): Difference[] {
  const kept = new Set(source.state.links.get(person.objectId)?.kept);
  const wanted = mappedValues(person);
  const different = (attribute: string, expected: unknown, found: unknown): Difference[] =>
    expected === found
      ? []
      : [{ kind: 'different', what: 'person', name: person.userPrincipalName, attribute, ...told(expected, found) }];
  const attributes = MAPPINGS.filter(
    ({ path }) => source.testimony.tells(path) && (wanted.has(path) || !kept.has(path)),
  );
  return [
    ...attributes.flatMap(({ path }) => different(path, wanted.get(path), shown.values.get(path))),
    ...different('manager', expectedManager(source, person), shown.manager),
  ];
}

/** Nothing more is written about somebody who is disabled: the manager of then stays. */
function expectedManager({ state, byId, testimony }: Source, person: Person): string | undefined {
  const wanted = isEnabled(person) ? managerIdOf(state, person) : state.links.get(person.objectId)?.manager;
  if (wanted === undefined || testimony.tellsUnresolved) return wanted;
  return byId.has(wanted) ? wanted : undefined;
}

const told = (expected: unknown, found: unknown) => ({ expected: inWords(expected), shown: inWords(found) });

const inWords = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function groupDifferences({ state, byId }: Source, group: Group, shown: ShownGroup): Difference[] {
  const name = group.displayName;
  const wanted = memberIdsOf(state, group.members);
  const member =
    (kind: 'missing' | 'extra') =>
    (id: string): Difference => ({
      kind,
      what: 'member',
      name: `${byId.get(id)?.userPrincipalName ?? id} in ${name}`,
    });
  const attribute = (of: string, expected: string, found: string | undefined): Difference[] =>
    expected === found ? [] : [{ kind: 'different', what: 'group', name, attribute: of, ...told(expected, found) }];
  return [
    ...attribute('displayName', name, shown.displayName),
    ...attribute('externalId', group.objectId, shown.externalId),
    ...[...wanted].filter((id) => !shown.members.has(id)).map(member('missing')),
    ...[...shown.members].filter((id) => !wanted.has(id)).map(member('extra')),
  ];
}

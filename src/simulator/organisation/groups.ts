// Security groups: by department, by place, by role, and projects whose sizes follow Zipf's law.
import { type Random } from '../random.js';
import { type Group, type GroupRule, isRuled, type Person } from './organisation.js';
import { DIVISIONS, PROJECTS, ROLES } from './words.js';

/** So many groups; members are people who are there now. */
export function drawGroups(count: number, people: readonly Person[], random: Random): Map<string, Group> {
  const ruled = rules(people).slice(0, Math.floor(count / 2));
  const groups = ruled.map((rule) => ruledGroup(rule, people, random));
  const names = new Set(groups.map(({ displayName }) => displayName));
  for (let rank = 1; groups.length < count; rank += 1) groups.push(projectGroup(names, rank, people, random));
  return new Map(groups.map((group) => [group.objectId, group]));
}

/** Departments, places and roles in turns, so that a few groups are some of each. */
function rules(people: readonly Person[]): readonly GroupRule[] {
  const departments = DIVISIONS.flatMap((division) => division.departments);
  const places = [...new Set(people.flatMap(({ physicalDeliveryOfficeName: place }) => place ?? []))].sort();
  const lists: readonly GroupRule[][] = [
    departments.map((value) => ({ by: 'department', value })),
    places.map((value) => ({ by: 'place', value })),
    ROLES.map((value) => ({ by: 'role', value })),
  ];
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list[n] ?? [])).flat();
}

const TITLES = { department: 'Afdeling', place: 'Standort', role: 'Role' } as const;

const ruledGroup = (rule: GroupRule, people: readonly Person[], random: Random): Group => ({
  objectId: random.uuid(),
  displayName: `${TITLES[rule.by]} ${rule.value}`,
  rule,
  members: new Set(people.filter((person) => isRuled(rule, person)).map(({ objectId }) => objectId)),
});

/** The largest project takes a third of everybody, the second half of that, the third a third of it, and so on. */
export function projectGroup(names: Set<string>, rank: number, people: readonly Person[], random: Random): Group {
  const size = Math.max(1, Math.round(people.length / 3 / rank));
  const members = random.sample(people, size).map(({ objectId }) => objectId);
  return { objectId: random.uuid(), displayName: unusedName(names, random), members: new Set(members) };
}

/** Entra allows two groups of one name, but the second would match the first at the service. */
function unusedName(names: Set<string>, random: Random): string {
  const name = `Project “${random.pick(PROJECTS)}”`;
  let free = name;
  for (let n = 2; names.has(free.toLowerCase()); n += 1) free = `${name} ${n}`;
  names.add(free.toLowerCase());
  return free;
}

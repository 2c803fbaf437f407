// What is asked in the benchmark of GraphQL, and how long it may take. Number 1 is above everybody, half of all people
// report to number 2, and Team 0 is everybody.

export interface Question {
  readonly name: string;
  readonly query: string;
  /** The most the median may be, in milliseconds. */
  readonly mostMs?: number;
  /** What the answer must have, at this path. */
  readonly expected: (people: number) => readonly [path: string, value: unknown];
}

const one = (n: number, fields: string) => `{ user(by: { employeeNumber: "E-${n}" }) { ${fields} } }`;
const NAMES = 'nodes { displayName department }';

export const QUESTIONS: readonly Question[] = [
  {
    name: 'reportsTo, everybody, counted',
    query: '{ users(where: { reportsTo: { employeeNumber: "E-1" } }) { totalCount } }',
    mostMs: 300,
    expected: (people) => ['users.totalCount', people - 1],
  },
  {
    name: 'reportsTo, everybody, first 50 by name',
    query: `{ users(where: { reportsTo: { employeeNumber: "E-1" } }) { ${NAMES} } }`,
    mostMs: 300,
    expected: () => ['users.nodes.length', 50],
  },
  {
    name: 'reportsTo, a hundred people',
    query: `{ users(where: { reportsTo: { employeeNumber: "E-50" } }) { totalCount ${NAMES} } }`,
    expected: () => ['users.nodes.length', 50],
  },
  {
    name: 'span of everybody',
    query: one(1, 'span { direct total depth }'),
    mostMs: 300,
    expected: (people) => ['user.span.total', people - 1],
  },
  {
    name: 'headcount by department',
    query: '{ analytics { headcount(by: [DEPARTMENT]) { total rows { people } } } }',
    mostMs: 300,
    expected: (people) => ['analytics.headcount.total', people],
  },
  {
    name: 'headcount by department and status',
    query: '{ analytics { headcount(by: [DEPARTMENT, STATUS]) { total rows { people } } } }',
    mostMs: 300,
    expected: (people) => ['analytics.headcount.total', people],
  },
  {
    name: 'span of a page of 100 people',
    query: '{ users(first: 100) { nodes { displayName span { direct total depth } } } }',
    mostMs: 300,
    expected: () => ['users.nodes.length', 100],
  },
  {
    name: 'managerChain of a page of 100 people',
    query: '{ users(first: 100) { nodes { displayName managerChain { cycle nodes { displayName } } } } }',
    expected: () => ['users.nodes.length', 100],
  },
  {
    name: 'allReports of everybody, first 50 by name',
    query: one(1, `allReports { ${NAMES} }`),
    expected: () => ['user.allReports.nodes.length', 50],
  },
  {
    name: 'search, two words',
    query: `{ users(search: "ruben vis") { ${NAMES} } }`,
    expected: () => ['users.nodes.length', 50],
  },
  {
    name: 'search, one letter',
    query: `{ users(search: "r") { ${NAMES} } }`,
    expected: () => ['users.nodes.length', 50],
  },
  {
    name: 'search, one person',
    query: `{ users(search: "4711@wer") { ${NAMES} } }`,
    expected: () => ['users.nodes.length', 1],
  },
  {
    name: 'people of a manager',
    query: `{ users(where: { manager: { employeeNumber: { eq: "E-50" } } }) { ${NAMES} } }`,
    expected: () => ['users.nodes.length', 10],
  },
  {
    name: 'people of a group',
    query: `{ users(where: { groups: { some: { displayName: { eq: "Team 7" } } } }) { ${NAMES} } }`,
    expected: (people) => ['users.nodes.length', Math.min(50, people / 1000)],
  },
  {
    name: 'people of no such group',
    query: `{ users(where: { groups: { none: { displayName: { eq: "Team 7" } } } }) { ${NAMES} } }`,
    expected: () => ['users.nodes.length', 50],
  },
  {
    name: 'groups of a person',
    query: '{ groups(where: { members: { some: { employeeNumber: { eq: "E-50" } } } }) { nodes { displayName } } }',
    expected: () => ['groups.nodes.length', 2],
  },
  {
    name: 'empty groups',
    query: '{ groups(where: { isEmpty: true }) { totalCount } }',
    expected: () => ['groups.totalCount', 0],
  },
  {
    name: 'people whose manager is not known',
    query: '{ users(where: { unresolvedManager: true }) { totalCount } }',
    expected: () => ['users.totalCount', 0],
  },
];

/** A list that is walked page by page: its last pages must cost what its first ones do. */
export interface Walk {
  readonly name: string;
  /** With `$after`; the page is at `path`. */
  readonly query: string;
  readonly path: readonly string[];
}

const PAGE = 'nodes { displayName } pageInfo { endCursor hasNextPage }';
export const WALKS: readonly Walk[] = [
  {
    name: 'half of all people, who report to one, by name',
    query: `query ($after: String) { user(by: { employeeNumber: "E-2" }) { directReports(first: 200, after: $after) { ${PAGE} } } }`,
    path: ['user', 'directReports'],
  },
  {
    name: 'everybody in a group',
    query: `query ($after: String) { group(by: { displayName: "Team 0" }) { members(first: 200, after: $after) { ${PAGE} edges { addedAt } } } }`,
    path: ['group', 'members'],
  },
];

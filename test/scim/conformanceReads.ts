// What type, caseExact and returned of an attribute promise, asked of the service: filters and projections.
import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { holders, valuesIn } from './exampleValues.js';
import { type Subject, isInExtension, leafOf, nameOf, spellings } from './publishedAttributes.js';
import { type Scene } from './scene.js';
import { without } from './sampleFiles.js';
import { together } from './together.js';

const IN_ORDER = ['gt', 'ge', 'lt', 'le'] as const;
const OF_TEXT = ['co', 'sw', 'ew'] as const;
const EQUAL = ['eq', 'ne'] as const;
type Operator = (typeof IN_ORDER)[number] | (typeof OF_TEXT)[number] | (typeof EQUAL)[number];

/** The operators of RFC 7644 table 3 that suit the type. */
function suited({ sub, attribute }: Subject): readonly Operator[] {
  const { name, type } = sub ?? attribute;
  // Only the end of an address is kept, so only a whole one can be compared.
  if (name === '$ref' || name === 'location') return EQUAL;
  switch (type) {
    case 'boolean':
    case 'binary':
      return EQUAL;
    case 'dateTime':
      return [...EQUAL, ...IN_ORDER];
    default:
      return [...EQUAL, ...IN_ORDER, ...OF_TEXT];
  }
}

/** Every operator that suits the type finds exactly the right ones of three resources; every other is refused. */
export async function expectFound(scene: Scene, subject: Subject): Promise<void> {
  const resources = await holders(scene, subject);
  const compared = comparedBy(subject);
  await together(questions(subject, compared, resources), async ([filter, isRight]) => {
    const right = resources.filter(isRight).map(({ id }) => id as string);
    expect(await find(scene, subject, filter, resources), filter).to.have.members(right);
  });
  if (compared) await expectFoundAmongAll(scene, subject, compared, resources);
  await together(unsuited(subject, compared), (filter) => expectRefused(scene, subject, filter));
}

type Question = readonly [filter: string, isRight: (resource: Json) => boolean];

function questions(subject: Subject, compared: Subject | undefined, resources: readonly Json[]): Question[] {
  const path = nameOf(subject);
  const isPresent = (one: Json) => valuesIn(subject, one).length > 0;
  const presence: Question[] = [
    [`${path} pr`, isPresent],
    [`not (${path} pr)`, (one) => !isPresent(one)],
    [`${path} eq null`, (one) => !isPresent(one)],
  ];
  if (!compared) return presence;
  const comparisons = suited(compared).flatMap((operator) =>
    askedFor(operator, compared, resources).flatMap((asked, at) =>
      (operator === 'eq' && at === 0 ? spellings(subject, path) : [path]).map((spelling): Question => [
        `${spelling} ${operator} ${JSON.stringify(asked)}`,
        (one) => satisfies(valuesIn(compared, one), operator, asked, compared),
      ]),
    ),
  );
  return [...presence, ...comparisons];
}

/** A complex attribute is compared by its `value`; undefined where it has none. */
function comparedBy(subject: Subject): Subject | undefined {
  const { attribute, sub } = subject;
  if (sub || attribute.type !== 'complex') return subject;
  const value = attribute.subAttributes?.find(({ name }) => name === 'value');
  return value && { ...subject, sub: value };
}

/** What to ask for with an operator: of the first value that is there, and for `eq` in another case too. */
function askedFor(operator: Operator, subject: Subject, resources: readonly Json[]): unknown[] {
  const value = resources.flatMap((one) => valuesIn(subject, one))[0];
  if (typeof value !== 'string') return [value];
  const middle = value.length >> 1;
  switch (operator) {
    case 'eq':
      return leafOf(subject).type === 'dateTime' ? [value] : [value, swapped(value), `${value} `];
    case 'co':
      return [value.slice(1, -1), swapped(value.slice(1, -1))];
    case 'sw':
      return [value.slice(0, middle), swapped(value.slice(0, middle))];
    case 'ew':
      return [value.slice(middle), swapped(value.slice(middle))];
    default:
      return [value];
  }
}

const swapped = (text: string): string =>
  text.replace(/[a-z]+|[A-Z]+/g, (part) => (/[a-z]/.test(part) ? part.toUpperCase() : part.toLowerCase()));

/** RFC 7644 table 3, for what these resources hold. */
function satisfies(values: readonly unknown[], operator: Operator, asked: unknown, subject: Subject): boolean {
  if (operator === 'ne') return !satisfies(values, 'eq', asked, subject);
  const { type, caseExact } = leafOf(subject);
  const comparable = (value: unknown) => {
    if (typeof value !== 'string') return String(value);
    if (type === 'dateTime') return new Date(value).toISOString();
    return caseExact ? value : value.toLowerCase();
  };
  const right = comparable(asked);
  return values.map(comparable).some((left) => {
    switch (operator) {
      case 'eq':
        return left === right;
      case 'gt':
        return left > right;
      case 'ge':
        return left >= right;
      case 'lt':
        return left < right;
      case 'le':
        return left <= right;
      case 'co':
        return left.includes(right);
      case 'sw':
        return left.startsWith(right);
      case 'ew':
        return left.endsWith(right);
    }
  });
}

/** A value that only one resource of the tenant has finds that one, without a hint at its id. */
async function expectFoundAmongAll(scene: Scene, subject: Subject, compared: Subject, resources: readonly Json[]) {
  const values = resources.map((one) => valuesIn(compared, one)[0]);
  const [value] = values;
  if (typeof value !== 'string' || !/[0-9a-f]{10}|[0-9a-f]{12}$/.test(value)) return;
  if (values.filter((one) => one === value).length > 1) return;
  const filter = encodeURIComponent(`${nameOf(subject)} eq ${JSON.stringify(value)}`);
  const { Resources } = await scene.get(`${subject.endpoint}?filter=${filter}`);
  expect(Resources, `${nameOf(subject)} eq ${value}`).to.deep.equal([
    await scene.get(`${subject.endpoint}/${resources[0]?.id}`),
  ]);
}

/** Filters that do not suit the type: operators and literals of other types. */
function unsuited(subject: Subject, compared: Subject | undefined): string[] {
  const path = nameOf(subject);
  if (!compared) return [`${path} eq "x"`];
  const { type } = leafOf(compared);
  const literal = JSON.stringify({ boolean: true, dateTime: '2020-01-01T00:00:00Z' }[type] ?? 'x');
  const operators = [...IN_ORDER, ...OF_TEXT].filter((operator) => !suited(compared).includes(operator));
  const literals = [...(WRONG[type] ?? ['true', '1']), 'unquoted', "'x'", ''];
  return [
    ...operators.map((operator) => `${path} ${operator} ${literal}`),
    ...literals.map((wrong) => `${path} eq ${wrong}`),
    `${path} gt null`,
  ];
}

const WRONG: Readonly<Record<string, readonly string[]>> = {
  boolean: ['"true"', '1'],
  dateTime: ['true', '"x"', '"2021-02-30T00:00:00Z"'],
};

async function expectRefused(scene: Scene, { endpoint }: Subject, filter: string): Promise<void> {
  const answer = await scene.scim('GET', `${endpoint}?filter=${encodeURIComponent(filter)}`);
  expect([answer.status, answer.body.scimType], filter).to.deep.equal([400, 'invalidFilter']);
}

/** The ids of those of the resources that the filter finds. */
async function find(scene: Scene, { endpoint }: Subject, filter: string, among: readonly Json[]): Promise<string[]> {
  const ids = among.map(({ id }) => `id eq "${id}"`).join(' or ');
  const query = encodeURIComponent(`(${filter}) and (${ids})`);
  const { Resources } = await scene.get(`${endpoint}?filter=${query}&attributes=id`);
  return (Resources as readonly Json[]).map(({ id }) => id as string);
}

/** attributes and excludedAttributes show and hide it, however it is spelled: RFC 7644 section 3.9. */
export async function expectProjected(scene: Scene, subject: Subject): Promise<void> {
  const [{ id }] = (await holders(scene, subject)) as [Json];
  const whole = await scene.get(`${subject.endpoint}/${id}`);
  const { returned } = leafOf(subject);
  expect(returned).to.be.oneOf(['always', 'default']);
  const isAlways = returned === 'always';
  const shown = only(subject, whole);
  const hidden = isAlways ? whole : except(subject, whole);
  const neither = isAlways ? shown : { id, schemas: whole.schemas };
  const one = encodeURIComponent(`id eq "${id}"`);
  await together(spellings(subject, nameOf(subject)).map(encodeURIComponent), async (spelling) => {
    const [attributes, excluded] = [`attributes=${spelling}`, `excludedAttributes=${spelling}`];
    for (const [query, expected] of [
      [attributes, shown],
      [excluded, hidden],
      [`${attributes}&${excluded}`, neither],
    ] as const) {
      expect(await scene.get(`${subject.endpoint}/${id}?${query}`), query).to.deep.equal(expected);
      const list = await scene.get(`${subject.endpoint}?filter=${one}&${query}`);
      expect(list.Resources, `a list with ${query}`).to.deep.equal([expected]);
    }
  });
}

function only(subject: Subject, whole: Json): Json {
  const { attribute, sub } = subject;
  const parts = sub && partsOf(subject, whole, (name) => name === sub.name);
  const value = sub ? parts : holderOf(subject, whole)[attribute.name];
  const shown = { id: whole.id, schemas: whole.schemas };
  return {
    ...shown,
    ...(isInExtension(subject) ? { [ENTERPRISE_USER]: { [attribute.name]: value } } : { [attribute.name]: value }),
  };
}

function except(subject: Subject, whole: Json): Json {
  const { attribute, sub } = subject;
  const parts = sub && partsOf(subject, whole, (name) => name !== sub.name);
  const others = without(holderOf(subject, whole), attribute.name);
  // A value of which nothing is left is unassigned: RFC 7643 section 2.5.
  const isLeft = parts !== undefined && Object.keys(parts).length > 0;
  const left = isLeft ? { ...others, [attribute.name]: parts } : others;
  if (!isInExtension(subject)) return left;
  const core = without(whole, ENTERPRISE_USER);
  return Object.keys(left).length > 0 ? { ...core, [ENTERPRISE_USER]: left } : core;
}

const holderOf = (subject: Subject, whole: Json): Json => (isInExtension(subject) ? whole[ENTERPRISE_USER] : whole);

/** The complex value with some of its sub-attributes. */
function partsOf(subject: Subject, whole: Json, isKept: (name: string) => boolean): Json {
  const kept = (value: object) => Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name)));
  const value = holderOf(subject, whole)[subject.attribute.name];
  return Array.isArray(value) ? value.map((element: object) => kept(element)) : kept(value as object);
}

// Three tenants with the same awkward people and groups, and each with some random ones of its own: what is found in
// one must never come from another.
import { expect } from 'chai';
import fc from 'fast-check';
import { CORE_USER, ENTERPRISE_USER as enterprise } from '../support/builders.js';
import { SEED } from '../support/property.js';
import { aScene, type Scene } from '../scim/scene.js';
import { AWKWARD } from './asked/values.js';
import { isObject, type Json } from './reading/tree.js';
import { type Attribute, type Vocabulary, vocabularyOf } from './reading/vocabulary.js';
import { sampleGroups, samplePeople } from './samples.js';

/** What a filter can be asked of: a type of resources, and what each tenant has of it. */
export interface Question {
  readonly words: Vocabulary;
  readonly tenants: readonly Inhabited[];
  /** Those of all tenants. */
  readonly resources: readonly Json[];
}

export interface Inhabited {
  readonly scene: Scene;
  /** As the server returns them. */
  readonly resources: readonly Json[];
}

export interface Population {
  readonly users: Question;
  readonly groups: Question;
}

const TENANTS = 3;
const STRANGERS = 24;

const made: { population?: Promise<Population> } = {};

/** The population of this run. */
export const thePopulation = (): Promise<Population> => (made.population ??= populate());

async function populate(): Promise<Population> {
  const scenes = await Promise.all(Array.from({ length: TENANTS }, () => aScene({ compatibility: 'RFC' })));
  const [first] = scenes;
  if (!first) throw new Error('there is no tenant');
  const documents = (await first.get('/Schemas')).Resources as readonly Json[];
  const question = async (words: Vocabulary): Promise<Question> => {
    const tenants = await Promise.all(
      scenes.map(async (scene) => ({ scene, resources: (await scene.get(`${words.endpoint}?count=1000`)).Resources })),
    );
    return { words, tenants, resources: tenants.flatMap(({ resources }) => resources as readonly Json[]) };
  };
  const words = vocabularyOf('User', documents);
  await Promise.all(scenes.map((scene, at) => settle(scene, [...samplePeople, ...strangers(words, SEED + at)])));
  return { users: await question(words), groups: await question(vocabularyOf('Group', documents)) };
}

/** Creates people and groups, people of SpeakUp's own, and one who is deleted again. */
async function settle(scene: Scene, people: readonly Json[]): Promise<void> {
  const ids = await Promise.all(people.map(async (person) => (await scene.person(withoutPlaces(person))).id as string));
  const idOf = (place: string) => ids[Number(place.slice(1))];
  for (const [at, person] of people.entries()) {
    const place = managerOf(person);
    if (!place?.startsWith('#')) continue;
    const value = { value: idOf(place) };
    const answer = await scene.patch(`/Users/${ids[at]}`, { op: 'add', path: `${enterprise}:manager`, value });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  }
  for (const group of sampleGroups) {
    const members = (group.members ?? []) as readonly { value: string }[];
    await scene.group([], { ...group, members: members.map(({ value }) => ({ value: idOf(value) })) });
  }
  await scene.localPerson({ userName: 'local', title: 'Engineer', displayName: 'Mara Vos' });
  const gone = await scene.person({
    userName: 'gone',
    title: 'Engineer',
    [enterprise]: { manager: { value: ids[0] } },
  });
  expect((await scene.scim('DELETE', `/Users/${gone.id}`)).status).to.equal(204);
}

function managerOf(person: Json): string | undefined {
  const employee = person[enterprise];
  const manager = isObject(employee) ? employee.manager : undefined;
  return isObject(manager) ? String(manager.value) : undefined;
}

/** Whoever is named by a place in the list is not there yet. */
function withoutPlaces(person: Json): Json {
  const employee = person[enterprise];
  const defaults = { emails: undefined, active: undefined, ...person };
  if (!isObject(employee) || !managerOf(person)?.startsWith('#')) return defaults;
  return { ...defaults, [enterprise]: { ...employee, manager: undefined } };
}

/** Random people with values that people do not have: any attribute a client may write, any text. */
function strangers(words: Vocabulary, seed: number): readonly Json[] {
  const writable = ({ mutability }: Attribute) => mutability !== 'readOnly';
  const [core, ...extensions] = words.schemas.map(({ urn, attributes }) => ({
    urn,
    // Who a person is compared with another by must be unique, who manages whom is arranged above.
    record: record(attributes.filter((one) => writable(one) && !['userName', 'schemas', 'manager'].includes(one.name))),
  }));
  const person = fc.tuple(core?.record ?? fc.constant<Json>({}), ...extensions.map(({ record }) => record));
  return fc.sample(person, { numRuns: STRANGERS, seed }).map(([own, ...more], at) => ({
    ...own,
    schemas: [CORE_USER, ...extensions.map(({ urn }) => urn)],
    userName: `${typeof own.nickName === 'string' ? own.nickName : ''}stranger ${at}`,
    emails: [
      ...((own.emails ?? []) as readonly unknown[]),
      { type: 'WORK', value: `stranger${at}@${at}.example`, primary: true },
    ],
    ...Object.fromEntries(more.map((values, place) => [extensions[place]?.urn, values])),
  }));
}

function record(attributes: readonly Attribute[]): fc.Arbitrary<Json> {
  const chosen = attributes.map((one) => fc.option(value(one), { freq: 1, nil: undefined }));
  return fc
    .tuple(...chosen)
    .map((values) =>
      Object.fromEntries(values.flatMap((one, at) => (one === undefined ? [] : [[attributes[at]?.name, one]]))),
    );
}

function value(attribute: Attribute): fc.Arbitrary<unknown> {
  const { subAttributes, multiValued } = attribute;
  const single = subAttributes
    ? record(subAttributes.filter(({ mutability }) => mutability !== 'readOnly'))
    : simple(attribute);
  if (!multiValued) return single;
  return fc.array(single, { minLength: 1, maxLength: 3 }).map((elements) => elements.map(unpreferred));
}

/** One value at most is to be preferred, and the address that is comes last. */
const unpreferred = (element: unknown): unknown =>
  isObject(element) && element.primary === true ? { ...element, primary: false } : element;

function simple({ type, name }: Attribute): fc.Arbitrary<unknown> {
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'binary':
      return fc.constantFrom('TUlJ', 'tulj', 'MIIC', '');
    case 'reference':
      return fc.constantFrom('https://example.org/%41', 'https://example.org/a_b', 'https://EXAMPLE.org/a%5Fb');
    default:
      // A type is short, so that two elements often have the same.
      return fc.oneof(
        fc.constantFrom(...(name === 'type' ? ['work', 'Work', 'home'] : AWKWARD)),
        fc.array(fc.constantFrom(...AWKWARD), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replaceAll('\0', '')),
      );
  }
}

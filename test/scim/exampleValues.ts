// Values for an attribute that a client could send, and resources that have them: two different ones, and nothing.
import { expect } from 'chai';
import { aGroup, CORE_USER, ENTERPRISE_USER, unique } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { type Published, type Subject, isInExtension, leafOf, spelled } from './publishedAttributes.js';
import { type Scene } from './scene.js';

/** Two values that suit the subject. */
export async function twoValues(scene: Scene, { attribute, sub }: Subject): Promise<readonly [unknown, unknown]> {
  if (!sub && attribute.subAttributes) {
    const first = await complexValue(scene, attribute, 0);
    const second = await complexValue(scene, attribute, 1);
    return attribute.multiValued ? [[first], [second]] : [first, second];
  }
  return [await plainValue(scene, attribute, sub, 0), await plainValue(scene, attribute, sub, 1)];
}

type Which = 0 | 1;

async function complexValue(scene: Scene, attribute: Published, which: Which): Promise<Json> {
  const subs = (attribute.subAttributes ?? []).filter((sub) => isSent(sub));
  const parts: [string, unknown][] = [];
  for (const sub of subs) parts.push([sub.name, await plainValue(scene, attribute, sub, which)]);
  return Object.fromEntries(parts);
}

async function plainValue(scene: Scene, attribute: Published, sub: Published | undefined, which: Which) {
  const { name, type, canonicalValues = [] } = sub ?? attribute;
  if (sub?.name === 'value' && isReference(attribute)) return (await scene.person()).id as unknown;
  if (sub?.name === '$ref') return (await scene.person()).meta.location as unknown;
  const canonical = canonicalValues[which];
  if (canonical !== undefined) return canonical;
  const text = `${which === 0 ? 'Aa' : 'Bb'} ${unique()} ${which === 0 ? 'Yy' : 'Zz'}`;
  switch (type) {
    case 'boolean':
      // A person is active unless told otherwise.
      return (which === 0) !== (name === 'active');
    case 'binary':
      return Buffer.from(text).toString('base64');
    case 'reference':
      return `https://Www.example/${text.replaceAll(' ', '-')}`;
    default:
      return text;
  }
}

/** What a client sends of a complex value: neither what is read-only nor what follows from `value`. */
export const isSent = ({ name, mutability }: Published): boolean =>
  name === 'value' || (mutability === 'readWrite' && name !== '$ref');

/** A value that is the id of a resource. */
const isReference = ({ subAttributes = [] }: Published): boolean => subAttributes.some(({ name }) => name === '$ref');

/** The sub-attribute by which a path selects an element when another one is written. `value` may have to be unique. */
function selector({ attribute, sub }: Subject): string {
  const others = (attribute.subAttributes ?? []).map(({ name }) => name).filter((name) => name !== sub?.name);
  return ['type', 'display', 'formatted'].find((name) => others.includes(name)) ?? '';
}

const MARK = 'Mark';

/** The part of a body that gives the subject a value; without one, only what a path needs to find its place. */
export function bodyWith(subject: Subject, value?: unknown): Json {
  const { attribute, sub } = subject;
  const part = sub && value !== undefined ? { [sub.name]: value } : {};
  const element = sub && attribute.multiValued ? { [selector(subject)]: MARK, ...part } : part;
  const whole = sub ? (attribute.multiValued ? [element] : element) : value;
  if (whole === undefined) return {};
  return isInExtension(subject) ? { [ENTERPRISE_USER]: { [attribute.name]: whole } } : { [attribute.name]: whole };
}

/** The path of the subject in a PATCH: of one element where there are several. */
export const patchPath = (subject: Subject): string =>
  spelled(subject, (name) =>
    subject.sub && subject.attribute.multiValued ? `${name}[${selector(subject)} eq "${MARK}"]` : name,
  );

/** The value of the top attribute in a resource. */
export const attributeIn = (subject: Subject, resource: Json): Json =>
  (isInExtension(subject) ? resource[ENTERPRISE_USER] : resource)?.[subject.attribute.name];

/** All values of the subject in a resource: none, one, or one for each element. */
export function valuesIn(subject: Subject, resource: Json): unknown[] {
  const top = attributeIn(subject, resource);
  const { sub } = subject;
  const elements: Json[] = Array.isArray(top) ? top : top === undefined ? [] : [top];
  return sub ? elements.map((element) => element[sub.name]).filter((value) => value !== undefined) : elements;
}

/** The value as a client sends it, without what the service adds; undefined where there is none. */
export function sentValueIn(subject: Subject, resource: Json): unknown {
  const values = valuesIn(subject, resource);
  if (values.length === 0) return undefined;
  const { subAttributes, multiValued } = leafOf(subject);
  const sent = values.map((value) =>
    subAttributes
      ? Object.fromEntries(
          subAttributes
            .filter(isSent)
            .flatMap(({ name }) => (name in (value as Json) ? [[name, (value as Json)[name]]] : [])),
        )
      : value,
  );
  return multiValued ? sent : sent[0];
}

/** Creates a resource of the subject's type. */
export async function create(scene: Scene, { endpoint }: Subject, given: Json = {}): Promise<Json> {
  const body = bareBody(endpoint, given);
  const answer = await scene.scim('POST', endpoint, body);
  expect(answer.status, `POST ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`).to.equal(201);
  return answer.body;
}

/** A body with only what is required, and what is given. */
export const bareBody = (endpoint: Subject['endpoint'], given: Json = {}): Json =>
  endpoint === '/Groups'
    ? aGroup(given)
    : {
        schemas: ENTERPRISE_USER in given ? [CORE_USER, ENTERPRISE_USER] : [CORE_USER],
        userName: `Somebody ${unique()}`,
        ...given,
      };

/** Three resources: two with different values of the subject (where it can have them), one without. */
export async function holders(scene: Scene, subject: Subject): Promise<readonly Json[]> {
  const { endpoint, attribute } = subject;
  const people = async () => [
    await scene.person({ displayName: `Aa ${unique()}`, userName: `Aa ${unique()}` }),
    await scene.person({ displayName: `Bb ${unique()}`, userName: `Bb ${unique()}` }),
  ];
  const made: Json[] = [];
  if (attribute.name === 'groups') {
    for (const person of await people()) {
      await scene.group([person.id], { displayName: person.displayName });
      made.push(await scene.get(`/Users/${person.id}`));
    }
  } else if (isReference(attribute)) {
    for (const { id } of await people()) {
      const value = attribute.multiValued ? [{ value: id }] : { value: id };
      made.push(await create(scene, subject, bodyWith({ ...subject, sub: undefined }, value)));
    }
  } else if (attribute.mutability === 'readOnly') {
    made.push(await create(scene, subject), await create(scene, subject));
  } else {
    for (const value of await twoValues(scene, subject))
      made.push(await create(scene, subject, bodyWith(subject, value)));
  }
  return [...made, await scene.get(`${endpoint}/${(await create(scene, subject)).id}`)];
}

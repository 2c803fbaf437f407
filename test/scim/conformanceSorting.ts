// What type and caseExact of an attribute promise to a sorted list: RFC 7644 section 3.4.2.3.
import { expect } from 'chai';
import { type Json } from '../support/tenant.js';
import { attributeIn, holders } from './exampleValues.js';
import { type Subject, leafOf, nameOf, spellings } from './publishedAttributes.js';
import { type Scene } from './scene.js';
import { together } from './together.js';

/** Three resources come in the order of their values, both ways; what has no single value is refused. */
export async function expectSorted(scene: Scene, subject: Subject): Promise<void> {
  const sorted = sortedBy(subject);
  if (!sorted) {
    const answer = await scene.scim('GET', `${subject.endpoint}?sortBy=${nameOf(subject)}`);
    expect([answer.status, answer.body.scimType], nameOf(subject)).to.deep.equal([400, 'invalidValue']);
    return;
  }
  const resources = await holders(scene, subject);
  const isOfThem = encodeURIComponent(resources.map(({ id }) => `id eq "${id}"`).join(' or '));
  const ascending = [...resources].sort((one, other) => compared(keyOf(sorted, one), keyOf(sorted, other)));
  const ids = ascending.map(({ id }) => id as string);
  await together(spellings(subject, nameOf(subject)), async (spelling) => {
    const list = `${subject.endpoint}?filter=${isOfThem}&sortBy=${encodeURIComponent(spelling)}&attributes=id`;
    for (const [order, expected] of [
      ['ascending', ids],
      ['descending', [...ids].reverse()],
    ] as const) {
      const { Resources } = await scene.get(`${list}&sortOrder=${order}`);
      const found = (Resources as readonly Json[]).map(({ id }) => id as string);
      expect(found, `${spelling} ${order}`).to.deep.equal(expected);
    }
  });
}

/** A complex attribute is sorted by its `value`; undefined where it has none. */
function sortedBy(subject: Subject): Subject | undefined {
  const { attribute, sub } = subject;
  if (sub || attribute.type !== 'complex') return subject;
  const value = attribute.subAttributes?.find(({ name }) => name === 'value');
  return value && { ...subject, sub: value };
}

/** What a resource is sorted by: of several values the primary one, else the first. */
function keyOf(subject: Subject, resource: Json): string | undefined {
  const top = attributeIn(subject, resource);
  const elements: Json[] = Array.isArray(top) ? top : [top];
  const element = elements.find((one) => one?.primary === true) ?? elements[0];
  const value: unknown = subject.sub ? element?.[subject.sub.name] : element;
  if (value === undefined) return undefined;
  const { type, caseExact } = leafOf(subject);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'dateTime') return new Date(text).toISOString();
  return caseExact ? text : text.toLowerCase();
}

/** The unassigned come last; equal ones stay in order of creation. */
function compared(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other ? -1 : 1;
}

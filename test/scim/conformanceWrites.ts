// What the mutability of an attribute promises, asked of the service: POST, PUT and PATCH.
import { expect } from 'chai';
import { type Answer, type Json } from '../support/tenant.js';
import { bareBody, bodyWith, create, holders, patchPath, sentValueIn, twoValues } from './exampleValues.js';
import { type Subject, leafOf, nameOf, spelled, spellings } from './publishedAttributes.js';
import { without } from './sampleFiles.js';
import { expectRefusal, type Scene } from './scene.js';
import { together } from './together.js';

/** Attributes that never become unassigned. */
const ALWAYS_ASSIGNED = ['active'];

/** readWrite: whatever is written is read back, however it is written, and can be taken away again. */
export async function expectWritable(scene: Scene, subject: Subject): Promise<void> {
  await Promise.all([
    expectCreated(scene, subject),
    expectReplaced(scene, subject),
    together(spellings(subject, patchPath(subject)), (path) => expectPatched(scene, subject, path)),
  ]);
  if (subject.sub) return;
  await expectPatchedWithoutPath(scene, subject);
  if (leafOf(subject).required) await expectRequired(scene, subject);
  if (subject.attribute.multiValued) await expectElements(scene, subject);
}

async function expectCreated(scene: Scene, subject: Subject): Promise<void> {
  const [value] = await twoValues(scene, subject);
  const created = await create(scene, subject, bodyWith(subject, value));
  expect(sentValueIn(subject, created), 'created').to.deep.equal(value);
  expect(await scene.get(`${subject.endpoint}/${created.id}`), 'read').to.deep.equal(created);
  if (subject.schema !== undefined) expect(created.schemas, 'schemas').to.include(subject.schema);
}

async function expectReplaced(scene: Scene, subject: Subject): Promise<void> {
  const { endpoint } = subject;
  const [before, after] = await twoValues(scene, subject);
  const created = await create(scene, subject, bodyWith(subject, before));
  const required = endpoint === '/Users' ? { userName: created.userName } : { displayName: created.displayName };
  const put = async (given: Json) => {
    const answer = await scene.scim('PUT', `${endpoint}/${created.id}`, bareBody(endpoint, { ...required, ...given }));
    expect(answer.status, `PUT ${JSON.stringify(answer.body)}`).to.equal(200);
    expect(await scene.get(`${endpoint}/${created.id}`), 'read').to.deep.equal(answer.body);
    return sentValueIn(subject, answer.body);
  };
  expect(await put(bodyWith(subject, after)), 'PUT with another value').to.deep.equal(after);
  if (leafOf(subject).required) return;
  const left = ALWAYS_ASSIGNED.includes(nameOf(subject)) ? after : undefined;
  expect(await put({}), 'PUT without it').to.deep.equal(left);
}

async function expectPatched(scene: Scene, subject: Subject, path: string): Promise<void> {
  const [first, second] = await twoValues(scene, subject);
  const { id } = await create(scene, subject, bodyWith(subject));
  const patched = (op: object) => patch(scene, subject, id, { path, ...op });
  expect(await patched({ op: 'add', value: first }), `add ${path}`).to.deep.equal(first);
  expect(await patched({ op: 'replace', value: second }), `replace ${path}`).to.deep.equal(second);
  if (leafOf(subject).required) return;
  const left = ALWAYS_ASSIGNED.includes(nameOf(subject)) ? second : undefined;
  expect(await patched({ op: 'remove' }), `remove ${path}`).to.deep.equal(left);
}

async function expectPatchedWithoutPath(scene: Scene, subject: Subject): Promise<void> {
  const [first, second] = await twoValues(scene, subject);
  const { id } = await create(scene, subject);
  const patched = (op: string, value: unknown) => patch(scene, subject, id, { op, value: bodyWith(subject, value) });
  expect(await patched('add', first), 'add without a path').to.deep.equal(first);
  expect(await patched('replace', second), 'replace without a path').to.deep.equal(second);
}

async function expectRequired(scene: Scene, subject: Subject): Promise<void> {
  const { endpoint, attribute } = subject;
  const created = await create(scene, subject);
  const path = `${endpoint}/${created.id}`;
  const mutability = { status: 400, scimType: 'mutability', detail: new RegExp(attribute.name) };
  for (const op of [{ op: 'remove' }, { op: 'replace', value: null }]) {
    expectRefusal(await scene.patch(path, { path: nameOf(subject), ...op }), mutability);
  }
  const invalid = { ...mutability, scimType: 'invalidValue' };
  const without = { ...bareBody(endpoint), [attribute.name]: undefined };
  expectRefusal(await scene.scim('POST', endpoint, without), invalid);
  expectRefusal(await scene.scim('PUT', path, without), invalid);
  expect(await scene.get(path)).to.deep.equal(created);
}

/** Value paths of a multi-valued attribute: RFC 7644 section 3.5.2. */
async function expectElements(scene: Scene, subject: Subject): Promise<void> {
  const isOfPeople = subject.attribute.subAttributes?.some(({ name }) => name === '$ref') ?? false;
  const by = isOfPeople ? 'value' : 'type';
  const selected = (of: Json) => spelled(subject, (name) => `${name}[${by} eq ${JSON.stringify(of[by])}]`);
  await together([0, 1, 2], async (spelling) => {
    const [first, second] = (await twoValues(scene, subject)) as [[Json], [Json]];
    const whole = spellings(subject, selected(first[0]))[spelling] ?? selected(first[0]);
    const { id } = await create(scene, subject, bodyWith(subject, first));
    const patched = (op: object) => patch(scene, subject, id, op);
    const add = { op: 'add', path: nameOf(subject), value: second };
    expect(await patched(add), 'add to the others').to.have.deep.members([...first, ...second]);
    expect(await patched(add), 'add what is there').to.have.deep.members([...first, ...second]);
    expect(await patched({ op: 'remove', path: whole }), `remove ${whole}`).to.deep.equal(second);
    expect(await patched({ op: 'remove', path: whole }), `remove ${whole} again`).to.deep.equal(second);
    if (isOfPeople) return;
    // What the new element does not name is gone: RFC 7644 section 3.5.2.3.
    const value = without(first[0], 'display', 'formatted');
    const replace = { op: 'replace', path: selected(second[0]), value };
    expect(await patched(replace), 'replace an element').to.deep.equal([value]);
    const nobody = await scene.patch(`${subject.endpoint}/${id}`, replace);
    expectRefusal(nobody, { status: 400, scimType: 'noTarget', detail: new RegExp(subject.attribute.name) });
  });
}

/** readOnly and immutable: a PATCH is refused; what is readOnly a body may say, and is not heard (RFC 7644 section 3.3). */
export async function expectUnchangeable(scene: Scene, subject: Subject): Promise<void> {
  const { endpoint } = subject;
  const isReadOnly = leafOf(subject).mutability === 'readOnly';
  const [{ id }] = (await holders(scene, subject)) as [Json];
  const before = await scene.get(`${endpoint}/${id}`);
  const operations = [{ op: 'add', value: 'x' }, { op: 'replace', value: 'x' }, { op: 'remove' }];
  const patches = spellings(subject, nameOf(subject)).flatMap((path) => operations.map((op) => ({ path, ...op })));
  await together(patches, async (patch) => {
    const { status, body } = await scene.patch(`${endpoint}/${id}`, patch);
    expect(status, JSON.stringify(patch)).to.equal(400);
    expect(body.scimType, JSON.stringify(patch)).to.equal('mutability');
  });
  expect(await scene.get(`${endpoint}/${id}`), 'after the refusals').to.deep.equal(before);
  if (isReadOnly) await expectUnheard(scene, subject);
}

async function expectUnheard(scene: Scene, subject: Subject): Promise<void> {
  const { endpoint, attribute, sub } = subject;
  const said = sub ? { [sub.name]: 'made up' } : 'made up';
  const body = bodyWith({ ...subject, sub: undefined }, attribute.multiValued ? [said] : said);
  // A member without a value is refused for that.
  if (sub && attribute.mutability !== 'readOnly' && attribute.multiValued) return;
  const created = await create(scene, subject, body);
  expect(JSON.stringify(created), 'POST').to.not.contain('made up');
  const put = await scene.scim('PUT', `${endpoint}/${created.id}`, bareBody(endpoint, body));
  expect(put.status, JSON.stringify(put.body)).to.equal(200);
  expect(JSON.stringify(put.body), 'PUT').to.not.contain('made up');
  expect(put.body.id).to.equal(created.id);
}

/** uniqueness server: nobody else may have the value, in any case where case does not count. */
export async function expectUnique(scene: Scene, subject: Subject): Promise<void> {
  const { endpoint, attribute } = subject;
  const [value] = (await twoValues(scene, subject)) as [string, string];
  await create(scene, subject, bodyWith(subject, value));
  const other = await create(scene, subject);
  const refusals = async (taken: string): Promise<Answer<Json>[]> => [
    await scene.scim('POST', endpoint, bareBody(endpoint, bodyWith(subject, taken))),
    await scene.scim('PUT', `${endpoint}/${other.id}`, bareBody(endpoint, bodyWith(subject, taken))),
    await scene.patch(`${endpoint}/${other.id}`, { op: 'replace', path: nameOf(subject), value: taken }),
  ];
  for (const taken of attribute.caseExact ? [value] : [value, value.toUpperCase()]) {
    for (const answer of await refusals(taken)) {
      expectRefusal(answer, { status: 409, scimType: 'uniqueness', detail: new RegExp(attribute.name) });
    }
  }
}

async function patch(scene: Scene, subject: Subject, id: string, operation: object): Promise<unknown> {
  const path = `${subject.endpoint}/${id}`;
  const answer = await scene.patch(path, operation);
  const status = subject.endpoint === '/Users' ? 200 : 204;
  expect(answer.status, `${JSON.stringify(operation)}: ${JSON.stringify(answer.body)}`).to.equal(status);
  return sentValueIn(subject, await scene.get(path));
}

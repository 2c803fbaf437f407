// RFC 7644 section 3.5.2, in profile RFC: what profile ENTRA reads beyond it is in test/entra.
import { CORE_USER, ENTERPRISE_USER, PATCH_OP } from '../support/builders.js';
import { expect } from 'chai';
import { type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('PATCH on a person is refused', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene({ compatibility: 'RFC' });
  });

  const work = { type: 'work', value: 'work@x.example', primary: true };
  const home = { type: 'home', value: 'home@x.example' };
  const aPerson = () => scene.person({ emails: undefined });
  const patch = (person: Json, ...operations: readonly object[]) => scene.patch(`/Users/${person.id}`, ...operations);

  const cases: { what: string; operation: unknown; status?: number; scimType: string; detail: RegExp }[] = [
    {
      what: 'with an unknown op',
      operation: { op: 'move', path: 'title' },
      scimType: 'invalidSyntax',
      detail: /Operations\[0\]\.op must be add, replace or remove/,
    },
    {
      what: 'without op',
      operation: { path: 'title', value: 'x' },
      scimType: 'invalidSyntax',
      detail: /Operations\[0\]\.op/,
    },
    {
      what: 'with an operation that is no object',
      operation: 'add',
      scimType: 'invalidSyntax',
      detail: /Operations\[0\] must be an object/,
    },
    { what: 'for a remove without path', operation: { op: 'remove' }, scimType: 'noTarget', detail: /path/ },
    {
      what: 'for an add without value',
      operation: { op: 'add', path: 'title' },
      scimType: 'invalidValue',
      detail: /Operations\[0\] needs a value/,
    },
    {
      what: 'without path for a value that is no object',
      operation: { op: 'add', value: 'x' },
      scimType: 'invalidValue',
      detail: /object/,
    },
    {
      what: 'for a path that is no text',
      operation: { op: 'add', path: 7, value: 'x' },
      scimType: 'invalidPath',
      detail: /Operations\[0\]\.path must be text/,
    },
    {
      what: 'for a path that cannot be read',
      operation: { op: 'add', path: 'emails[type eq "work"', value: 'x' },
      scimType: 'invalidPath',
      detail: /column 22/,
    },
    {
      what: 'for a path to nothing',
      operation: { op: 'add', path: 'name.nick', value: 'x' },
      scimType: 'invalidPath',
      detail: /name\.nick/,
    },
    {
      what: 'for a filter on a single value',
      operation: { op: 'add', path: 'name[givenName eq "M"]', value: {} },
      scimType: 'invalidPath',
      detail: /one value/,
    },
    {
      what: 'for a filter on a part that does not exist',
      operation: { op: 'remove', path: 'emails[size eq 7]' },
      scimType: 'invalidFilter',
      detail: /size/,
    },
    {
      what: 'for a filter that selects nothing',
      operation: { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' },
      scimType: 'noTarget',
      detail: /emails\[type eq "work"\]\.value/,
    },
    {
      what: 'for the id',
      operation: { op: 'replace', path: 'id', value: 'x' },
      scimType: 'mutability',
      detail: /id is read-only/,
    },
    {
      what: 'for meta',
      operation: { op: 'replace', path: 'meta.created', value: 'x' },
      scimType: 'mutability',
      detail: /meta\.created is read-only/,
    },
    {
      what: 'for groups',
      operation: { op: 'add', path: 'groups', value: [{ value: 'x' }] },
      scimType: 'mutability',
      detail: /groups is read-only/,
    },
    {
      what: "for the manager's name",
      operation: { op: 'add', path: `${ENTERPRISE_USER}:manager.displayName`, value: 'x' },
      scimType: 'mutability',
      detail: /manager\.displayName is read-only/,
    },
    {
      what: 'for taking away userName',
      operation: { op: 'remove', path: 'userName' },
      scimType: 'mutability',
      detail: /userName is required/,
    },
    {
      what: 'for two primaries',
      operation: { op: 'replace', path: 'emails', value: [work, { ...home, primary: true }] },
      scimType: 'invalidValue',
      detail: /primary/,
    },
    {
      what: 'for a value of another type',
      operation: { op: 'replace', path: 'emails', value: [{ value: 7 }] },
      scimType: 'invalidValue',
      detail: /emails\[0\]\.value must be text/,
    },
  ];
  for (const { what, operation, status = 400, scimType, detail } of cases) {
    it(what, async () => {
      const person = await aPerson();
      const answer = await patch(person, operation as object);
      expectRefusal(answer, { status, scimType, detail });
      expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(person);
    });
  }

  it('without the URN of the message', async () => {
    const { id } = await aPerson();
    const Operations = [{ op: 'add', path: 'title', value: 'x' }];
    for (const body of [{ Operations }, { schemas: [], Operations }, { schemas: [CORE_USER], Operations }]) {
      const answer = await scene.scim('PATCH', `/Users/${id}`, body);
      expectRefusal(answer, { status: 400, scimType: 'invalidSyntax', detail: /schemas must name .*PatchOp/ });
    }
    for (const body of [{ schemas: [PATCH_OP] }, { schemas: [PATCH_OP], Operations: {} }]) {
      const answer = await scene.scim('PATCH', `/Users/${id}`, body);
      expectRefusal(answer, { status: 400, scimType: 'invalidSyntax', detail: /Operations must be a list/ });
    }
  });

  it("for another person's userName", async () => {
    const [person, other] = [await aPerson(), await aPerson()];
    const answer = await patch(person, { op: 'replace', path: 'userName', value: other.userName });
    expectRefusal(answer, { status: 409, scimType: 'uniqueness', detail: /userName is already in use/ });
  });

  it('for nobody', async () => {
    const body = { op: 'replace', path: 'title', value: 'x' };
    expectRefusal(await patch({ id: 'x' }, body), { status: 404, detail: /User "x" was not found/ });
  });
});

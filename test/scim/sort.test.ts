import { expect } from 'chai';
import { each, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('sorting (RFC 7644 section 3.4.2.3)', () => {
  let scene: Scene;
  /** By name, in order of creation. */
  const people = new Map<string, string>();
  before(async () => {
    scene = await aScene();
    const make = async (name: string, given: Record<string, unknown>) => {
      people.set(name, (await scene.person({ displayName: name, ...given })).id as string);
    };
    await make('boss', { title: 'b', name: { familyName: 'Öz' }, userName: 'Zed@sort.example', emails: undefined });
    await make('ann', {
      title: 'B',
      name: { familyName: 'zorn' },
      emails: [{ value: 'x@sort.example' }, { value: 'a@sort.example', primary: true }],
      [ENTERPRISE_USER]: { manager: { value: people.get('boss') } },
    });
    await make('bob', {
      title: 'ä',
      name: { familyName: 'Abel' },
      active: false,
      emails: [{ value: 'c@sort.example' }, { value: 'b@sort.example' }],
      [ENTERPRISE_USER]: { manager: { value: people.get('ann') } },
    });
    await make('cid', { title: undefined, name: { givenName: 'Cid' }, emails: [{ value: 'D@sort.example' }] });
  });

  async function sorted(by: string, order?: string): Promise<string[]> {
    const query = `sortBy=${encodeURIComponent(by)}${order === undefined ? '' : `&sortOrder=${order}`}`;
    const found: Json = await scene.get(`/Users?${query}`);
    const names = new Map([...people].map(([name, id]) => [id, name]));
    return each(found.Resources, 'id').map((id) => names.get(id) ?? id);
  }

  const ORDERS: Readonly<Record<string, readonly string[]>> = {
    displayName: ['ann', 'bob', 'boss', 'cid'],
    // Case does not count; the unassigned come last; equals are in order of creation.
    title: ['boss', 'ann', 'bob', 'cid'],
    'name.familyName': ['bob', 'ann', 'boss', 'cid'],
    'NAME.familyname': ['bob', 'ann', 'boss', 'cid'],
    // The primary address, else the first.
    emails: ['ann', 'bob', 'cid', 'boss'],
    'emails.value': ['ann', 'bob', 'cid', 'boss'],
    'emails.primary': ['ann', 'boss', 'bob', 'cid'],
    active: ['bob', 'boss', 'ann', 'cid'],
    'meta.created': ['boss', 'ann', 'bob', 'cid'],
    'meta.resourceType': ['boss', 'ann', 'bob', 'cid'],
    id: ['boss', 'ann', 'bob', 'cid'],
    [`${ENTERPRISE_USER}:manager`]: ['ann', 'bob', 'boss', 'cid'],
    [`${ENTERPRISE_USER}:manager.displayName`]: ['bob', 'ann', 'boss', 'cid'],
    'manager.displayName': ['bob', 'ann', 'boss', 'cid'],
    'urn:ietf:params:scim:schemas:core:2.0:User:displayName': ['ann', 'bob', 'boss', 'cid'],
  };

  for (const [by, order] of Object.entries(ORDERS)) {
    it(`goes by ${by}`, async () => {
      expect(await sorted(by)).to.deep.equal(order);
    });
  }

  it('turns around as a whole when descending', async () => {
    expect(await sorted('title', 'descending')).to.deep.equal(['cid', 'bob', 'ann', 'boss']);
    expect(await sorted('emails', 'DESCENDING')).to.deep.equal(['boss', 'cid', 'bob', 'ann']);
    expect(await sorted('userName', 'descending')).to.include.ordered.members(['boss']);
  });

  it('goes by userName whatever the case', async () => {
    expect((await sorted('userName', 'descending'))[0]).to.equal('boss');
  });

  it('ignores an empty sortBy, and a sortOrder without one', async () => {
    expect(await sorted('', 'descending')).to.deep.equal([...people.keys()]);
  });

  it('sorts groups by name, by when they changed, by their first member', async () => {
    const [ann = '', bob = ''] = [people.get('ann'), people.get('bob')];
    const of = async (name: string, members: string[]) =>
      (await scene.group(members, { displayName: name })).id as string;
    const [b, a, c] = [await of('b', [bob]), await of('A', [ann]), await of('c', [])];
    const by = async (path: string, order = 'ascending') =>
      each((await scene.get(`/Groups?sortBy=${path}&sortOrder=${order}`)).Resources, 'id');
    expect(await by('displayName')).to.deep.equal([a, b, c]);
    expect(await by('members')).to.deep.equal([a, b, c]);
    expect(await by('members.display', 'descending')).to.deep.equal([c, b, a]);
    await scene.patch(`/Groups/${b}`, { op: 'replace', path: 'externalId', value: 'x' });
    expect(await by('meta.lastModified', 'descending')).to.deep.equal([b, c, a]);
    expect(await sorted('groups.display')).to.deep.equal(['ann', 'bob', 'boss', 'cid']);
  });

  for (const by of ['name', 'addresses', 'meta', 'schemas', 'nonsense', 'displayName.value', 'password', 'a b']) {
    it(`is refused by ${by}`, async () => {
      const answer = await scene.scim('GET', `/Users?sortBy=${encodeURIComponent(by)}`);
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /cannot be sorted by/ });
    });
  }

  it('is refused in an order that is neither', async () => {
    const answer = await scene.scim('GET', '/Users?sortBy=title&sortOrder=up');
    expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /ascending or descending/ });
  });
});

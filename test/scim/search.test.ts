import { expect } from 'chai';
import { each, ENTERPRISE_USER } from '../support/builders.js';
import { tokenOf, type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

describe('.search (RFC 7644 section 3.4.3)', () => {
  let scene: Scene;
  let ann: Json;
  let bob: Json;
  let team: Json;
  let crew: Json;
  before(async () => {
    scene = await aScene();
    ann = await scene.person({ displayName: 'Ann', title: 'Chief' });
    team = await scene.group([ann.id], { displayName: 'Team' });
    bob = await scene.person({ displayName: 'Bob', externalId: 'b-1' });
    crew = await scene.group([], { displayName: 'Ann', externalId: 'c-1' });
  });

  const search = (path: string, request: object = {}) =>
    scene.scim('POST', `${path}/.search`, { schemas: [SEARCH_REQUEST], ...request });
  const found = async (path: string, request: object = {}): Promise<Json> => {
    const { status, body } = await search(path, request);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };
  const idsOf = async (path: string, request: object) => each((await found(path, request)).Resources, 'id');

  it('answers what the same list by GET answers', async () => {
    for (const [path, request] of [
      ['/Users', {}],
      ['/Users', { filter: 'title pr', attributes: ['title', 'displayName'], startIndex: 1, count: 1 }],
      ['/Users', { sortBy: 'displayName', sortOrder: 'descending', excludedAttributes: ['emails', 'meta.location'] }],
      ['/Groups', { count: 0 }],
      ['/Groups', { attributes: ['members.value'] }],
    ] as const) {
      const query = new URLSearchParams(
        Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]),
      );
      expect(await found(path, request)).to.deep.equal(await scene.get(`${path}?${query.toString()}`));
    }
  });

  it('lists people and groups together in order of creation at the root, also by GET and whatever is asked to sort by', async () => {
    const all = [ann.id, team.id, bob.id, crew.id];
    expect(await idsOf('', {})).to.deep.equal(all);
    expect(await idsOf('', { sortBy: 'displayName', sortOrder: 'descending' })).to.deep.equal(all);
    expect(each((await scene.get('')).Resources, 'id')).to.deep.equal(all);
    expect(each((await scene.get('/?filter=displayName+eq+%22ann%22')).Resources, 'id')).to.deep.equal([
      ann.id,
      crew.id,
    ]);
  });

  it('shows each resource at the root as its own endpoint does', async () => {
    const { Resources } = await found('');
    expect(Resources[0]).to.deep.equal(await scene.get(`/Users/${ann.id}`));
    expect(Resources[1]).to.deep.equal(await scene.get(`/Groups/${team.id}`));
    const named = await found('', { attributes: ['displayName', 'title', 'members'] });
    expect(named.Resources.map((one: Json) => Object.keys(one as object))).to.deep.equal([
      ['schemas', 'id', 'displayName', 'title'],
      ['schemas', 'id', 'displayName', 'members'],
      ['schemas', 'id', 'displayName'],
      ['schemas', 'id', 'displayName', 'members'],
    ]);
  });

  it('pages by index at the root', async () => {
    const page = await found('', { startIndex: 2, count: 2 });
    expect(page).to.include({ totalResults: 4, startIndex: 2, itemsPerPage: 2 });
    expect(each(page.Resources, 'id')).to.deep.equal([team.id, bob.id]);
    expect(await found('', { startIndex: 5 })).to.deep.include({ totalResults: 4, itemsPerPage: 0, Resources: [] });
    expect(await found('', { count: 0 })).to.deep.include({ totalResults: 4, itemsPerPage: 0, Resources: [] });
  });

  const ROOT: readonly (readonly [string, string])[] = [
    ['title eq "chief"', 'ann'],
    ['members pr', 'team'],
    [`${ENTERPRISE_USER}:department pr`, ''],
    // What only the other type has is unassigned.
    ['not (title pr)', 'team bob crew'],
    ['title ne "chief"', 'team bob crew'],
    ['title eq null', 'team bob crew'],
    ['emails[type eq "work"] or members[value pr]', 'ann team bob'],
    ['externalId pr', 'bob crew'],
    ['meta.resourceType eq "Group" and displayName eq "ann"', 'crew'],
    ['(meta.resourceType eq "User") or (meta.resourceType eq "Group")', 'ann team bob crew'],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"', 'team crew'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:displayName eq "ann"', 'ann'],
  ];
  for (const [filter, names] of ROOT) {
    it(`finds ${names === '' ? 'nobody' : names} at the root by ${filter}`, async () => {
      const named: Readonly<Record<string, Json>> = { ann, bob, team, crew };
      const wanted = names === '' ? [] : names.split(' ').map((name) => (named[name] as { id: string }).id);
      expect(await idsOf('', { filter })).to.deep.equal(wanted);
    });
  }

  it('refuses at the root a filter that suits neither type, and an operator that does not suit the one that has it', async () => {
    for (const filter of ['nonsense pr', 'active gt true', 'members.nonsense eq "x"', 'title eq 5 and']) {
      expectRefusal(await search('', { filter }), { status: 400, scimType: 'invalidFilter', detail: /column \d+/ });
    }
  });

  it('walks by cursor', async () => {
    const first = await found('/Users', { cursor: '', count: 1 });
    expect(each(first.Resources, 'id')).to.deep.equal([ann.id]);
    const second = await found('/Users', { cursor: first.nextCursor as string, count: 1 });
    expect(each(second.Resources, 'id')).to.deep.equal([bob.id]);
    expect(second).to.not.have.property('nextCursor');
  });

  it('goes on by GET where a search began, and is good for that list only', async () => {
    const { nextCursor } = await found('', { cursor: '', count: 1 });
    expect(each((await scene.get(`/?cursor=${nextCursor}&count=1`)).Resources, 'id')).to.deep.equal([team.id]);
    const answer = await search('/Users', { cursor: nextCursor as string });
    expectRefusal(answer, { status: 400, scimType: 'invalidCursor', detail: /not one of this list/ });
  });

  it('takes names in any case, null as absent, and ignores what it does not know', async () => {
    expect(await idsOf('/Users', { FILTER: 'displayName eq "bob"', count: null, nonsense: { a: 1 } })).to.deep.equal([
      bob.id,
    ]);
  });

  it('is a read: an integration that may only read can search', async () => {
    const token = await tokenOf(scene.server.url, await scene.integration({ usersAndGroups: 'READ_ONLY' }));
    const headers = { Authorization: `Bearer ${token}` };
    for (const path of ['', '/Users', '/Groups']) {
      const { status } = await scene.scim('POST', `${path}/.search`, { schemas: [SEARCH_REQUEST] }, headers);
      expect(status).to.equal(200);
    }
  });

  const WRONG: readonly (readonly [string, object, string, RegExp])[] = [
    ['no schemas', { schemas: undefined }, 'invalidSyntax', /schemas must name .*SearchRequest/],
    ['another message', { schemas: ['urn:x'] }, 'invalidSyntax', /schemas must name .*SearchRequest/],
    ['a filter that is no text', { filter: 5 }, 'invalidFilter', /filter must be text/],
    ['an empty filter', { filter: '' }, 'invalidFilter', /column 1/],
    ['a count that is no number', { count: {} }, 'invalidValue', /count must be a whole number/],
    ['a fraction', { startIndex: 1.5 }, 'invalidValue', /startIndex must be a whole number/],
    ['a count that is no number beside a cursor', { count: 'x', cursor: '' }, 'invalidCount', /whole number/],
    [
      'attributes that are no names',
      { attributes: [1] },
      'invalidValue',
      /attributes must be a list of attribute names/,
    ],
    ['a cursor that is no text', { cursor: 5 }, 'invalidCursor', /cursor/],
    ['an unknown order', { sortBy: 'title', sortOrder: 'up' }, 'invalidValue', /ascending or descending/],
  ];
  for (const [what, request, scimType, detail] of WRONG) {
    it(`refuses ${what}`, async () => {
      expectRefusal(await search('/Users', request), { status: 400, scimType, detail });
    });
  }

  it('answers 405 to other verbs, naming POST', async () => {
    for (const [method, path] of [
      ['GET', '/.search'],
      ['PUT', '/Users/.search'],
      ['DELETE', '/Groups/.search'],
    ] as const) {
      const answer = await scene.scim(method, path);
      expect([answer.status, answer.headers.get('Allow')]).to.deep.equal([405, 'POST, OPTIONS']);
    }
  });
});

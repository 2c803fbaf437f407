import { expect } from 'chai';
import { each, CORE_USER, ENTERPRISE_USER, aUser, patchOf } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('lists', () => {
  let scene: Scene;
  let people: Json[];
  before(async () => {
    scene = await aScene();
    people = [];
    for (let index = 0; index < 12; index += 1) people.push(await scene.person({ title: `T${index % 2}` }));
  });

  const ids = ({ Resources }: Json): string[] => each(Resources, 'id');
  const allIds = () => people.map(({ id }) => id as string);

  it('are in order of creation, page by page, also while people change', async () => {
    const seen: string[] = [];
    for (const startIndex of [1, 6, 11]) {
      const page = await scene.get(`/Users?startIndex=${startIndex}&count=5`);
      expect(page).to.include({ totalResults: 12, startIndex, itemsPerPage: page.Resources.length });
      seen.push(...ids(page));
      await scene.patch(`/Users/${people[0].id}`, { op: 'replace', path: 'nickName', value: `N${startIndex}` });
    }
    expect(seen).to.deep.equal(allIds());
  });

  it('count the people a filter finds, not everybody', async () => {
    const page = await scene.get('/Users?filter=title+eq+%22T1%22&count=4');
    expect(page).to.include({ totalResults: 6, itemsPerPage: 4 });
    expect(ids(page)).to.deep.equal(
      allIds()
        .filter((_, index) => index % 2 === 1)
        .slice(0, 4),
    );
    const last = await scene.get('/Users?filter=title+eq+%22T1%22&count=4&startIndex=5');
    expect(last).to.include({ totalResults: 6, itemsPerPage: 2, startIndex: 5 });
  });

  for (const startIndex of ['0', '-3', '1', '+1']) {
    it(`S22: begin at 1 when startIndex is ${startIndex}`, async () => {
      const page = await scene.get(`/Users?count=2&startIndex=${encodeURIComponent(startIndex)}`);
      expect(page).to.include({ startIndex: 1, totalResults: 12 });
      expect(ids(page)).to.deep.equal(allIds().slice(0, 2));
    });
  }

  for (const count of ['0', '-1', '-999']) {
    it(`S22: hold nobody but the total when count is ${count}`, async () => {
      const page = await scene.get(`/Users?count=${count}`);
      expect(page).to.deep.include({ totalResults: 12, itemsPerPage: 0, Resources: [] });
    });
  }

  it('hold nobody but the total beyond the end', async () => {
    for (const startIndex of ['13', '50', '999999999999']) {
      const page = await scene.get(`/Users?startIndex=${startIndex}`);
      expect(page).to.deep.include({
        totalResults: 12,
        itemsPerPage: 0,
        Resources: [],
        startIndex: Number(startIndex),
      });
    }
  });

  for (const query of ['count=x', 'count=1.5', 'count=1e2', 'startIndex=first', 'startIndex=0x1', 'count=5%205']) {
    it(`S22: are refused for ${query}`, async () => {
      const answer = await scene.scim('GET', `/Users?${query}`);
      expectRefusal(answer, {
        status: 400,
        scimType: 'invalidValue',
        detail: /(count|startIndex) must be a whole number/,
      });
    });
  }

  it('hold 100 unless more are asked for, and 1000 at most', async () => {
    const own = await aScene();
    await own.crowd(1005);
    const expected = [
      ['', 100],
      ['?count=101', 101],
      ['?count=1000', 1000],
      ['?count=1001', 1000],
      ['?count=999999', 1000],
    ] as const;
    for (const [query, itemsPerPage] of expected) {
      const page = await own.get(`/Users${query}`);
      expect(page).to.include({ totalResults: 1005, itemsPerPage });
      expect(page.Resources).to.have.length(itemsPerPage);
    }
  });

  it('read their parameters in any case, the first of a repeated one', async () => {
    const page = await scene.get('/Users?STARTINDEX=2&Count=1&count=7&Filter=title+pr&ATTRIBUTES=title');
    expect(page).to.include({ totalResults: 12, itemsPerPage: 1, startIndex: 2 });
    expect(page.Resources[0]).to.have.all.keys('schemas', 'id', 'title');
  });

  it('of groups page, and are filtered, in the same way', async () => {
    const groups = [await scene.group(), await scene.group(), await scene.group()];
    const page = await scene.get('/Groups?startIndex=2&count=1&attributes=displayName');
    expect(page).to.include({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(page.Resources[0]).to.deep.equal({
      schemas: groups[1].schemas,
      id: groups[1].id,
      displayName: groups[1].displayName,
    });
    const whole = await scene.get('/Groups');
    expect(whole.Resources).to.deep.equal(groups);
    expect((await scene.get('/Groups?startIndex=9')).Resources).to.deep.equal([]);
  });
});

describe('what is shown', () => {
  let scene: Scene;
  let person: Json;
  before(async () => {
    scene = await aScene();
    person = await scene.person({
      name: { givenName: 'Mara', familyName: 'Vos' },
      title: 'Inkoper',
      emails: [{ value: 'm@x.example', type: 'work' }, { value: 'h@x.example' }],
      [ENTERPRISE_USER]: { department: 'Inkoop', division: 'Zuid' },
    });
  });

  const schemas = [CORE_USER, ENTERPRISE_USER];
  const work = () => ({ schemas, id: person.id });
  const read = (query: string) => scene.get(`/Users/${person.id}?${query}`);

  const wanted: [string, (all: Json) => object][] = [
    ['attributes=title', () => ({ title: 'Inkoper' })],
    ['attributes=+title+,%20userName%20', ({ userName }) => ({ title: 'Inkoper', userName })],
    ['attributes=TITLE', () => ({ title: 'Inkoper' })],
    ['attributes=name.givenName', () => ({ name: { givenName: 'Mara' } })],
    ['attributes=name.givenName,name', ({ name }) => ({ name })],
    ['attributes=emails.value', () => ({ emails: [{ value: 'm@x.example' }, { value: 'h@x.example' }] })],
    [
      'attributes=emails[type eq "work"].value',
      () => ({ emails: [{ value: 'm@x.example' }, { value: 'h@x.example' }] }),
    ],
    [`attributes=${CORE_USER}:title`, () => ({ title: 'Inkoper' })],
    [`attributes=${ENTERPRISE_USER}:department`, () => ({ [ENTERPRISE_USER]: { department: 'Inkoop' } })],
    [`attributes=${ENTERPRISE_USER}`, (all) => ({ [ENTERPRISE_USER]: all[ENTERPRISE_USER] })],
    ['attributes=meta.location', ({ meta }) => ({ meta: { location: meta.location } })],
    ['attributes=shoeSize,title', () => ({ title: 'Inkoper' })],
    ['attributes=shoeSize', () => ({})],
    ['attributes=password', () => ({})],
    ['attributes=id', () => ({})],
    [
      'attributes=title,name&excludedAttributes=name.familyName',
      () => ({ title: 'Inkoper', name: { givenName: 'Mara' } }),
    ],
    ['attributes=title,name&excludedAttributes=name', () => ({ title: 'Inkoper' })],
  ];
  for (const [query, expected] of wanted) {
    it(`for ${query}`, async () => {
      const exactly = { ...work(), ...expected(person) };
      expect(await read(query)).to.deep.equal(exactly);
      const filter = encodeURIComponent(`id eq "${person.id}"`);
      expect((await scene.get(`/Users?filter=${filter}&${query}`)).Resources).to.deep.equal([exactly]);
    });
  }

  const without: [string, (all: Json) => object][] = [
    ['excludedAttributes=title', ({ title: _left, ...rest }) => rest],
    ['excludedAttributes=+Title,%20emails%20', ({ title: _left, emails: _too, ...rest }) => rest],
    ['excludedAttributes=name.givenName', (all) => ({ ...all, name: { familyName: 'Vos' } })],
    [
      `excludedAttributes=${ENTERPRISE_USER}:division`,
      (all) => ({ ...all, [ENTERPRISE_USER]: { department: 'Inkoop' } }),
    ],
    [`excludedAttributes=${ENTERPRISE_USER}`, ({ [ENTERPRISE_USER]: _left, ...rest }) => rest],
    ['excludedAttributes=id,schemas', (all) => all],
    ['excludedAttributes=shoeSize', (all) => all],
    ['attributes=&excludedAttributes=', (all) => all],
  ];
  for (const [query, expected] of without) {
    it(`for ${query}`, async () => {
      expect(await read(query)).to.deep.equal(expected(person));
    });
  }

  it('in the answer to POST, PUT and PATCH too', async () => {
    const body = aUser({ title: 'Inkoper' });
    const created = await scene.scim('POST', '/Users?attributes=title', body);
    expect(created.body).to.deep.equal({ schemas: [CORE_USER], id: created.body.id, title: 'Inkoper' });
    expect(created.headers.get('Location')).to.match(new RegExp(`/scim/v2/Users/${created.body.id}$`));
    const path = `/Users/${created.body.id}?excludedAttributes=emails,meta,title,active`;
    const bare = { schemas: [CORE_USER], id: created.body.id, userName: body.userName };
    expect((await scene.scim('PUT', path, body)).body).to.deep.equal(bare);
    const patched = await scene.scim('PATCH', path, patchOf({ op: 'add', path: 'title', value: 'New' }));
    expect(patched.body).to.deep.equal(bare);
    expect(patched.headers.get('ETag')).to.equal('W/"2"');
  });
});

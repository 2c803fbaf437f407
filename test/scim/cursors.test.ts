import { expect } from 'chai';
import { aUser, each } from '../support/builders.js';
import { startServer, theDatabase } from '../support/server.js';
import { aTenant, tokenOf, type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const PEOPLE = 13;

describe('cursors (RFC 9865)', () => {
  let scene: Scene;
  let ids: string[];
  before(async () => {
    scene = await aScene();
    ids = [];
    for (let n = 0; n < PEOPLE; n += 1) {
      // Two of three have a title, several of them the same one.
      const given = n % 3 === 0 ? {} : { title: `T${n % 4}` };
      ids.push((await scene.person(given)).id as string);
    }
  });

  const page = (cursor: string, query = '') => scene.get(`/Users?count=4&cursor=${cursor}${query}`);

  async function walk(path: string, count: number): Promise<Json[]> {
    const pages: Json[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const found: Json = await scene.get(`${path}${path.includes('?') ? '&' : '?'}count=${count}&cursor=${cursor}`);
      pages.push(found);
      cursor = found.nextCursor as string | undefined;
    }
    return pages;
  }
  const idsOf = (pages: Json[]): string[] => pages.flatMap(({ Resources }) => each(Resources, 'id'));

  it('walk a list in order of creation, page by page, to its end', async () => {
    const pages = await walk('/Users', 4);
    expect(pages.map(({ itemsPerPage }) => itemsPerPage as number)).to.deep.equal([4, 4, 4, 1]);
    expect(idsOf(pages)).to.deep.equal(ids);
    for (const { totalResults, startIndex } of pages)
      expect([totalResults, startIndex]).to.deep.equal([PEOPLE, undefined]);
    for (const { nextCursor } of pages.slice(0, -1)) expect(nextCursor).to.match(/^[A-Za-z0-9._~-]+$/);
  });

  it('end without another page when the last one is full', async () => {
    const pages = await walk('/Users', PEOPLE);
    expect(pages).to.have.length(1);
    expect(pages[0]).to.not.have.property('nextCursor');
  });

  it('go on after values longer than a cursor may be', async () => {
    const long = await aScene();
    const made: string[] = [];
    for (const end of ['b', 'a', 'c'])
      made.push((await long.person({ title: `${'x'.repeat(9000)}${end}` })).id as string);
    const found: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Json = await long.get(`/Users?count=1&sortBy=title&cursor=${cursor}`);
      found.push(...each(page.Resources, 'id'));
      cursor = page.nextCursor as string | undefined;
    }
    expect(found).to.deep.equal(made);
  });

  for (const count of [1, 2, 5, 100]) {
    it(`neither miss nor repeat anybody in a sorted list with equal and absent values, ${count} at a time`, async () => {
      for (const order of ['ascending', 'descending']) {
        const query = `/Users?sortBy=title&sortOrder=${order}`;
        const whole = each((await scene.get(`${query}&count=100`)).Resources, 'id');
        expect(new Set(whole)).to.deep.equal(new Set(ids));
        expect(idsOf(await walk(query, count))).to.deep.equal(whole);
      }
    });
  }

  it('keep to a filter, and count what it finds once', async () => {
    const pages = await walk('/Users?filter=title+pr', 3);
    expect(idsOf(pages)).to.deep.equal(ids.filter((_, n) => n % 3 !== 0));
    expect(new Set(pages.map(({ totalResults }) => totalResults as number))).to.deep.equal(new Set([8]));
  });

  it('never miss or repeat a person who did not change while others come, go and change', async () => {
    const own = await aScene();
    const there: string[] = [];
    for (let n = 0; n < 12; n += 1) there.push((await own.person({ title: String(n % 5) })).id as string);
    const [goes, changes] = [there[5] ?? '', there[2] ?? ''];
    const seen: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const found: Json = await own.get(`/Users?count=3&sortBy=title&cursor=${next}`);
      seen.push(...each(found.Resources, 'id'));
      next = found.nextCursor as string | undefined;
      if (seen.length !== 3) continue;
      await own.person({ title: '0' });
      await own.scim('DELETE', `/Users/${goes}`);
      await own.patch(`/Users/${changes}`, { op: 'replace', path: 'title', value: '9' });
    }
    const untouched = there.filter((id) => id !== goes && id !== changes);
    expect(seen.filter((id) => untouched.includes(id))).to.have.members(untouched);
  });

  it('hold nobody but the total, and lead nowhere, when count is 0', async () => {
    const found = await scene.get('/Users?cursor=&count=0');
    expect(found).to.deep.include({ totalResults: PEOPLE, itemsPerPage: 0, Resources: [] });
    expect(found).to.not.have.property('nextCursor');
  });

  it('go on with another count and another projection', async () => {
    const { nextCursor } = await page('');
    const found = await scene.get(`/Users?count=6&attributes=userName&cursor=${nextCursor}`);
    expect(each(found.Resources, 'id')).to.deep.equal(ids.slice(4, 10));
    expect(found.Resources[0]).to.have.all.keys('schemas', 'id', 'userName');
  });

  it('I6: are refused alike when forged, altered, of another list, another integration or another tenant', async () => {
    const { nextCursor } = (await page('')) as { nextCursor: string };
    const strict = await aTenant();
    const reader = await scene.integration({ usersAndGroups: 'READ_ONLY' });
    const readerToken = await tokenOf(scene.server.url, reader);
    const flipped = `${nextCursor.slice(0, -3)}${nextCursor.at(-3) === 'A' ? 'B' : 'A'}${nextCursor.slice(-2)}`;
    const answers = await Promise.all([
      scene.scim('GET', '/Users?cursor=nonsense'),
      scene.scim('GET', `/Users?cursor=${encodeURIComponent('"><')}`),
      scene.scim('GET', `/Users?cursor=${flipped}`),
      scene.scim('GET', `/Users?cursor=${nextCursor}%3D`),
      scene.scim('GET', `/Users?cursor=${'A'.repeat(9000)}`),
      scene.scim('GET', `/Users?filter=title+pr&cursor=${nextCursor}`),
      scene.scim('GET', `/Users?sortBy=title&cursor=${nextCursor}`),
      scene.scim('GET', `/Groups?cursor=${nextCursor}`),
      strict.scim('GET', `/Users?cursor=${nextCursor}`),
      scene.scim('GET', `/Users?cursor=${nextCursor}`, undefined, { Authorization: `Bearer ${readerToken}` }),
    ]);
    for (const answer of answers) {
      expectRefusal(answer, { status: 400, scimType: 'invalidCursor', detail: /begin again with an empty cursor/ });
      expect(answer.body).to.deep.equal(answers[0]?.body);
    }
  });

  for (const count of ['x', '1.5', '1e2']) {
    it(`are refused with invalidCount for count=${count}`, async () => {
      const answer = await scene.scim('GET', `/Users?cursor=&count=${count}`);
      expectRefusal(answer, { status: 400, scimType: 'invalidCount', detail: /count must be a whole number/ });
    });
  }

  it('walk groups and their members, and both types at the root', async () => {
    const own = await aScene();
    const [one, two] = [(await own.person()).id as string, (await own.person()).id as string];
    const team = (await own.group([one, two])).id as string;
    const crew = (await own.group([])).id as string;
    const three = (await own.person()).id as string;
    const groups: Json = await own.get('/Groups?cursor=&count=1');
    expect(each(groups.Resources[0].members, 'value')).to.have.members([one, two]);
    const next = await own.get(`/Groups?count=1&cursor=${groups.nextCursor}`);
    expect(each(next.Resources, 'id')).to.deep.equal([crew]);
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const found: Json = await own.get(`/?count=2&cursor=${cursor}`);
      expect(found.totalResults).to.equal(5);
      seen.push(...each(found.Resources, 'id'));
      cursor = found.nextCursor as string | undefined;
    }
    expect(seen).to.deep.equal([one, two, team, crew, three]);
  });

  it('are published', async () => {
    expect((await scene.get('/ServiceProviderConfig')).pagination).to.deep.equal({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 1000,
      cursorTimeout: 3600,
    });
  });
});

describe('cursors after an hour', () => {
  it('are refused with expiredCursor, and not before', async () => {
    const clock = { now: new Date() };
    const server = await startServer((await theDatabase()).environment, () => clock.now);
    try {
      const tenant = await aTenant({}, server);
      for (let n = 0; n < 3; n += 1) await tenant.scim('POST', '/Users', aUser());
      const { body } = await tenant.scim('GET', '/Users?cursor=&count=1');
      const later = async (seconds: number) => {
        clock.now = new Date(clock.now.getTime() + seconds * 1000);
        const headers = { Authorization: `Bearer ${await tokenOf(server.url, tenant)}` };
        return tenant.scim('GET', `/Users?count=1&cursor=${body.nextCursor}`, undefined, headers);
      };
      expect((await later(3599)).status).to.equal(200);
      expectRefusal(await later(1), { status: 400, scimType: 'expiredCursor', detail: /older than an hour/ });
    } finally {
      await server.stop();
    }
  });
});

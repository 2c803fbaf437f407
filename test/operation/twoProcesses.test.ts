// Two processes of the service on one database, behind a balancer that gives every request to the other one.
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { aGroup, aUser, each, patchOf, unique } from '../support/builders.js';
import { balancer, type Balancer } from '../support/balancer.js';
import { withOwnerIn, withOwnerUrl } from '../support/owner.js';
import { startProgram, untilReady, type RunningProgram } from '../support/program.js';
import { theDatabase, theServer } from '../support/server.js';
import { aTenant, send, type Answer, type Json, type TestTenant } from '../support/tenant.js';

const BUDGET = 25_000;
const FAILURES = 20;

describe('two processes behind a balancer', function () {
  this.timeout(120_000);
  const running: RunningProgram[] = [];
  let front: Balancer;
  /** Asks the balancer. */
  let acme: TestTenant;

  before(async () => {
    front = await balancer();
    const environment = {
      ...(await theDatabase()).environment,
      DATABASE_URL: await withOwnerUrl((url) => Promise.resolve(url)),
      PUBLIC_URL: front.url,
      GRAPHQL_BUDGET: String(BUDGET),
      TOKEN_FAILURES: String(FAILURES),
      TRUSTED_PROXIES: '1',
      LOG_LEVEL: 'warn',
    };
    running.push(...(await Promise.all([startProgram(environment), startProgram(environment)])));
    for (const program of running) await untilReady(program);
    front.targets = running.map(({ url }) => url);
    acme = await aTenant({}, { ...(await theServer()), url: front.url });
  });
  after(async () => {
    for (const { child } of running) child.kill();
    await Promise.all(running.map(({ ended }) => ended));
    await front.close();
  });

  /** The same request to one of the two. */
  const at = (n: 0 | 1, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(`${running[n]?.url}/scim/v2${path}`, method, body, {
      Authorization: `Bearer ${acme.token}`,
      'Content-Type': 'application/scim+json',
      ...headers,
    });
  const people = async (count: number): Promise<string[]> => {
    const made = await Promise.all(Array.from({ length: count }, () => acme.scim('POST', '/Users', aUser())));
    return made.map(({ body }) => String(body.id));
  };
  const group = async (members: readonly string[] = []): Promise<string> => {
    const made = await acme.scim('POST', '/Groups', aGroup({ members: members.map((value) => ({ value })) }));
    return String(made.body.id);
  };
  const membersOf = (answer: Answer<Json>): string[] => each(answer.body.members ?? [], 'value').sort();
  /** How many of some requests each of the two answered. */
  const shareOf = async (work: () => Promise<unknown>): Promise<number[]> => {
    const from = front.answered.length;
    await work();
    const answered = front.answered.slice(from);
    return front.targets.map((target) => answered.filter((one) => one === target).length);
  };

  describe('members of one group, changed in parallel', () => {
    /** What the changes of a group should make of it, and what they made of it. */
    const changed = async (change: (id: string, who: string) => Promise<unknown>, count = 40) => {
      const [leaving, joining] = [await people(20), await people(count)];
      const id = await group(leaving);
      const share = await shareOf(() =>
        Promise.all([
          ...joining.map((who) => change(id, who)),
          ...leaving.map((who) => acme.scim('PATCH', `/Groups/${id}`, removing(who))),
        ]),
      );
      const [here, there] = await Promise.all([at(0, 'GET', `/Groups/${id}`), at(1, 'GET', `/Groups/${id}`)]);
      expect(membersOf(here)).to.deep.equal(membersOf(there));
      return { expected: joining.toSorted(), found: membersOf(here), share };
    };
    const removing = (value: string) => patchOf({ op: 'remove', path: 'members', value: [{ value }] });
    const adding = (value: string) => patchOf({ op: 'add', path: 'members', value: [{ value }] });

    it('loses none of them, whichever of the two is asked', async () => {
      const { expected, found, share } = await changed((id, who) => acme.scim('PATCH', `/Groups/${id}`, adding(who)));
      expect(found).to.deep.equal(expected);
      expect(Math.min(...share)).to.be.above(20);
    });

    it('would be seen to lose some: those of a client that reads, adds and writes everything do get lost', async () => {
      const { expected, found } = await changed(async (id, who) => {
        const { body } = await acme.scim('GET', `/Groups/${id}`);
        const members = [...(body.members ?? []), { value: who }];
        await acme.scim('PUT', `/Groups/${id}`, { ...body, members });
      });
      expect(found).to.not.deep.equal(expected);
    });

    it('loses none of such a client either, when it says which version it has read', async () => {
      const seen = { conflicts: 0 };
      const { expected, found } = await changed(async (id, who) => {
        for (let round = 0; round < 200; round += 1) {
          const { body, headers } = await acme.scim('GET', `/Groups/${id}`);
          const members = [...(body.members ?? []), { value: who }];
          const version = { 'If-Match': headers.get('etag') ?? '' };
          const { status } = await acme.scim('PUT', `/Groups/${id}`, { ...body, members }, version);
          if (status === 200) return;
          expect(status).to.equal(412);
          seen.conflicts += 1;
        }
        throw new Error('It was never the first');
      }, 12);
      expect(found).to.deep.equal(expected);
      expect(seen.conflicts).to.be.above(0);
    });
  });

  it('make one person of fifty equal creates: one 201, and 409 to the others', async () => {
    for (let round = 0; round < 3; round += 1) {
      const body = aUser();
      const share: Answer<Json>[] = [];
      expect(
        await shareOf(async () => {
          share.push(...(await Promise.all(Array.from({ length: 50 }, () => acme.scim('POST', '/Users', body)))));
        }),
      ).to.deep.equal([25, 25]);
      expect(share.map(({ status }) => status).sort()).to.deep.equal([201, ...Array<number>(49).fill(409)]);
    }
  });

  it('let one of many changes of one version pass, and refuse the others with 412', async () => {
    const [id = ''] = await people(1);
    const version = (await at(0, 'GET', `/Users/${id}`)).headers.get('etag') ?? '';
    const rename = (n: number) => patchOf({ op: 'replace', path: 'title', value: `Title ${n}` });
    const changes = Array.from({ length: 20 }, (_, n) =>
      at(n % 2 === 0 ? 0 : 1, 'PATCH', `/Users/${id}`, rename(n), { 'If-Match': version }),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.sort()).to.deep.equal([200, ...Array<number>(19).fill(412)]);
    const now = [await at(0, 'GET', `/Users/${id}`), await at(1, 'GET', `/Users/${id}`)];
    expect(now[0]?.headers.get('etag')).to.equal(now[1]?.headers.get('etag')).and.not.equal(version);
    const known = { 'If-None-Match': now[0]?.headers.get('etag') ?? '' };
    expect((await at(1, 'GET', `/Users/${id}`, undefined, known)).status).to.equal(304);
  });

  it('go on with the cursors of each other, in SCIM and in GraphQL', async () => {
    const all = await people(30);
    const walked: string[] = [];
    const share = await shareOf(async () => {
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page: Answer<Json> = await acme.scim('GET', `/Users?count=7&cursor=${cursor}`);
        expect(page.status).to.equal(200);
        walked.push(...each(page.body.Resources, 'id'));
        cursor = page.body.nextCursor as string | undefined;
      }
    });
    expect(walked).to.include.members(all);
    expect(new Set(walked).size).to.equal(walked.length);
    expect(Math.abs((share[0] ?? 0) - (share[1] ?? 0))).to.be.at.most(1);
    const query = 'query ($after: String) { users(first: 5, after: $after) { nodes { id } pageInfo { endCursor } } }';
    const first = await acme.graphql(query);
    const second = await acme.graphql(query, { after: first.body.data.users.pageInfo.endCursor });
    const [here, there] = [first, second].map(({ body }) => each(body.data.users.nodes, 'id'));
    expect([...(here ?? []), ...(there ?? [])].length).to.equal(new Set([...(here ?? []), ...(there ?? [])]).size);
    expect(there?.length).to.equal(5);
  });

  it('accept the tokens of each other, and name the same URLs', async () => {
    const resources: Json[] = [];
    for (const [issuer, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: acme.clientId,
        client_secret: acme.clientSecret,
      });
      const answer = await fetch(`${running[issuer]?.url}/oauth2/token`, { method: 'POST', body: form });
      const { access_token } = (await answer.json()) as { access_token: string };
      const { status, body } = await at(other, 'POST', '/Users', aUser(), { Authorization: `Bearer ${access_token}` });
      expect(status).to.equal(201);
      resources.push(body);
    }
    for (const { meta } of resources) expect(meta.location).to.match(new RegExp(`^${front.url}/scim/v2/Users/`));
  });

  it('count failed token requests together', async () => {
    const { clientId } = await acme.integration();
    const from = { 'X-Forwarded-For': [10, ...randomBytes(3)].join('.') };
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'x',
    }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...from };
    const statuses: number[] = [];
    for (let n = 0; n < FAILURES + 6; n += 1) {
      statuses.push((await send(`${front.url}/oauth2/token`, 'POST', form, headers)).status);
    }
    expect(statuses).to.deep.equal([...Array<number>(FAILURES).fill(401), ...Array<number>(6).fill(429)]);
  });

  it("count what a caller's GraphQL costs together", async () => {
    const caller = { role: 'ANALYST' } as const;
    const costs = async (first: number) => {
      const inner = `{ users(first: ${first}) { nodes { directReports(first: 48) { nodes { id } } } } }`;
      return (await acme.graphql(inner, {}, caller)).status;
    };
    // 1 + 100 × 50 = 5001.
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push(await costs(100));
    expect(statuses).to.deep.equal([200, 200, 200, 200, 429, 429]);
  });

  describe('one of which is killed', () => {
    it('lose nothing that was acknowledged, and the other goes on', async () => {
      const acknowledged: string[] = [];
      const seen = { broken: 0, after: 0, killed: false };
      const write = async () => {
        for (let n = 0; n < 40; n += 1) {
          const body = aUser({ externalId: unique() });
          const { status } = await acme.scim('POST', '/Users', body);
          if (status === 201) acknowledged.push(String(body.userName));
          else expect(status).to.equal(502);
          if (status === 502) seen.broken += 1;
          else if (seen.killed) seen.after += 1;
        }
      };
      const writing = Promise.all(Array.from({ length: 8 }, write));
      while (acknowledged.length < 80) await new Promise((resolve) => setTimeout(resolve, 5));
      const victim = running.splice(1, 1)[0];
      process.kill(-(victim?.child.pid ?? NaN), 'SIGKILL');
      await victim?.ended;
      seen.killed = true;
      await writing;
      expect(seen.broken).to.be.at.most(8);
      expect(seen.after).to.be.above(50);
      const rows = await withOwnerIn(acme.tenant.id, (owner) =>
        owner.query<{ name: string }>(
          `select user_name as name from directory_user u where tenant_id = $1 and exists
           (select from change_record where tenant_id = $1 and resource_id = u.id)`,
          [acme.tenant.id],
        ),
      );
      expect(rows.rows.map(({ name }) => name)).to.include.members(acknowledged);
    });
  });
});

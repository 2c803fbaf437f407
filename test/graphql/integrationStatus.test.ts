import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Role } from '../../src/directory/actor.js';
import { sealChanges } from '../../src/directory/history/sealer.js';
import { aUser, patchOf } from '../support/builders.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type Credentials, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, group, person } from './asking.js';

const STATUS = `query ($id: ID!) { integrationStatus(integration: $id) { steps { step firstAt } lastTokenAt lastRequestAt quiet
  last24Hours { created updated deactivated deleted failed } } }`;
const MINUTE_MS = 60_000;

describe('the status of an app integration', function () {
  this.timeout(60_000);
  const time = { ahead: 0 };
  let server: TestServer;
  before(async () => {
    const { environment } = await theDatabase();
    server = await startServer(environment, () => new Date(Date.now() + time.ahead));
  });
  after(() => server.stop());
  beforeEach(() => (time.ahead = 0));

  /** What is known once everything is written that happened so far. */
  const statusOf = async (tenant: TestTenant, id = tenant.clientId): Promise<Json> => {
    const { db, activity } = tenant.server.deps;
    for (let n = 0; n < 200 && (await sealChanges(db)) === undefined; n += 1) await sleep(5);
    await sleep(20);
    await activity.write(db, { everything: true });
    return (await data(tenant, STATUS, { id })).integrationStatus;
  };
  /** One person made and one request refused, by another app integration. */
  const by = async (credentials: Credentials): Promise<void> => {
    const headers = {
      Authorization: `Bearer ${await tokenOf(server.url, credentials)}`,
      'Content-Type': 'application/scim+json',
    };
    const body = aUser();
    for (const status of [201, 409])
      expect((await send(`${server.url}/scim/v2/Users`, 'POST', body, headers)).status).to.equal(status);
  };
  const seen = ({ steps }: Json): string[] =>
    (steps as Json[]).filter(({ firstAt }) => firstAt !== null).map(({ step }) => String(step));

  it('tells the steps of the set-up as they come', async () => {
    const tenant = await aTenant({}, server);
    const fresh = await tenant.integration({ name: 'Fresh' });
    const untouched = await statusOf(tenant, fresh.clientId);
    expect(untouched).to.deep.include({ lastTokenAt: null, lastRequestAt: null, quiet: true });
    expect(seen(untouched)).to.deep.equal([]);
    const expected: string[] = [];
    const step = async (name: string, work: () => Promise<unknown>) => {
      await work();
      expected.push(name);
      expect(seen(await statusOf(tenant)), name).to.deep.equal(expected);
    };
    await step('TOKEN_FETCHED', () => tokenOf(server.url, tenant));
    await tenant.scim('GET', '/Users?count=1');
    await tenant.scim('GET', '/Users?filter=nonsense');
    expect(seen(await statusOf(tenant)), 'no lookup that was answered').to.deep.equal(expected);
    const lookup = '/Users?filter=userName%20eq%20%2283b5d0a4-0000-4000-8000-000000000000%22';
    await step('CONNECTION_TESTED', () => tenant.scim('GET', lookup));
    const people: Json[] = [];
    await step('FIRST_USER', async () => people.push(await person(tenant)));
    const groups: Json[] = [];
    await step('FIRST_GROUP', async () => groups.push(await group(tenant, 'Kade')));
    const add = { op: 'add', path: 'members', value: [{ value: people[0].id }] };
    await step('FIRST_MEMBER', () => tenant.scim('PATCH', `/Groups/${groups[0].id}`, patchOf(add)));
    const title = { op: 'replace', path: 'title', value: 'Inkoper' };
    await step('FIRST_CHANGE', () => tenant.scim('PATCH', `/Users/${people[0].id}`, patchOf(title)));
    const times = ((await statusOf(tenant)).steps as Json[]).map(({ firstAt }) => String(firstAt));
    expect(times).to.deep.equal([...times].sort());
    expect(seen(await statusOf(tenant, fresh.clientId)), 'of the other one').to.deep.equal([]);
  });

  it('keeps the time a step was first seen', async () => {
    const tenant = await aTenant({}, server);
    await person(tenant);
    const before = (await statusOf(tenant)).steps;
    await sleep(5);
    await person(tenant);
    await tokenOf(server.url, tenant);
    expect((await statusOf(tenant)).steps).to.deep.equal(before);
  });

  it('counts what was done in the last 24 hours, and what was not', async () => {
    const tenant = await aTenant({}, server);
    const { id, userName } = await person(tenant);
    const other = await person(tenant);
    const set = (path: string, value: unknown) =>
      tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path, value }));
    await set('title', 'Inkoper');
    await set('title', 'Inkoper');
    await set('active', false);
    await tenant.scim('DELETE', `/Users/${other.id}`);
    await tenant.scim('POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName });
    await tenant.graphql('mutation { createGroup(input: { displayName: "By hand" }) { userErrors { code } } }');
    await by(await tenant.integration({ name: 'Other' }));
    const counts = { created: 2, updated: 1, deactivated: 1, deleted: 1, failed: 1 };
    expect((await statusOf(tenant)).last24Hours).to.deep.equal(counts);
    time.ahead = 23 * 60 * MINUTE_MS;
    expect((await statusOf(tenant)).last24Hours).to.deep.equal(counts);
    time.ahead = 25 * 60 * MINUTE_MS;
    const none = { created: 0, updated: 0, deactivated: 0, deleted: 0, failed: 0 };
    expect((await statusOf(tenant)).last24Hours).to.deep.equal(none);
  });

  it('counts who was adopted, revived and reactivated, and groups as people', async () => {
    const tenant = await aTenant({}, server);
    await data(tenant, 'mutation { createUser(input: { userName: "own@fabriek.example" }) { userErrors { code } } }');
    const own = await person(tenant, { userName: 'own@fabriek.example' });
    await tenant.scim('DELETE', `/Users/${own.id}`);
    await person(tenant, { userName: 'own@fabriek.example' });
    for (const value of [false, true])
      await tenant.scim('PATCH', `/Users/${own.id}`, patchOf({ op: 'replace', path: 'active', value }));
    const { id } = await group(tenant, 'Kade');
    await tenant.scim('PATCH', `/Groups/${id}`, patchOf({ op: 'replace', path: 'displayName', value: 'Dok' }));
    await tenant.scim('DELETE', `/Groups/${id}`);
    const counts = { created: 3, updated: 2, deactivated: 1, deleted: 2, failed: 0 };
    expect((await statusOf(tenant)).last24Hours).to.deep.equal(counts);
  });

  it('calls it quiet when nothing came for longer than two cycles, and not any more when something does', async () => {
    const tenant = await aTenant({}, server);
    await tenant.scim('GET', '/Users?count=1');
    const { lastRequestAt, quiet } = await statusOf(tenant);
    expect(quiet).to.equal(false);
    expect(Date.now() - new Date(lastRequestAt as string).getTime()).to.be.within(0, 20_000);
    time.ahead = 79 * MINUTE_MS;
    expect((await statusOf(tenant)).quiet).to.equal(false);
    time.ahead = 81 * MINUTE_MS;
    expect((await statusOf(tenant)).quiet).to.equal(true);
    await tokenOf(server.url, tenant);
    const later = await statusOf(tenant);
    expect(later).to.include({ quiet: false, lastRequestAt });
    expect(new Date(later.lastTokenAt as string).getTime()).to.be.above(new Date(lastRequestAt as string).getTime());
  });

  it('is written by the service itself: at once where it is the first time, then once a minute at most', async () => {
    const tenant = await aTenant({}, server);
    const written = async () => (await data(tenant, STATUS, { id: tenant.clientId })).integrationStatus.lastRequestAt;
    await tenant.scim('GET', '/Users?count=1');
    const until = Date.now() + 5000;
    while ((await written()) === null && Date.now() < until) await sleep(50);
    const first = await written();
    expect(first).to.be.a('string');
    await tenant.scim('GET', '/Users?count=1');
    await sleep(1500);
    expect(await written()).to.equal(first);
  });

  it('keeps what the service had not written yet when it stops', async () => {
    const { environment } = await theDatabase();
    const stopped = await startServer(environment, () => new Date(Date.now() + time.ahead));
    const tenant = await aTenant({}, stopped);
    await tenant.scim('GET', '/Users?count=1');
    await stopped.deps.activity.write(stopped.deps.db);
    // Not the first time any more: this would be written a minute later.
    time.ahead = MINUTE_MS;
    await tenant.scim('GET', '/Users?count=1');
    await stopped.stop();
    const known = await server.deps.db.pool.connect();
    try {
      await known.query(`begin; set local app.tenant = '${tenant.tenant.id}'`);
      const { rows } = await known.query(
        'select activity, last_at > first_at as later from integration_activity order by activity',
      );
      expect(rows).to.deep.equal([
        { activity: 'REQUEST', later: true },
        { activity: 'TOKEN', later: false },
      ]);
    } finally {
      await known.query('rollback');
      known.release();
    }
  });

  it('is a field of an app integration too', async () => {
    const tenant = await aTenant({}, server);
    await person(tenant);
    const { provisioningLog } = await data(
      tenant,
      '{ provisioningLog { nodes { appIntegration { name status { last24Hours { created } } } } } }',
    );
    expect(provisioningLog.nodes).to.deep.equal([
      { appIntegration: { name: 'Entra ID', status: { last24Hours: { created: 1 } } } },
    ]);
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`is refused to ${role}`, async () => {
      const tenant = await aTenant({}, server);
      expect(await codes(tenant, STATUS, { id: tenant.clientId }, role)).to.deep.equal(['FORBIDDEN']);
      expect(await codes(tenant, STATUS, { id: 'unknown' }, role)).to.deep.equal(['FORBIDDEN']);
    });
  }

  it('of another tenant’s app integration is null, as of an unknown one', async () => {
    const [mine, theirs] = [await aTenant({}, server), await aTenant({}, server)];
    for (const id of [theirs.clientId, '00000000-0000-7000-8000-000000000000', 'unknown', '']) {
      expect((await data(mine, STATUS, { id })).integrationStatus, id).to.equal(null);
    }
  });
});

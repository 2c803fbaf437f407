import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { aTenant, send, tokenOf, type Answer, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId } from './asking.js';

const LOG = `query ($where: ProvisioningLogWhere, $first: Int, $after: String) {
  provisioningLog(where: $where, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
    id at sentence outcome method status scimType detail leniencies ignoredAttributes durationMs requestId
    appIntegration { clientId name } resourceType resourceId resource { id } } } }`;

describe('the provisioning log in GraphQL', () => {
  let tenant: TestTenant;
  let other: string;
  let created: Answer<Json>;
  let taken: Answer<Json>;
  let groupId: string;
  let between: string;
  const requestIdOf = ({ headers }: Answer<Json>): string => headers.get('X-Request-Id') ?? '';
  const ask = async (where?: object, more: object = {}): Promise<Json> =>
    (await data(tenant, LOG, { where, ...more })).provisioningLog;
  const sentences = async (where?: object): Promise<string[]> => each((await ask(where)).nodes, 'sentence');
  const CREATED = 'Created user ma***@fabriek.example.';
  const REFUSED =
    'Refused a user request: userName "ma***@fabriek.example" is already in use by another user of this tenant. Match that user, or change one of the two.';

  before(async () => {
    tenant = await aTenant();
    created = await tenant.scim(
      'POST',
      '/Users',
      aUser({ userName: 'mara.vos@fabriek.example', active: 'True', shoeSize: 41 }),
    );
    taken = await tenant.scim('POST', '/Users', aUser({ userName: 'mara.vos@fabriek.example' }));
    between = new Date().toISOString();
    groupId = (await tenant.scim('POST', '/Groups', aGroup({ displayName: 'Kade' }))).body.id;
    await tenant.scim('DELETE', `/Groups/${groupId}`);
    const second = await tenant.integration({ name: 'Second' });
    other = second.clientId;
    await send(`${tenant.server.url}/scim/v2/Users`, 'POST', aUser({ userName: 'zoe@fabriek.example' }), {
      Authorization: `Bearer ${await tokenOf(tenant.server.url, second)}`,
      'Content-Type': 'application/scim+json',
    });
  });

  it('tells of each request, newest first', async () => {
    const { nodes, totalCount } = await ask();
    expect(totalCount).to.equal(5);
    expect(each(nodes, 'sentence')).to.deep.equal([
      'Created user zo***@fabriek.example.',
      'Deleted group Ka***.',
      'Created group Ka***.',
      REFUSED,
      CREATED,
    ]);
  });

  it('tells everything of a request that was done', async () => {
    const [entry] = (await ask({ requestId: requestIdOf(created) })).nodes;
    expect(entry).to.deep.include({
      sentence: CREATED,
      outcome: 'SUCCEEDED',
      method: 'POST',
      status: 201,
      scimType: null,
      detail: null,
      leniencies: ['stringBoolean'],
      ignoredAttributes: ['shoeSize'],
      requestId: requestIdOf(created),
      appIntegration: { clientId: tenant.clientId, name: 'Entra ID' },
      resourceType: 'USER',
      resourceId: created.body.id,
      resource: { id: globalId('User', created.body.id) },
    });
    expect(entry.at).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(entry.durationMs).to.be.above(0);
  });

  it('tells the exact error of a request that was refused', async () => {
    const [entry] = (await ask({ requestId: requestIdOf(taken) })).nodes;
    expect(entry).to.deep.include({
      outcome: 'REFUSED',
      status: 409,
      scimType: taken.body.scimType,
      detail: taken.body.detail.replace('mara.vos@', 'ma***@'),
      sentence: REFUSED,
      resourceId: null,
      resource: null,
      leniencies: [],
    });
    expect(entry.scimType).to.equal('uniqueness');
  });

  it('masks values in the error too', async () => {
    const name = 'mara.vos@fabriek.example';
    const operation = { op: 'replace', path: 'mara.vos', value: name };
    const answers = [
      await tenant.scim('GET', '/Users?filter=mara.vos%20eq%20%22x%22'),
      await tenant.scim('POST', '/Groups', aGroup({ members: [{ value: name }] })),
      await tenant.scim('GET', `/Users/${encodeURIComponent(name)}`),
      await tenant.scim('PATCH', `/Users/${encodeURIComponent(name)}`, patchOf(operation)),
    ];
    for (const { headers, body } of answers) {
      // The caller is told what it sent itself.
      expect(body.detail).to.include('mara.vos');
      const [entry] = (await ask({ requestId: headers.get('X-Request-Id') ?? '' })).nodes;
      expect(entry.outcome).to.equal('REFUSED');
      expect(JSON.stringify(entry)).not.to.include('mara.vos');
    }
  });

  it('finds by app integration, outcome, resource, time and words', async () => {
    expect(await sentences({ appIntegration: other })).to.deep.equal(['Created user zo***@fabriek.example.']);
    expect(await sentences({ outcome: { eq: 'REFUSED' }, sentence: { contains: 'ALREADY in use' } })).to.deep.equal([
      REFUSED,
    ]);
    expect(await sentences({ outcome: { in: ['SUCCEEDED'] }, at: { lt: between } })).to.deep.equal([CREATED]);
    expect(await sentences({ outcome: { in: [] } })).to.deep.equal([]);
    expect(await sentences({ outcome: { eq: 'REFUSED', in: ['SUCCEEDED'] } })).to.deep.equal([]);
    expect(await sentences({ resource: groupId, outcome: { eq: 'SUCCEEDED' } })).to.deep.equal([
      'Deleted group Ka***.',
      'Created group Ka***.',
    ]);
    expect(await sentences({ at: { gte: between }, sentence: { startsWith: 'created group' } })).to.deep.equal([
      'Created group Ka***.',
    ]);
    expect(await sentences({ sentence: { endsWith: 'ka***.' }, requestId: null })).to.have.length(2);
    for (const sentence of [{ startsWith: 'group ka' }, { endsWith: 'group ka' }, { contains: 'created  group' }])
      expect(await sentences({ sentence }), JSON.stringify(sentence)).to.deep.equal([]);
    const afterwards = ['Created user zo***@fabriek.example.', 'Deleted group Ka***.', 'Created group Ka***.'];
    expect(await sentences({ at: { gte: between }, outcome: { eq: 'SUCCEEDED' } })).to.deep.equal(afterwards);
  });

  it('gives null for a person or group that is gone, and still shows a deleted person', async () => {
    const { body } = await tenant.scim('POST', '/Users', aUser({ userName: 'gone@fabriek.example' }));
    await tenant.scim('DELETE', `/Users/${body.id}`);
    const person = (await ask({ resource: body.id })).nodes;
    expect(person).to.have.length(2);
    expect(person[0].resource).to.deep.equal({ id: globalId('User', body.id) });
    expect((await ask({ resource: groupId })).nodes[0].resource).to.equal(null);
  });

  it('pages by cursor without repeating or missing, while entries are added', async () => {
    const all = each((await ask()).nodes, 'id');
    const walked: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const { nodes, pageInfo } = await ask({}, { first: 2, after });
      walked.push(...each(nodes, 'id'));
      if (walked.length === 2) await tenant.scim('POST', '/Users', aUser());
      after = pageInfo.endCursor as string;
      more = pageInfo.hasNextPage as boolean;
    }
    expect(walked).to.deep.equal(all);
  });

  it('refuses a cursor of another condition', async () => {
    const { pageInfo } = await ask({ outcome: { eq: 'SUCCEEDED' } }, { first: 1 });
    const variables = { where: { outcome: { eq: 'REFUSED' } }, after: pageInfo.endCursor };
    expect(await codes(tenant, LOG, variables)).to.deep.equal(['CURSOR_INVALID']);
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`is refused to ${role}`, async () => {
      expect(await codes(tenant, LOG, {}, role)).to.deep.equal(['FORBIDDEN']);
      expect(await codes(tenant, '{ provisioningLog { totalCount } }', {}, role)).to.deep.equal(['FORBIDDEN']);
    });
  }

  it('has nothing of another tenant, whatever is asked for', async () => {
    const stranger = await aTenant();
    for (const where of [
      {},
      { resource: created.body.id },
      { requestId: requestIdOf(created) },
      { appIntegration: tenant.clientId },
    ]) {
      const { provisioningLog } = await data(stranger, LOG, { where });
      expect(provisioningLog).to.deep.include({ totalCount: 0, nodes: [] });
    }
  });
});

import { expect } from 'chai';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { type Connected } from '../../src/simulator/connect.js';
import { compare } from '../../src/simulator/verify/compare.js';
import { scimTestimony } from '../../src/simulator/verify/scimTestimony.js';
import { aUser } from '../support/builders.js';
import { type Json, aTenant, type TestTenant } from '../support/tenant.js';
import { type Fault, faultyServer } from './faultyServer.js';
import { aJob, aState, differences, targetOf } from './simulation.js';

/** Runs an initial cycle against a server with a fault; whoever verifies asks the real one. */
async function provisionedThrough(fault: Fault): Promise<{ tenant: TestTenant; job: Connected }> {
  const tenant = await aTenant();
  const proxy = await faultyServer(tenant.server.url, fault);
  const state = await aState({ people: 60, groups: 6 });
  const broken = aJob(tenant, state, { target: targetOf(tenant, proxy.url) });
  expect(await runCycle(broken, 'initial')).to.deep.equal({ kind: 'completed' });
  broken.close();
  await proxy.stop();
  return { tenant, job: aJob(tenant, state) };
}

const operation = (body: Json): Json => body?.Operations?.[0];

/** The request for which this holds for the first time. */
function onlyFirst(
  matches: (method: string, path: string, body: Json) => boolean,
): (...of: [string, string, Json]) => boolean {
  const state = { done: false };
  return (...of) => !state.done && (state.done = matches(...of));
}

describe('verify', function () {
  this.timeout(60_000);

  it('finds nothing against a server without a fault in between', async () => {
    const { tenant, job } = await provisionedThrough((_, pass) => pass());
    expect(await differences(tenant, job)).to.deep.equal([]);
  });

  it('finds the one member that a server lost of several parallel changes, by SCIM and by GraphQL', async () => {
    const lost: string[] = [];
    const isFirst = onlyFirst(
      (method, _, body) =>
        method === 'PATCH' && Array.isArray(operation(body)?.value) && operation(body).value.length > 1,
    );
    const { tenant, job } = await provisionedThrough(({ method, path, body }, pass) => {
      if (!isFirst(method, path, body)) return pass();
      const [{ value, ...rest }] = body.Operations;
      lost.push(value[0].value);
      return pass({ ...body, Operations: [{ ...rest, value: value.slice(1) }] });
    });
    const found = await differences(tenant, job);
    expect(found.map(({ kind, what }) => [kind, what])).to.deep.equal([
      ['missing', 'member'],
      ['missing', 'member'],
    ]);
    const person = [...job.state.links].find(([, { id }]) => id === lost[0])?.[0] ?? '';
    const name = job.state.organisation.people.get(person)?.userPrincipalName ?? 'nobody';
    expect(found.every((one) => one.name.startsWith(`${name} in `))).to.equal(true);
  });

  it('finds a value that was changed on the way, and says both', async () => {
    const isFirst = onlyFirst((method, path) => method === 'POST' && path.endsWith('/Users'));
    const { tenant, job } = await provisionedThrough(({ method, path, body }, pass) =>
      isFirst(method, path, body) ? pass({ ...body, title: 'Somebody else' }) : pass(),
    );
    const [first, second, ...more] = await differences(tenant, job);
    const { name, expected } = first as Json;
    expect(first).to.deep.equal({
      kind: 'different',
      what: 'person',
      name,
      attribute: 'title',
      expected,
      shown: '"Somebody else"',
    });
    expect(second).to.deep.equal(first);
    expect(more).to.deep.equal([]);
  });

  it('finds a manager that was not written', async () => {
    const isFirst = onlyFirst((method, _, body) => method === 'PATCH' && /:manager$/.test(operation(body)?.path));
    const { tenant, job } = await provisionedThrough(({ method, path, body }, pass) =>
      isFirst(method, path, body) ? Promise.resolve({ status: 204 }) : pass(),
    );
    const found = await differences(tenant, job);
    expect(found.map((one) => one.kind === 'different' && [one.attribute, one.shown])).to.deep.equal([
      ['manager', 'nothing'],
      ['manager', 'nothing'],
    ]);
  });

  it('finds people and groups that are missing and that are too many, but not people of the service’s own', async () => {
    const { tenant, job } = await provisionedThrough((_, pass) => pass());
    // Whoever came last leads nobody.
    const [other, person] = [...job.state.links.values()].slice(-2);
    await tenant.scim('DELETE', `/Users/${person?.id}`);
    await tenant.scim('PATCH', `/Users/${other?.id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'nickName', value: 'is not mapped' }],
    });
    await tenant.scim('POST', '/Users', aUser({ externalId: 'somebody-elses', userName: 'too.many@fabriek.example' }));
    await tenant.scim('POST', '/Users', aUser());
    const found = (await differences(tenant, job)).filter(({ what }) => what === 'person');
    expect(found.map(({ kind }) => kind).sort()).to.deep.equal(['extra', 'extra', 'missing', 'missing']);
    expect(found.find(({ kind }) => kind === 'extra')?.name).to.equal('too.many@fabriek.example');
  });

  it('reads by index where a server has no cursors, and sees the same', async () => {
    const { tenant, job } = await provisionedThrough((_, pass) => pass());
    const proxy = await faultyServer(tenant.server.url, async ({ path }, pass) => {
      const given = await pass();
      return path.endsWith('/ServiceProviderConfig')
        ? { ...given, body: { ...given.body, pagination: undefined } }
        : given;
    });
    const through = aJob(tenant, job.state, { target: targetOf(tenant, proxy.url) });
    const small = { Users: 7, Groups: 2 };
    const byIndex = await compare(job.state, 'SCIM', scimTestimony(through.client, small));
    const byCursor = await compare(job.state, 'SCIM', scimTestimony(job.client, small));
    expect({ ...byIndex, seconds: 0 }).to.deep.equal({ ...byCursor, seconds: 0 });
    expect(byIndex.differences).to.deep.equal([]);
    expect([byIndex.people, byIndex.groups]).to.deep.equal([job.state.links.size, 6]);
    const pages = proxy.seen.filter(({ path }) => /\?/.test(path));
    expect(pages.every(({ path }) => path.includes('startIndex=') && !path.includes('cursor='))).to.equal(true);
    await proxy.stop();
  });
});

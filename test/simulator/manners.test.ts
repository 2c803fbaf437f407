import { expect } from 'chai';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { openSession } from '../../src/simulator/session.js';
import { CREDENTIALS_SENT } from '../../src/simulator/wire/token.js';
import { type Json, aTenant } from '../support/tenant.js';
import { faultyServer, type Passing } from './faultyServer.js';
import { aJob, aState, targetOf } from './simulation.js';

/** Everything an initial cycle sends, and a second one in which one person got another name and department. */
async function recorded(flag = ''): Promise<{ initial: readonly Passing[]; second: readonly Passing[] }> {
  const tenant = await aTenant();
  const proxy = await faultyServer(tenant.server.url, (_, pass) => pass());
  const target = targetOf(tenant, proxy.url);
  const job = aJob(tenant, await aState({ people: 40, groups: 4 }), {
    target: { ...target, tenantUrl: `${target.tenantUrl}${flag}` },
  });
  await runCycle(job, 'initial');
  const initial = [...proxy.seen];
  const [person] = [...job.state.organisation.people.values()].slice(1);
  if (!person) throw new Error('The organisation is empty');
  Object.assign(person, { displayName: 'Another Name', department: 'Elders', mail: 'other@fabriek.example' });
  person.accountEnabled = false;
  job.state.changed.add(person.objectId);
  const group = [...job.state.organisation.groups.values()].at(-1);
  group?.members.delete([...group.members][0] ?? '');
  await runCycle(job, 'incremental');
  job.close();
  await proxy.stop();
  return { initial, second: proxy.seen.slice(initial.length) };
}

const scim = (seen: readonly Passing[]): Passing[] => seen.filter(({ path }) => path.startsWith('/scim/'));
const patches = (seen: readonly Passing[]): Json[] =>
  seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body.Operations);

describe('the simulator has Entra’s manners', function () {
  this.timeout(60_000);

  it('sends no User-Agent and no Accept, and bodies as application/scim+json; charset=utf-8', async () => {
    const { initial } = await recorded();
    for (const { method, headers } of scim(initial)) {
      expect(headers).to.not.have.any.keys('user-agent', 'accept', 'accept-encoding');
      expect(headers.authorization).to.match(/^Bearer /);
      expect(headers['content-type']).to.equal(method === 'GET' ? undefined : 'application/scim+json; charset=utf-8');
    }
  });

  it('tests the connection, matches before it makes anybody, and sends references last', async () => {
    const { initial } = await recorded();
    const [person, group] = scim(initial);
    expect(person?.path).to.match(/^\/scim\/v2\/Users\?filter=userName\+eq\+%22[\da-f-]{36}%22$/);
    expect(group?.path).to.match(/^\/scim\/v2\/Groups\?excludedAttributes=members&filter=displayName\+eq\+%22/);
    const kinds = scim(initial)
      .slice(2)
      .map(({ method, path, body }) => {
        if (method !== 'PATCH')
          return `${method} ${/Users|Groups/.exec(path)?.[0]}${/and\+manager/.test(path) ? ' manager' : ''}`;
        return body.Operations[0].path.replace(/.*:/, '');
      });
    const order = [/^(GET|POST) Users$/, /^(GET|POST) Groups$/, /manager$/, /^members$/];
    const phases = kinds.map((kind) => order.findIndex((of) => of.test(kind)));
    expect(phases).to.deep.equal(phases.toSorted((a, b) => a - b));
    expect(new Set(phases).size).to.equal(4);
    expect(kinds.indexOf('GET Users')).to.be.below(kinds.indexOf('POST Users'));
  });

  it('leaves out the mark of a guest, people who are switched off, and the address of who has none', async () => {
    const { initial } = await recorded();
    const made = scim(initial)
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/Users'))
      .map(({ body }) => body);
    expect(made).to.have.length(40 - 1);
    expect(made.some(({ userName }) => /_partner\.example@/.test(userName))).to.equal(true);
    expect(made.some(({ userName }) => userName.includes('#'))).to.equal(false);
    expect(made.every(({ active }) => active === true)).to.equal(true);
  });

  it('patches in the default dialect: one capitalised operation for each value, booleans as text', async () => {
    const { second } = await recorded();
    const [first, members] = patches(second);
    expect(first.map(({ op }: Json) => op)).to.deep.equal(['Replace', 'Replace', 'Replace', 'Replace']);
    expect(first.find(({ path }: Json) => path === 'active')).to.deep.equal({
      op: 'Replace',
      path: 'active',
      value: 'False',
    });
    expect(members).to.deep.equal([
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: members[0].value[0].value }] },
    ]);
  });

  it('patches in the other dialect when the flag is in the tenant URL: merged, typed, in lower case', async () => {
    const { second } = await recorded('?aadOptscim062020');
    const [first, members] = patches(second);
    expect(first.map(({ op, path }: Json) => [op, path])).to.deep.equal([
      ['replace', 'emails[type eq "work"].value'],
      ['replace', undefined],
    ]);
    expect(first[1].value).to.deep.equal({
      active: false,
      displayName: 'Another Name',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'Elders',
    });
    expect(members).to.have.length(1);
    expect(members[0].path).to.match(/^members\[value eq "[\da-f-]{36}"\]$/);
    expect(second.some(({ path }) => path.includes('aadOptscim'))).to.equal(false);
  });

  it('provisions on demand in the default dialect, whatever the flag says', async () => {
    const tenant = await aTenant();
    const proxy = await faultyServer(tenant.server.url, (_, pass) => pass());
    const job = aJob(tenant, await aState({ people: 5, groups: 0 }), {
      target: targetOf(tenant, proxy.url),
      dialect: 'aadOptscim062020',
    });
    const [, person] = [...job.state.organisation.people.values()];
    if (!person) throw new Error('The organisation is empty');
    const session = openSession({ job, command: 'on-demand' });
    await session.onDemand(person.objectId);
    person.jobTitle = 'Directeur';
    await session.onDemand(person.objectId);
    expect(patches(proxy.seen)).to.deep.equal([[{ op: 'Replace', path: 'title', value: 'Directeur' }]]);
    expect(job.state.links.size).to.equal(1);
    await proxy.stop();
  });

  for (const sent of CREDENTIALS_SENT) {
    it(`gets a token with its credentials in: ${sent}`, async () => {
      const tenant = await aTenant();
      const proxy = await faultyServer(tenant.server.url, (_, pass) => pass());
      const target = targetOf(tenant, proxy.url);
      const job = aJob(tenant, await aState({ people: 2, groups: 0 }), {
        target: { ...target, credentials: { ...target.credentials, sent } },
      });
      expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
      const asked = proxy.seen.filter(({ path }) => path === '/oauth2/token');
      expect(asked).to.have.length(1);
      expect([
        asked[0]?.headers.authorization?.startsWith('Basic ') ?? false,
        /client_secret=/.test(asked[0]?.body),
      ]).to.deep.equal([sent !== 'body', sent !== 'header']);
      await proxy.stop();
    });
  }
});

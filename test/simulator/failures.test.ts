import { expect } from 'chai';
import { isTooMuch } from '../../src/simulator/cycle/failing.js';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { type State } from '../../src/simulator/cycle/state.js';
import { type Json, aTenant, type TestTenant } from '../support/tenant.js';
import { type Fault, faultyServer, type FaultyServer } from './faultyServer.js';
import { aJob, aState, differences, targetOf } from './simulation.js';

const DAY = 24 * 60;
const isCreate = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/Users');

describe('the simulator fails as Entra does', function () {
  this.timeout(60_000);
  const proxies: FaultyServer[] = [];
  afterEach(async () => {
    for (const proxy of proxies.splice(0)) await proxy.stop();
  });

  /** A job through a server with a fault. */
  const through = async (fault: Fault, state?: State, given?: TestTenant) => {
    const tenant = given ?? (await aTenant());
    const proxy = await faultyServer(tenant.server.url, fault);
    proxies.push(proxy);
    const job = aJob(tenant, state ?? (await aState({ people: 12, groups: 2 })), {
      target: targetOf(tenant, proxy.url),
    });
    return { tenant, proxy, job };
  };

  it('waits as long as 429 says, and repeats only what was refused', async () => {
    const refused = new Map<string, number>();
    const { tenant, job, proxy } = await through((request, pass) => {
      if (!isCreate(request) || refused.has(request.body.userName)) return pass();
      refused.set(request.body.userName, performance.now());
      return Promise.resolve({ status: 429, headers: { 'Retry-After': '1' }, body: { detail: 'Too fast.' } });
    });
    const started = performance.now();
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    expect(performance.now() - started).to.be.above(1000);
    expect(proxy.seen.filter(isCreate)).to.have.length(refused.size * 2);
    expect(job.meter.figures().refusals).to.deep.equal([]);
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
  });

  it('ends the cycle when it is asked to wait for longer than a run can, and goes on in the next', async () => {
    const brake = { on: true };
    const { tenant, job } = await through((request, pass) =>
      brake.on && isCreate(request)
        ? Promise.resolve({ status: 429, headers: { 'Retry-After': '3600' }, body: { detail: 'Later.' } })
        : pass(),
    );
    expect(await runCycle(job, 'initial')).to.include({ kind: 'stopped' });
    brake.on = false;
    expect(await runCycle(job, 'incremental')).to.deep.equal({ kind: 'completed' });
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
  });

  it('takes a 503 for long as that of one object: goes on with the others, and repeats it six hours later', async () => {
    const brake = { on: true };
    const { tenant, job, proxy } = await through((request, pass) =>
      brake.on && isCreate(request)
        ? Promise.resolve({ status: 503, headers: { 'Retry-After': '3600' }, body: { detail: 'Later.' } })
        : pass(),
    );
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    const tried = proxy.seen.filter(isCreate).length;
    expect(job.meter.figures().refusals).to.deep.include({
      ...job.meter.figures().refusals[0],
      count: tried,
      status: 503,
      detail: 'Later.',
    });
    brake.on = false;
    await runCycle(job, 'incremental');
    expect(proxy.seen.filter(isCreate)).to.have.length(tried);
    job.state.clock += DAY / 4;
    expect(await runCycle(job, 'incremental')).to.deep.equal({ kind: 'completed' });
    expect(proxy.seen.filter(isCreate)).to.have.length(2 * tried);
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
  });

  it('tries again what the server broke on, and makes nobody twice when an answer was lost', async () => {
    const seen = new Set<string>();
    const { tenant, job } = await through(async (request, pass) => {
      if (!isCreate(request) || seen.has(request.body.userName)) return pass();
      seen.add(request.body.userName);
      await pass();
      if (seen.size % 2 === 0) throw new Error('The connection is cut');
      return { status: 500, body: { detail: 'It broke after it was done.' } };
    });
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
    const { body } = await tenant.scim('GET', '/Users?count=100');
    expect(body.totalResults).to.equal(job.state.links.size);
  });

  it('is told 409 by the double of its own request, and goes on with the person who is there now', async () => {
    const { tenant, job } = await through(async (request, pass) => {
      if (isCreate(request)) await pass();
      return pass();
    });
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    const { phases, refusals } = job.meter.figures();
    expect(phases.find(({ phase }) => phase === 'people')?.statuses['409']).to.equal(job.state.links.size);
    expect(refusals).to.deep.equal([]);
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
  });

  it('tries a refused person again after 6, 12 and 24 hours, and at once when the person changes', async () => {
    const { job, proxy } = await through((request, pass) =>
      isCreate(request) && request.body.userName === victim?.userPrincipalName
        ? Promise.resolve({ status: 400, body: { detail: 'This one not.' } })
        : pass(),
    );
    const victim = [...job.state.organisation.people.values()].at(3);
    const tries = async (kind: 'initial' | 'incremental', minutes: number): Promise<number> => {
      const before = proxy.seen.filter(isCreate).length;
      await runCycle(job, kind, minutes);
      return proxy.seen.filter(isCreate).length - before;
    };
    await tries('initial', 40);
    const objectId = victim?.objectId ?? '';
    expect(job.state.failing.get(objectId)).to.deep.include({
      status: 400,
      detail: 'This one not.',
      failures: 1,
      next: 360,
    });
    expect(await tries('incremental', 320)).to.equal(0);
    expect(await tries('incremental', 40)).to.equal(1);
    expect(job.state.failing.get(objectId)?.next).to.equal(360 + 720);
    job.state.changed.add(objectId);
    expect(await tries('incremental', 40)).to.equal(1);
    expect(job.state.failing.get(objectId)).to.deep.include({ failures: 3, next: 400 + DAY });
    expect(job.meter.figures().refusals).to.have.length(1);
  });

  it('gets a new token when the old one is refused', async () => {
    const dead = new Set<string>();
    const { tenant, job, proxy } = await through((request, pass) => {
      const { authorization = '' } = request.headers;
      if (isCreate(request) && dead.size === 0) dead.add(authorization);
      return dead.has(authorization) ? Promise.resolve({ status: 401, body: { detail: 'Expired.' } }) : pass();
    });
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    expect(proxy.seen.filter(({ path }) => path === '/oauth2/token').length).to.be.within(2, 3);
    expect(await differences(tenant, aJob(tenant, job.state))).to.deep.equal([]);
  });

  it('goes into quarantine at once when credentials are wrong, then tries once a day', async () => {
    const broken = { on: true };
    const { job } = await through((request, pass) =>
      broken.on && request.path === '/oauth2/token'
        ? Promise.resolve({ status: 401, body: { error: 'invalid_client' } })
        : pass(),
    );
    const end = await runCycle(job, 'initial');
    expect(end).to.deep.include({ kind: 'quarantine' });
    expect((end as Json).why).to.match(/invalid_client/);
    expect(job.state.quarantine).to.deep.include({ since: 0, next: DAY });
    broken.on = false;
    expect(await runCycle(job, 'incremental')).to.deep.equal({ kind: 'completed' });
    expect([job.state.clock, job.state.quarantine]).to.deep.equal([DAY + 40, undefined]);
  });

  it('goes into quarantine when a server answers 404 where a list is due, or finds somebody nobody is', async () => {
    const lists = [
      { status: 404, body: { detail: 'No such page.' } },
      { status: 200, body: { totalResults: 1, Resources: [{ id: '1', userName: 'somebody' }] } },
      { status: 200, body: {} },
    ];
    for (const given of lists) {
      const { job } = await through((request, pass) =>
        request.path.includes('?filter=') ? Promise.resolve(given) : pass(),
      );
      expect((await runCycle(job, 'initial')).kind).to.equal('quarantine');
    }
  });

  it('goes into quarantine from 5 000 failures of more than 40 %, or from 40 000', () => {
    expect(
      [4999, 5000, 5000, 39_999, 40_000].map((failures, n) =>
        isTooMuch(failures, [5000, 12_000, 12_500, 1e6, 1e6][n] ?? 0),
      ),
    ).to.deep.equal([false, true, false, false, true]);
  });

  it('makes somebody anew who is not there any more by the known id', async () => {
    const { tenant, job } = await through((_, pass) => pass());
    await runCycle(job, 'initial');
    const [objectId = '', link] = [...job.state.links].at(-1) ?? [];
    await tenant.scim('DELETE', `/Users/${link?.id}`);
    const person = job.state.organisation.people.get(objectId);
    if (person) person.jobTitle = 'Terug';
    job.state.changed.add(objectId);
    expect(await runCycle(job, 'incremental')).to.deep.equal({ kind: 'completed' });
    const found = await differences(tenant, aJob(tenant, job.state));
    expect(found.filter(({ what }) => what !== 'member')).to.deep.equal([]);
  });

  it('says of who is missing what the server said, when addresses are in use twice', async () => {
    const state = await aState({ people: 60, groups: 2, dirt: true });
    const { tenant, job } = await through((_, pass) => pass(), state);
    expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
    const found = await differences(tenant, aJob(tenant, job.state));
    expect(found.length).to.equal(2);
    for (const one of found) {
      expect(one).to.deep.include({ kind: 'missing', what: 'person' });
      expect((one as Json).why).to.match(/e-mail address .* is already in use/);
    }
  });
});

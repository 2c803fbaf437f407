import { expect } from 'chai';
import { data, each } from '../graphql/asking.js';
import { type TestServer } from '../support/server.js';
import { type Json } from '../support/tenant.js';
import { aClockwork, aCrowd, type BrakeScene, counted, decide } from './brakeScene.js';

const RELEASE = 'releaseDeactivationBrake';
const REJECT = 'rejectDeactivationBrake';

describe('an administrator decides about the deactivation brake', function () {
  this.timeout(60_000);
  const clock: { server?: TestServer; pass?: (hours: number) => void } = {};
  before(async () => Object.assign(clock, await aClockwork()));
  after(async () => clock.server?.stop());
  const pass = (hours: number) => clock.pass?.(hours);

  /** Pulled, with so many who are held. */
  const pulled = async (held = 3): Promise<{ scene: BrakeScene; held: string[] }> => {
    const scene = await aCrowd(100, clock.server);
    await scene.leave(20);
    const ids = scene.people.slice(0, held);
    expect(counted(await scene.leave(held))).to.deep.equal({ 503: held });
    return { scene, held: ids };
  };
  const stateOf = async (scene: BrakeScene) => {
    const { state, heldPeople } = await scene.brake();
    return [state, heldPeople.totalCount] as unknown;
  };

  it('stays pulled until somebody decides, however long', async () => {
    const { scene, held } = await pulled();
    for (const hours of [1, 6, 24, 48, 71]) {
      pass(hours);
      expect(counted(await scene.tryAgain(held))).to.deep.equal({ 503: 3 });
    }
    expect(await stateOf(scene)).to.deep.equal(['PULLED', 3]);
  });

  it('released: what is repeated passes, and everything else for 24 hours; then it watches from zero', async () => {
    const { scene, held } = await pulled();
    expect(await decide(scene, RELEASE)).to.deep.equal({ deactivationBrake: { state: 'RELEASED' }, userErrors: [] });
    expect(counted(await scene.tryAgain(held.slice(0, 2)))).to.deep.equal({ 200: 2 });
    expect(await stateOf(scene)).to.deep.equal(['RELEASED', 1]);
    scene.people.push(...(await scene.crowd(100)));
    pass(23.9);
    expect(counted(await scene.leave(60))).to.deep.equal({ 200: 60 });
    pass(0.2);
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 1]);
    expect(counted(await scene.leave(24))).to.deep.equal({ 200: 23, 503: 1 });
  });

  it('holds nobody who is not active any more, however that came', async () => {
    const { scene, held } = await pulled();
    await decide(scene, 'setDeactivationBrake(input: { enabled: false })');
    expect(counted(await scene.tryAgain(held))).to.deep.equal({ 200: 3 });
    await decide(scene, 'setDeactivationBrake(input: { enabled: true })');
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 0]);
    await decide(scene, RELEASE);
    await decide(scene, REJECT);
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 0]);
    expect(counted(await scene.leave(5))).to.deep.equal({ 200: 5 });
  });

  it('released: who was held passes later too, beyond the limit, as Entra ID repeats after a day and more', async () => {
    const { scene, held } = await pulled(30);
    await decide(scene, RELEASE);
    pass(47);
    expect(counted(await scene.tryAgain(held))).to.deep.equal({ 200: 30 });
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 0]);
  });

  it('rejected: goes on refusing, and watches again when none was tried for an hour', async () => {
    const { scene } = await pulled();
    expect(await decide(scene, REJECT)).to.deep.equal({ deactivationBrake: { state: 'REJECTED' }, userErrors: [] });
    pass(0.9);
    const [refused] = await scene.leave(1);
    expect(refused?.body.detail).to.match(/rejected by an administrator/);
    pass(0.9);
    expect(counted(await scene.leave(1))).to.deep.equal({ 503: 1 });
    expect(await stateOf(scene)).to.deep.equal(['REJECTED', 5]);
    pass(1.1);
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 5]);
    expect(counted(await scene.leave(1))).to.deep.equal({ 200: 1 });
  });

  it('rejected: watches again after a day where somebody leaves every hour', async () => {
    const { scene } = await pulled();
    await decide(scene, REJECT);
    for (let hours = 0.9; hours < 24; hours += 0.9) {
      pass(0.9);
      expect(counted(await scene.leave(1)), `after ${hours} h`).to.deep.equal(hours < 24 ? { 503: 1 } : { 200: 1 });
    }
    pass(0.9);
    expect(counted(await scene.leave(1))).to.deep.equal({ 200: 1 });
  });

  it('a release in advance can be taken back: the brake watches, as if nothing had been decided', async () => {
    const scene = await aCrowd(100, clock.server);
    await decide(scene, RELEASE);
    expect(await stateOf(scene)).to.deep.equal(['RELEASED', 0]);
    expect(await decide(scene, REJECT)).to.deep.equal({ deactivationBrake: { state: 'WATCHING' }, userErrors: [] });
    expect(counted(await scene.leave(1))).to.deep.equal({ 200: 1 });
    expect(counted(await scene.leave(24))).to.deep.equal({ 200: 19, 503: 5 });
  });

  it('rejected: who is held stays, however often repeated, while others may leave', async () => {
    const { scene, held } = await pulled();
    await decide(scene, REJECT);
    for (const hours of [6, 12, 24, 24]) {
      pass(hours);
      expect(counted(await scene.tryAgain(held))).to.deep.equal({ 503: 3 });
      expect(counted(await scene.leave(1))).to.deep.equal({ 200: 1 });
    }
    pass(73);
    expect(counted(await scene.tryAgain(held))).to.deep.equal({ 200: 3 });
  });

  it('a rejection can be reversed by a release, and a release by a rejection', async () => {
    const { scene, held } = await pulled();
    await decide(scene, REJECT);
    await decide(scene, RELEASE);
    expect(counted(await scene.tryAgain(held.slice(0, 1)))).to.deep.equal({ 200: 1 });
    await decide(scene, REJECT);
    expect(counted(await scene.tryAgain(held.slice(1)))).to.deep.equal({ 503: 2 });
  });

  it('a pull nobody decides on lapses when none was tried for 72 hours', async () => {
    const { scene, held } = await pulled();
    pass(72.1);
    expect(await stateOf(scene)).to.deep.equal(['WATCHING', 0]);
    expect(counted(await scene.tryAgain(held))).to.deep.equal({ 200: 3 });
  });

  it('counts within the window only', async () => {
    const scene = await aCrowd(200, clock.server);
    expect(counted(await scene.leave(40))).to.deep.equal({ 200: 40 });
    pass(61 / 60);
    expect(counted(await scene.leave(33))).to.deep.equal({ 200: 32, 503: 1 });
  });

  it('shows who is held, since when, page by page', async () => {
    const { scene, held } = await pulled();
    pass(2);
    await scene.tryAgain(held.slice(0, 1));
    const page = `all: heldPeople { edges { firstTriedAt lastTriedAt node { scimId } } } heldPeople(first: 2) { totalCount pageInfo { hasNextPage } nodes { scimId } }`;
    const { all, heldPeople } = await scene.brake(page);
    expect(heldPeople.totalCount).to.equal(3);
    expect(heldPeople.pageInfo.hasNextPage).to.equal(true);
    expect(each(heldPeople.nodes, 'scimId')).to.deep.equal([...held].sort().slice(0, 2));
    const again = (all.edges as Json[]).find(({ node }) => node.scimId === held[0]);
    expect(Date.parse(again.lastTriedAt) - Date.parse(again.firstTriedAt)).to.be.within(7_190_000, 7_230_000);
  });

  it('history says who pulled, released, rejected, and what lapsed, with the counts', async () => {
    const { scene } = await pulled();
    await decide(scene, REJECT);
    await decide(scene, RELEASE);
    pass(25);
    await scene.leave(1);
    const { history } = await data(
      scene,
      `{ history(where: { kind: { in: [BRAKE_PULLED, BRAKE_RELEASED, BRAKE_REJECTED, BRAKE_LAPSED] } }) {
        nodes { kind resourceType actor { kind name } attributes { attribute before after } } } }`,
    );
    expect(each(history.nodes, 'kind')).to.deep.equal([
      'BRAKE_LAPSED',
      'BRAKE_RELEASED',
      'BRAKE_REJECTED',
      'BRAKE_PULLED',
    ]);
    expect((history.nodes as Json[]).map(({ actor }) => actor.kind as string)).to.deep.equal([
      'SYSTEM',
      'PERSON',
      'PERSON',
      'INTEGRATION',
    ]);
    expect(history.nodes[3]).to.deep.include({ resourceType: 'TENANT' });
    expect(history.nodes[3].attributes).to.have.deep.members([
      { attribute: 'deactivationBrake', before: 'WATCHING', after: 'PULLED' },
      { attribute: 'deactivated', before: null, after: 20 },
      { attribute: 'managedPeople', before: null, after: 100 },
    ]);
    expect(history.nodes[2].attributes).to.have.deep.members([
      { attribute: 'deactivationBrake', before: 'PULLED', after: 'REJECTED' },
      { attribute: 'peopleHeld', before: null, after: 3 },
    ]);
  });

  it('the provisioning log has every refused request as a sentence', async () => {
    const { scene } = await pulled(2);
    const { provisioningLog } = await data(
      scene,
      '{ provisioningLog(where: { outcome: { eq: REFUSED } }) { nodes { sentence status resourceType } } }',
    );
    expect(provisioningLog.nodes).to.have.length(2);
    for (const entry of provisioningLog.nodes as Json[]) {
      expect(entry).to.deep.include({ status: 503, resourceType: 'USER' });
      expect(entry.sentence).to.match(
        /^Refused a user request: The deactivation brake holds this back: 20 of 100 managed/,
      );
    }
  });

  it('refuses what cannot be decided now, and settings out of bounds', async () => {
    const scene = await aCrowd(1, clock.server);
    const codes = async (mutation: string) => each((await decide(scene, mutation)).userErrors, 'code');
    expect(await codes(REJECT)).to.deep.equal(['NOT_NOW']);
    expect(await codes(RELEASE)).to.deep.equal([]);
    await decide(scene, 'setDeactivationBrake(input: { enabled: false })');
    expect(await codes(RELEASE)).to.deep.equal(['NOT_NOW']);
    for (const input of ['sharePercent: 0', 'sharePercent: 101', 'leastPeople: 0', 'windowMinutes: 1441'])
      expect(await codes(`setDeactivationBrake(input: { ${input} })`)).to.deep.equal(['INVALID']);
  });

  it('is for administrators only', async () => {
    const { scene } = await pulled();
    for (const role of ['ANALYST', 'FRONTEND'] as const) {
      for (const asked of [
        '{ deactivationBrake { state } }',
        '{ deactivationBrake { heldPeople { totalCount } } }',
        `mutation { ${RELEASE} { userErrors { message } } }`,
        `mutation { ${REJECT} { userErrors { message } } }`,
        'mutation { setDeactivationBrake(input: { enabled: false }) { userErrors { message } } }',
      ]) {
        const { body } = await scene.graphql(asked, {}, { role });
        expect(body.errors?.[0]?.extensions?.code, asked).to.equal('FORBIDDEN');
      }
    }
    expect(await stateOf(scene)).to.deep.equal(['PULLED', 3]);
  });

  it('its settings are among those of the tenant, and changes of them in history', async () => {
    const scene = await aCrowd(1, clock.server);
    await decide(scene, 'setDeactivationBrake(input: { sharePercent: 30, windowMinutes: 120, leastPeople: null })');
    const { tenantSettings, history } = await data(
      scene,
      `{ tenantSettings { deactivationBrake { enabled sharePercent leastPeople windowMinutes state explanation } }
        history(first: 1) { nodes { kind attributes { attribute before after } } } }`,
    );
    expect(tenantSettings.deactivationBrake).to.deep.equal({
      enabled: true,
      sharePercent: 30,
      leastPeople: 20,
      windowMinutes: 120,
      state: 'WATCHING',
      explanation:
        'Provisioning may deactivate or delete 30 % of the managed people within 120 minutes, and 20 people in any case.',
    });
    expect(history.nodes[0].kind).to.equal('CHANGED');
    expect(history.nodes[0].attributes).to.have.deep.members([
      { attribute: 'deactivationBrake.sharePercent', before: 20, after: 30 },
      { attribute: 'deactivationBrake.windowMinutes', before: 60, after: 120 },
    ]);
  });
});

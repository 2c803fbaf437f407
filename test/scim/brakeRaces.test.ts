// The limit of the deactivation brake when many processes deactivate at once.
import { expect } from 'chai';
import { aScratch, type Scratch } from '../security/scratch.js';
import { startServer, theDatabase, theServer, type TestServer } from '../support/server.js';
import { type Answer, type Json, send } from '../support/tenant.js';
import { aCrowd, counted, deactivation } from './brakeScene.js';

const PEOPLE = 120;
/** A fifth of them. */
const LIMIT = 24;
const AT_ONCE = 60;

/** The answers to deactivations at once, sent to several servers in turn. */
async function race(
  servers: readonly TestServer[],
): Promise<{ answers: Answer<Json>[]; inactive: number; pulled: number }> {
  const scene = await aCrowd(PEOPLE, servers[0]);
  const headers = { Authorization: `Bearer ${scene.token}`, 'Content-Type': 'application/scim+json' };
  const one = (id: string, n: number) => {
    const { url = '' } = servers[n % servers.length] ?? {};
    return n % 3 === 0
      ? send(`${url}/scim/v2/Users/${id}`, 'DELETE', undefined, headers)
      : send(`${url}/scim/v2/Users/${id}`, 'PATCH', deactivation, headers);
  };
  const answers = await Promise.all(scene.people.slice(0, AT_ONCE).map(one));
  const [row] = await scene.sql(`select count(*)::int as inactive,
      (select count(*)::int from change_record where tenant_id = $1 and kind = 'BRAKE_PULLED') as pulled
    from directory_user where tenant_id = $1 and status <> 'ACTIVE'`);
  return { answers, ...(row as { inactive: number; pulled: number }) };
}

describe('the deactivation brake under parallel requests', function () {
  this.timeout(120_000);

  it('never lets more than the limit pass, through two processes with pools of their own, and is pulled once', async () => {
    const second = await startServer({ ...(await theDatabase()).environment, PUBLIC_URL: (await theServer()).url });
    try {
      for (let round = 0; round < 5; round += 1) {
        const { answers, inactive, pulled } = await race([await theServer(), second]);
        const { 503: refused = 0, ...done } = counted(answers);
        expect(Object.keys(done)).to.have.members(['200', '204']);
        expect([inactive, refused, pulled]).to.deep.equal([LIMIT, AT_ONCE - LIMIT, 1]);
      }
    } finally {
      await second.stop();
    }
  });

  it('takes the same person several times at once, and notes the person once', async () => {
    const scene = await aCrowd(100);
    await scene.leave(21);
    const [id = ''] = scene.people;
    const both = (n: number) =>
      n % 2 === 0 ? scene.scim('DELETE', `/Users/${id}`) : scene.scim('PATCH', `/Users/${id}`, deactivation);
    expect(counted(await Promise.all(Array.from({ length: 20 }, (_, n) => both(n))))).to.deep.equal({ 503: 20 });
    expect((await scene.brake()).heldPeople.totalCount).to.equal(2);
  });

  describe('without the lock', () => {
    const scratch: { at?: Scratch } = {};
    before(async () => (scratch.at = await aScratch()));
    after(() => scratch.at?.remove());

    it('lets more pass: this test would see it', async () => {
      const { owner, server } = scratch.at ?? (await aScratch());
      const name = 'pass_deactivation(uuid, timestamptz, text)';
      const { rows } = await owner.query<{ text: string }>(
        `select pg_get_functiondef('${name}'::regprocedure) as text`,
      );
      const text = rows[0]?.text ?? '';
      expect(text).to.include(' for no key update');
      await owner.query(text.replace(' for no key update', ''));
      expect((await race([server])).inactive).to.be.above(LIMIT);
    });
  });
});

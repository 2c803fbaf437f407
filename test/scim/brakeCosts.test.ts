import { expect } from 'chai';
import { sentWhile } from '../graphql/sending.js';
import { aGroup, aUser } from '../support/builders.js';
import { aCrowd, deactivation } from './brakeScene.js';

const TITLE = { op: 'Replace', path: 'title', value: 'Chef' };

describe('the deactivation brake costs', function () {
  this.timeout(60_000);

  it('one statement of a deactivation or deletion, and nothing of anything else', async () => {
    const scene = await aCrowd(3);
    const [a = '', b = ''] = scene.people;
    const statements = async (...request: Parameters<typeof scene.scim>) =>
      (await sentWhile(() => scene.scim(...request))).map(({ text }) => text);
    const isOfBrake = (text: string) => /brake|deactivation/.test(text);
    // The caller's state is remembered for some seconds: it is not part of the request.
    await statements('GET', `/Users/${a}`);
    const title = { ...deactivation, Operations: [TITLE] };
    const others = [
      await statements('GET', `/Users/${a}`),
      await statements('POST', '/Users', aUser()),
      await statements('PATCH', `/Users/${a}`, title),
      await statements('POST', '/Groups', aGroup({ members: [{ value: a }] })),
    ];
    expect(others.flat().length).to.be.above(10);
    expect(others.flat().filter(isOfBrake)).to.deep.equal([]);
    const patch = await statements('PATCH', `/Users/${a}`, deactivation);
    expect(patch.filter(isOfBrake)).to.deep.equal(['select pass_deactivation($1, $2, $3)']);
    expect(patch.filter((text) => !isOfBrake(text))).to.deep.equal(others[2]);
    const again = await statements('PATCH', `/Users/${a}`, {
      ...deactivation,
      Operations: [{ ...TITLE, path: 'active', value: true }],
    });
    expect(again.filter(isOfBrake)).to.deep.equal([]);
    expect((await statements('DELETE', `/Users/${b}`)).filter(isOfBrake)).to.have.length(1);
  });

  it('a count of the tenant only beyond the number that always passes, and then once in five minutes', async () => {
    const scene = await aCrowd(400);
    const counted = async () => {
      const [row] = await scene.sql('select managed, managed_at as at from deactivation_brake where tenant_id = $1');
      return row as { managed: number | null; at: string | null };
    };
    await scene.leave(20);
    expect((await counted()).managed).to.equal(null);
    await scene.leave(1);
    const first = await counted();
    expect(first.managed).to.equal(379);
    await scene.leave(30);
    expect(await counted()).to.deep.equal({ managed: 349, at: first.at });
  });
});

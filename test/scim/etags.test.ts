import { expect } from 'chai';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('ETags', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const kinds = [
    { path: '/Users', make: () => scene.person(), body: (title: string) => aUser({ title }), change: 'title' },
    { path: '/Groups', make: () => scene.group(), body: () => aGroup(), change: 'externalId' },
  ];
  for (const { path, make, body, change } of kinds) {
    describe(`of ${path}`, () => {
      const operation = (value: string) => patchOf({ op: 'replace', path: change, value });

      it('let a change through that knows the version', async () => {
        const { id } = await make();
        const send = (etag: string, value: string) =>
          scene.scim('PATCH', `${path}/${id}`, operation(value), { 'If-Match': etag });
        for (const [index, etag] of ['W/"1"', '*', 'W/"7", W/"3"', ' W/"4" '].entries()) {
          const answer = await send(etag, `v${index}`);
          expect(answer.status, etag).to.be.oneOf([200, 204]);
          expect(answer.headers.get('ETag')).to.equal(`W/"${index + 2}"`);
        }
      });

      it('S10: refuse PUT, PATCH and DELETE of another version, garbage too, with 412', async () => {
        const made = await make();
        for (const etag of ['W/"2"', 'W/"0"', '"1"', 'W/1', 'garbage', 'W/"', ',', 'W/"1']) {
          const headers = { 'If-Match': etag };
          const wanted = { status: 412, detail: /changed meanwhile.*W\/"1"/ };
          expectRefusal(await scene.scim('PATCH', `${path}/${made.id}`, operation('new'), headers), wanted);
          expectRefusal(await scene.scim('PUT', `${path}/${made.id}`, body('new'), headers), wanted);
          expectRefusal(await scene.scim('DELETE', `${path}/${made.id}`, undefined, headers), wanted);
        }
        expect(await scene.get(`${path}/${made.id}`)).to.deep.equal(made);
      });

      it('answer 404 before 412', async () => {
        const answer = await scene.scim('DELETE', `${path}/x`, undefined, { 'If-Match': 'W/"1"' });
        expectRefusal(answer, { status: 404, detail: /not found/ });
      });

      it('answer 304 without body to who has the version', async () => {
        const { id } = await make();
        for (const etag of ['W/"1"', 'W/"8",W/"1"', '*']) {
          const answer = await scene.scim('GET', `${path}/${id}`, undefined, { 'If-None-Match': etag });
          expect(answer.status, etag).to.equal(304);
          expect(answer.body).to.equal(undefined);
          expect(answer.headers.get('ETag')).to.equal('W/"1"');
        }
        await scene.scim('PATCH', `${path}/${id}`, operation('new'));
        const changed = await scene.scim('GET', `${path}/${id}`, undefined, { 'If-None-Match': 'W/"1"' });
        expect(changed.status).to.equal(200);
        expect(changed.headers.get('ETag')).to.equal('W/"2"').and.to.equal(changed.body.meta.version);
      });
    });
  }

  it('of a person do not move with its groups', async () => {
    const person = await scene.person();
    const group = await scene.group([person.id]);
    const read = await scene.scim('GET', `/Users/${person.id}`);
    expect(read.body.groups).to.deep.equal([
      { value: group.id, $ref: group.meta.location, display: group.displayName, type: 'direct' },
    ]);
    expect(read.headers.get('ETag')).to.equal('W/"1"');
    expect(read.body.meta).to.deep.equal(person.meta);
  });

  it('S10: let one of two writers with the same version through', async () => {
    const { id } = await scene.person();
    const send = (title: string) =>
      scene.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: title }), {
        'If-Match': 'W/"1"',
      });
    const statuses = (await Promise.all(['a', 'b', 'c'].map(send))).map(({ status }) => status);
    expect(statuses.sort()).to.deep.equal([200, 412, 412]);
  });
});

// A manager is one fact with two names, `value` and `$ref`: RFC 7643 sections 2.3.7 and 8.7.1 let clients write either.
import { expect } from 'chai';
import { aUser, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe("a manager's address", () => {
  for (const compatibility of ['ENTRA', 'RFC'] as const) {
    describe(`in profile ${compatibility}`, () => {
      let scene: Scene;
      let bram: Json;
      let jan: Json;
      before(async () => {
        scene = await aScene({ compatibility });
        [bram, jan] = await Promise.all([scene.person({ displayName: 'Bram' }), scene.person({ displayName: 'Jan' })]);
      });

      const managerOf = (person: Json) => person[ENTERPRISE_USER]?.manager as unknown;
      const managed = (manager: unknown) => scene.person({ [ENTERPRISE_USER]: { manager } });
      const isBram = () => ({ value: bram.id as string, $ref: bram.meta.location as string, displayName: 'Bram' });
      const path = `${ENTERPRISE_USER}:manager.$ref`;

      it('is as good as the id, whole or relative, on POST and PUT', async () => {
        for (const $ref of [bram.meta.location, `../Users/${bram.id}`, `/Users/${bram.id}`]) {
          expect(managerOf(await managed({ $ref }))).to.deep.equal(isBram());
        }
        const person = await managed({ value: jan.id });
        const body = aUser({ userName: person.userName, [ENTERPRISE_USER]: { manager: { $ref: bram.meta.location } } });
        const put = await scene.scim('PUT', `/Users/${person.id}`, body);
        expect(managerOf(put.body)).to.deep.equal(isBram());
      });

      it('is as good as the id in a PATCH, as path and in a value, and taken away with it', async () => {
        const person = await managed({ value: jan.id });
        const patched = async (operation: object) => {
          const answer = await scene.patch(`/Users/${person.id}`, operation);
          expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
          return managerOf(answer.body);
        };
        expect(await patched({ op: 'replace', path, value: bram.meta.location })).to.deep.equal(isBram());
        expect(await patched({ op: 'remove', path })).to.equal(undefined);
        const manager = { $ref: bram.meta.location };
        expect(await patched({ op: 'add', value: { [ENTERPRISE_USER]: { manager } } })).to.deep.equal(isBram());
        expect(await patched({ op: 'replace', path, value: null })).to.equal(undefined);
      });

      it('gives way to the id, whatever it says: Entra makes its own', async () => {
        for (const $ref of [jan.meta.location, 'https://elsewhere.example/people/7', null]) {
          expect(managerOf(await managed({ $ref, value: bram.id }))).to.deep.equal(isBram());
        }
      });

      it('may be of somebody who is not here: kept by the id in it', async () => {
        expect(managerOf(await managed({ $ref: 'https://elsewhere.example/Users/7' }))).to.deep.equal({ value: '7' });
      });

      it('is refused where it is no address of a user', async () => {
        const person = await scene.person();
        const wrong = { status: 400, scimType: 'invalidValue', detail: /manager\.\$ref must be the address of a user/ };
        for (const $ref of ['https://elsewhere.example/people/7', '/Groups/7', 'Bram', '/Users/']) {
          expectRefusal(await scene.patch(`/Users/${person.id}`, { op: 'add', path, value: $ref }), wrong);
          const body = aUser({ [ENTERPRISE_USER]: { manager: { $ref } } });
          expectRefusal(await scene.scim('POST', '/Users', body), wrong);
        }
        expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(person);
      });
    });
  }
});

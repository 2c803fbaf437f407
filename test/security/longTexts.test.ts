// What is cheap to send long is read in one go: a search that begins anew at every character keeps everybody waiting for hours.
import { expect } from 'chai';
import { createContext, runInContext } from 'node:vm';
import { projection } from '../../src/attribute/projection.js';
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { bodyEncodingFault } from '../../src/operation/bodyEncoding.js';
import { newNotes } from '../../src/scim/notes.js';
import { changeFromBody } from '../../src/scim/resourceBody.js';
import { aUser, ENTERPRISE_USER } from '../support/builders.js';
import { aScene, expectRefusal } from '../scim/scene.js';

const LONG = 4_000_000;

/** Ends what would go on for hours; linear work takes milliseconds. */
const soon = <T>(work: () => T): T => runInContext('work()', createContext({ work }), { timeout: 20_000 }) as T;

describe('long texts', () => {
  it('would be told of a search that begins anew at every character', () => {
    expect(() => soon(() => /x[^y]*z/.exec('x'.repeat(LONG)))).to.throw(/timed out/);
  }).timeout(60_000);

  it('are no trouble in a Content-Type', () => {
    const charset = `a/b; x="; charset=y${' '.repeat(LONG)}z"`;
    expect(soon(() => bodyEncodingFault({ 'content-type': charset }))).to.match(/UTF-8/);
  });

  it('are no trouble in the address of a reference in a Bulk request', () => {
    const $ref = `${'a'.repeat(LONG)}/x`;
    const reading = { lenient: false, notes: newNotes(), idsFor: () => ['id of x'] };
    const body = aUser({ [ENTERPRISE_USER]: { manager: { $ref } } });
    expect(soon(() => changeFromBody(userType, body, reading, { whole: false }).set.manager)).to.equal('id of x');
  });

  it('are no trouble in lists of attributes: they are refused, and what is there many times counts once', async () => {
    for (const text of ['['.repeat(LONG), 'id,'.repeat(LONG)]) {
      expect(() => soon(() => projection(userType, text, undefined))).to.throw(/8192 characters/);
      expect(() => soon(() => projection(groupType, undefined, text))).to.throw(/8192 characters/);
    }
    const scene = await aScene();
    const search = (attributes: string) =>
      scene.scim('POST', '/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        attributes,
      });
    expectRefusal(await search('title,'.repeat(2000)), { status: 400, scimType: 'invalidValue', detail: /8192/ });
    await scene.person({ title: 'Chef' });
    const { body } = await search('Title,title,emails[type eq "work"],'.repeat(200));
    expect(body.Resources[0]).to.have.all.keys('schemas', 'id', 'title', 'emails');
  });
});

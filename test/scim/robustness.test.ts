import { expect } from 'chai';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { bareRequest } from './bareRequest.js';
import { aScene } from './scene.js';

describe('whatever a client sends', () => {
  it('is never answered with a fault of the service', async () => {
    const scene = await aScene();
    const { id } = await scene.person();
    const group = await scene.group();
    const values = [
      null,
      0,
      -1,
      1e308,
      '',
      ' ',
      '%',
      "'",
      '"',
      '\\',
      '\u2028',
      '${7*7}',
      '{}',
      [],
      {},
      [[]],
      [null],
      [{}],
      { value: null },
      { $ne: null },
      { __proto__: 1 },
      'x'.repeat(70_000),
    ];
    const names = [
      'userName',
      'emails',
      'name',
      'active',
      'externalId',
      'schemas',
      '__proto__',
      'constructor',
      'manager',
      'members',
      'meta',
      'id',
      'groups',
    ];
    const requests: [string, string, unknown][] = [
      ...values.flatMap((value): [string, string, unknown][] => [
        ...names.map((name): [string, string, unknown] => [
          'POST',
          '/Users',
          JSON.stringify(aUser()).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`),
        ]),
        ...names.map((name): [string, string, unknown] => [
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'add', path: name, value }),
        ]),
        [
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'replace', value: Object.fromEntries(names.map((name) => [name, value])) }),
        ],
        ['PATCH', `/Users/${id}`, patchOf({ op: 'add', path: value, value })],
        ['PATCH', `/Users/${id}`, patchOf({ op: value, path: 'emails[type eq "x"].value', value })],
        ['PATCH', `/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value })],
        ['PATCH', `/Groups/${group.id}`, { ...patchOf(), Operations: value }],
        ['PUT', `/Groups/${group.id}`, aGroup({ members: value })],
      ]),
      ...['%', '%00', '%ff', "'", 'a[b', 'a.b.c', '$x', '*', '__proto__'].flatMap((text): [string, string, unknown][] =>
        ['filter', 'attributes', 'excludedAttributes', 'sortBy', 'count', 'startIndex'].map((name) => [
          'GET',
          `/Users?${name}=${text}`,
          undefined,
        ]),
      ),
    ];
    for (const [method, path, body] of requests) {
      const answer = await bareRequest(scene, method, path, { body });
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}`).to.be.below(500);
      if (answer.status !== 204)
        expect(answer.headers['content-type']).to.equal('application/scim+json; charset=utf-8');
    }
  }).timeout(60_000);
});

// Every scimType of RFC 7644 table 9, provoked on people and on groups; each detail says what an administrator can do.
// `sensitive` has no test: it is for personal data in an address, which Entra's own filters put there.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { aGroup, aUser, CORE_GROUP, CORE_USER } from '../support/builders.js';
import { withOwnerUrl } from '../support/owner.js';
import { type Answer, type Json, send } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

type Provoke = () => Promise<Answer<Json>>;

describe('the errors of RFC 7644 table 9', () => {
  let scene: Scene;
  let person: Json;
  let group: Json;
  before(async () => {
    scene = await aScene({ compatibility: 'RFC' });
    person = await scene.person({ displayName: 'Mara Vos' });
    group = await scene.group([person.id]);
  });

  const find = (path: string, filter: string) => scene.scim('GET', `${path}?filter=${encodeURIComponent(filter)}`);
  const patchUser = (operation: object) => scene.patch(`/Users/${person.id}`, operation);
  const patchGroup = (operation: object) => scene.patch(`/Groups/${group.id}`, operation);
  const at = (path: string) =>
    send(`${scene.server.url}${path}`, 'GET', undefined, { Authorization: `Bearer ${scene.token}` });

  const cases: [scimType: string, what: string, provoke: Provoke, detail: RegExp, status?: number][] = [
    [
      'invalidFilter',
      'people, unknown attribute',
      () => find('/Users', 'shoeSize eq 38'),
      /filter.*"shoeSize".*column 1/,
    ],
    ['invalidFilter', 'people, grammar', () => find('/Users', 'userName is "x"'), /filter.*expected an operator at/],
    [
      'invalidFilter',
      'groups, unknown attribute',
      () => find('/Groups', 'userName pr'),
      /filter.*"userName".*column 1/,
    ],
    [
      'invalidFilter',
      'a value path of a person',
      () => patchUser({ op: 'remove', path: 'emails[size eq 7]' }),
      /filter.*"size".*column/,
    ],
    [
      'invalidFilter',
      'a value path of a group',
      () => patchGroup({ op: 'remove', path: 'members[display eq "Mara Vos"]' }),
      /filter.*members\[value eq "id"\]/,
    ],
    [
      'uniqueness',
      'people',
      () => scene.scim('POST', '/Users', aUser({ userName: person.userName })),
      /userName .* in use .* change one/,
      409,
    ],
    [
      'uniqueness',
      'people, by e-mail address',
      () => scene.scim('POST', '/Users', aUser({ emails: person.emails })),
      /e-mail address .* in use .* change one/,
      409,
    ],
    [
      'uniqueness',
      'groups',
      () => scene.scim('POST', '/Groups', aGroup({ displayName: group.displayName })),
      /displayName .* in use .* rename one/,
      409,
    ],
    [
      'mutability',
      'people, read-only',
      () => patchUser({ op: 'replace', path: 'id', value: 'x' }),
      /id is read-only.*Take it out/,
    ],
    ['mutability', 'people, required', () => patchUser({ op: 'remove', path: 'userName' }), /userName .*replace it/],
    [
      'mutability',
      'groups, read-only',
      () => patchGroup({ op: 'replace', path: 'meta.version', value: 'x' }),
      /meta\.version is read-only.*Take it out/,
    ],
    [
      'mutability',
      'groups, immutable',
      () => patchGroup({ op: 'replace', path: 'members.value', value: 'x' }),
      /members\.value.*add and remove members/,
    ],
    [
      'mutability',
      'groups, required',
      () => patchGroup({ op: 'remove', path: 'displayName' }),
      /displayName .*replace it/,
    ],
    [
      'invalidSyntax',
      'people',
      () => scene.scim('POST', '/Users', { userName: 'x' }),
      new RegExp(`schemas must be a list that names ${CORE_USER}`),
    ],
    [
      'invalidSyntax',
      'groups',
      () => scene.scim('POST', '/Groups', { displayName: 'x' }),
      new RegExp(`schemas must be a list that names ${CORE_GROUP}`),
    ],
    [
      'invalidSyntax',
      'a PATCH of a person',
      () => patchUser({ op: 'move' }),
      /Operations\[0\]\.op must be add, replace/,
    ],
    [
      'invalidSyntax',
      'a PATCH of a group',
      () => patchGroup({ op: 'move' }),
      /Operations\[0\]\.op must be add, replace/,
    ],
    [
      'invalidPath',
      'people',
      () => patchUser({ op: 'add', path: 'shoeSize', value: 38 }),
      /path.*shoeSize is no attribute of User.*\/Schemas/,
    ],
    [
      'invalidPath',
      'people, grammar',
      () => patchUser({ op: 'add', path: 'emails[type eq', value: 'x' }),
      /path.*expected a value at column 15/,
    ],
    [
      'invalidPath',
      'groups',
      () => patchGroup({ op: 'add', path: 'members.shoeSize', value: 38 }),
      /path.*members\.shoeSize is no attribute of Group.*\/Schemas/,
    ],
    [
      'noTarget',
      'people',
      () => patchUser({ op: 'replace', path: 'ims[type eq "x"].value', value: 'x' }),
      /ims\[type eq "x"\]\.value selects no value.*Add the value first/,
    ],
    ['noTarget', 'groups', () => patchGroup({ op: 'remove' }), /needs a path that says what to remove/],
    [
      'invalidValue',
      'people',
      () => patchUser({ op: 'add', path: 'active', value: 'no' }),
      /active must be true or false/,
    ],
    [
      'invalidValue',
      'groups',
      () => patchGroup({ op: 'add', path: 'members', value: [{ value: 'x' }] }),
      /Unknown members: "x".*Provision these users first/,
    ],
    ['invalidVers', 'people', () => at('/scim/v1/Users'), /Tenant URL ends in \/scim\/v2/],
    ['invalidVers', 'groups', () => at('/scim/v1.1/Groups'), /Tenant URL ends in \/scim\/v2/],
  ];
  for (const [scimType, what, provoke, detail, status = 400] of cases) {
    it(`${scimType}: ${what}`, async () => {
      expectRefusal(await provoke(), { status, scimType, detail });
    });
  }

  it('tooMany: people and groups, where the database gives a search up', async () => {
    const slow = { status: 400, scimType: 'tooMany', detail: /takes too long to find\. Narrow the filter/ };
    const answers = await whileSearchesAreGivenUp(() =>
      Promise.all([find('/Users', 'title co "x"'), find('/Groups', 'externalId co "x"')]),
    );
    for (const answer of answers) expectRefusal(answer, slow);
  });
});

/** Holds the tables, so that a search waits, and then stops it as the database's own time limit does. */
async function whileSearchesAreGivenUp<T>(search: () => Promise<T>): Promise<T> {
  return withOwnerUrl(async (url) => {
    const [holder, canceller] = [new pg.Client(url), new pg.Client(url)];
    await Promise.all([holder.connect(), canceller.connect()]);
    try {
      await holder.query('begin; lock table directory_user, directory_group in access exclusive mode');
      const searching = search();
      const stopped = new Set<number>();
      for (let round = 0; round < 200 && stopped.size < 2; round += 1) {
        const { rows } = await canceller.query<{ pid: number }>(WAITING, [[...stopped]]);
        for (const { pid } of rows) stopped.add(pid);
        await sleep(20);
      }
      expect(stopped.size, 'searches that were stopped').to.equal(2);
      return await searching;
    } finally {
      await Promise.all([holder.end(), canceller.end()]);
    }
  });
}

const WAITING = `select pid, pg_cancel_backend(pid) from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'relation'
    and pid <> all($1::int[])`;

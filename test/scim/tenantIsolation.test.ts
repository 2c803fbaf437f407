// Nothing crosses a tenant: in every place where an id can stand, another tenant's id is answered exactly like an id
// that nobody has. The same walk on the tenant's own ids finds them, so that it is no walk past closed doors.
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { aGroup, aUser, each, ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { type Answer, type Json } from '../support/tenant.js';
import { bulkOf, post } from './bulkRequest.js';
import { historyOf } from './records.js';
import { aScene, type Scene } from './scene.js';

interface Ids {
  readonly user: string;
  readonly group: string;
}

interface Place {
  readonly name: string;
  /** Sends the request with these ids. `me` is a person, `ours` a group, of the tenant that asks. */
  readonly ask: (ids: Ids, me: Json, ours: Json) => readonly [method: string, path: string, body?: unknown];
  /** What an own id makes of the answer. */
  readonly finds: (answer: Answer<Json>, ids: Ids) => boolean;
}

const ok = ({ status }: Answer<Json>): boolean => status < 300;
const one = ({ body }: Answer<Json>): boolean => body.totalResults === 1 && body.Resources.length === 1;
const set = { op: 'replace', path: 'externalId', value: 'taken' };
const member = ({ user }: Ids) => [{ value: user }];
const filterPlaces = (path: string, template: string): Place => ({
  name: `GET ${path}?filter=${template}`,
  ask: ({ user, group }, me, ours) => {
    const values: Readonly<Record<string, string>> = { user, group, me: me.id, ours: ours.id };
    const filter = template.replace(/<(\w+)>/g, (_, name: string) => values[name] ?? '');
    return ['GET', `${path}?filter=${encodeURIComponent(filter)}`];
  },
  finds: one,
});
const managerIs = ({ body }: Answer<Json>): boolean => body[ENTERPRISE_USER].manager.$ref !== undefined;

const PLACES: readonly Place[] = [
  ...['Users', 'Groups'].flatMap((endpoint): Place[] => {
    const path = ({ user, group }: Ids) => `/${endpoint}/${endpoint === 'Users' ? user : group}`;
    const body = endpoint === 'Users' ? aUser() : aGroup();
    return [
      { name: `GET /${endpoint}/id`, ask: (ids) => ['GET', path(ids)], finds: ok },
      { name: `HEAD /${endpoint}/id`, ask: (ids) => ['HEAD', path(ids)], finds: ok },
      { name: `GET /${endpoint}/id?attributes`, ask: (ids) => ['GET', `${path(ids)}?attributes=id`], finds: ok },
      { name: `PUT /${endpoint}/id`, ask: (ids) => ['PUT', path(ids), body], finds: ok },
      {
        name: `PUT /${endpoint}/id, refused body`,
        ask: (ids) => ['PUT', path(ids), { ...body, schemas: [] }],
        finds: () => true,
      },
      { name: `PATCH /${endpoint}/id`, ask: (ids) => ['PATCH', path(ids), patchOf(set)], finds: ok },
      {
        name: `PATCH /${endpoint}/id, refused`,
        ask: (ids) => ['PATCH', path(ids), patchOf({ ...set, path: 'id' })],
        finds: ({ status }) => status === 400,
      },
      { name: `PATCH /${endpoint}/id, nothing to do`, ask: (ids) => ['PATCH', path(ids), patchOf()], finds: ok },
    ];
  }),
  {
    name: 'POST /Groups with a member',
    ask: (ids) => ['POST', '/Groups', aGroup({ displayName: 'Made', members: member(ids) })],
    finds: ok,
  },
  {
    name: 'PUT /Groups with a member',
    ask: (ids, _, ours) => [
      'PUT',
      `/Groups/${ours.id}`,
      aGroup({ displayName: ours.displayName, members: member(ids) }),
    ],
    finds: ok,
  },
  {
    name: 'PATCH /Groups add',
    ask: (ids, _, ours) => ['PATCH', `/Groups/${ours.id}`, patchOf({ op: 'add', path: 'members', value: member(ids) })],
    finds: ok,
  },
  {
    name: 'PATCH /Groups replace',
    ask: (ids, _, ours) => [
      'PATCH',
      `/Groups/${ours.id}`,
      patchOf({ op: 'replace', path: 'members', value: member(ids) }),
    ],
    finds: ok,
  },
  {
    name: 'PATCH /Groups path-less',
    ask: (ids, _, ours) => ['PATCH', `/Groups/${ours.id}`, patchOf({ op: 'add', value: { members: member(ids) } })],
    finds: ok,
  },
  {
    name: 'PATCH /Groups add a group',
    ask: ({ group }, _, ours) => [
      'PATCH',
      `/Groups/${ours.id}`,
      patchOf({ op: 'add', path: 'members', value: [{ value: group }] }),
    ],
    finds: ({ body }) => /ested/.test(body.detail),
  },
  {
    name: 'PATCH /Groups remove by path, shown',
    ask: ({ user }, _, ours) => [
      'PATCH',
      `/Groups/${ours.id}?attributes=members`,
      patchOf({ op: 'remove', path: `members[value eq "${user}"]` }),
    ],
    finds: ok,
  },
  {
    name: 'PATCH /Groups remove by list',
    ask: (ids, _, ours) => [
      'PATCH',
      `/Groups/${ours.id}`,
      patchOf({ op: 'remove', path: 'members', value: member(ids) }),
    ],
    finds: ok,
  },
  {
    name: 'PATCH /Users manager',
    ask: ({ user }, me) => [
      'PATCH',
      `/Users/${me.id}?attributes=manager`,
      patchOf({ op: 'replace', path: 'manager', value: user }),
    ],
    finds: managerIs,
  },
  {
    name: 'PUT /Users manager',
    ask: ({ user }, me) => [
      'PUT',
      `/Users/${me.id}?attributes=manager`,
      aUser({ userName: me.userName, [ENTERPRISE_USER]: { manager: { value: user } } }),
    ],
    finds: managerIs,
  },
  filterPlaces('/Users', 'id eq "<user>"'),
  filterPlaces('/Users', 'id eq "<user>" and active eq true'),
  filterPlaces('/Users', 'not (id ne "<user>")'),
  filterPlaces('/Users', 'meta.location eq "https://x.example/scim/v2/Users/<user>"'),
  filterPlaces('/Users', 'manager eq "<user>" and id eq "<me>"'),
  filterPlaces('/Users', `${ENTERPRISE_USER}:manager.value eq "<user>"`),
  filterPlaces('/Users', 'groups.value eq "<group>"'),
  filterPlaces('/Users', 'groups[value eq "<group>"]'),
  filterPlaces('/Groups', 'id eq "<group>"'),
  filterPlaces('/Groups', 'id eq "<group>" and members eq "<user>"'),
  filterPlaces('/Groups', 'members.value eq "<user>"'),
  filterPlaces('/Groups', 'members[value eq "<user>"]'),
  filterPlaces('/Groups', 'id eq "<group>" or members eq "<user>"'),
  {
    name: 'POST /Bulk',
    ask: ({ user, group }) => [
      'POST',
      '/Bulk',
      bulkOf([
        { method: 'PUT', path: `/Users/${user}`, data: aUser() },
        { method: 'PATCH', path: `/Users/${user}`, data: patchOf(set) },
        { method: 'PUT', path: `/Groups/${group}`, data: aGroup() },
        { method: 'PATCH', path: `/Groups/${group}`, data: patchOf(set), bulkId: 'p' },
        post('g', '/Groups', aGroup({ members: [{ value: user }] })),
        { method: 'DELETE', path: `/Users/${user}` },
        { method: 'DELETE', path: `/Groups/${group}` },
      ]),
    ],
    finds: ({ body }) => (body.Operations as Json[]).every(({ status }) => Number(status) < 300),
  },
  { name: 'DELETE /Users/id', ask: ({ user }) => ['DELETE', `/Users/${user}`], finds: ok },
  { name: 'DELETE /Groups/id', ask: ({ group }) => ['DELETE', `/Groups/${group}`], finds: ok },
];

/** A tenant in which a person is in a group and is somebody's manager. */
async function settled(): Promise<{ scene: Scene; ids: Ids; me: Json; ours: Json }> {
  const scene = await aScene();
  const target = await scene.person({ displayName: 'Target' });
  const group = await scene.group([target.id], { displayName: 'Target group' });
  const me = await scene.person({ [ENTERPRISE_USER]: { manager: { value: target.id } } });
  return { scene, ids: { user: target.id, group: group.id }, me, ours: await scene.group() };
}

describe('another tenant', () => {
  let here: Awaited<ReturnType<typeof settled>>;
  let there: Awaited<ReturnType<typeof settled>>;
  before(async function () {
    this.timeout(60_000);
    [here, there] = [await settled(), await settled()];
  });

  const ask = ({ ask: request }: Place, ids: Ids) => {
    const { scene, me, ours } = here;
    const [method, path, body] = request(ids, me, ours);
    return scene.scim(method, path, body);
  };
  /** What a client sees, without what differs between any two answers. */
  const seen = ({ status, headers, body }: Answer<Json>, { user, group }: Ids): unknown => {
    const text = JSON.stringify({
      status,
      body: (body as unknown) ?? null,
      etag: headers.has('ETag'),
      location: headers.get('Location'),
    });
    return JSON.parse(text.replaceAll(user, '<user>').replaceAll(group, '<group>'));
  };

  for (const place of PLACES) {
    it(`I1: is like nobody to ${place.name}`, async () => {
      const nobody = { user: randomUUID(), group: randomUUID() };
      const foreign = await ask(place, there.ids);
      const unknown = await ask(place, nobody);
      expect(seen(foreign, there.ids)).to.deep.equal(seen(unknown, nobody));
      expect(foreign.status).to.be.below(500);
    });
  }

  it('has lost nothing by it, and nothing was written there', async () => {
    const { scene, ids } = there;
    expect((await scene.get(`/Users/${ids.user}`)).meta.version).to.equal('W/"1"');
    const { meta, members } = await scene.get(`/Groups/${ids.group}`);
    expect([meta.version, members[0].value]).to.deep.equal(['W/"1"', ids.user]);
    expect(await historyOf(scene, ids.user)).to.have.length(1);
    expect(await historyOf(scene, ids.group)).to.have.length(1);
  });

  it("does not matter to a tenant's own userNames, e-mail addresses and group names", async () => {
    const body = aUser();
    const name = aGroup();
    for (const { scene } of [here, there]) {
      expect((await scene.scim('POST', '/Users', body)).status).to.equal(201);
      expect((await scene.scim('POST', '/Groups', name)).status).to.equal(201);
    }
  });

  it('does not show in lists', async () => {
    for (const path of ['/Users', '/Groups']) {
      const { Resources, totalResults } = await here.scene.get(`${path}?count=1000`);
      const ids = each(Resources, 'id');
      expect(ids).to.have.length(totalResults);
      expect(ids).to.not.include.members([path === '/Users' ? there.ids.user : there.ids.group]);
    }
  });

  it('could be found by the same walk, if it were this one', async () => {
    for (const place of PLACES) {
      here = await settled();
      const answer = await ask(place, here.ids);
      expect(place.finds(answer, here.ids), `${place.name}: ${answer.status} ${JSON.stringify(answer.body)}`).to.equal(
        true,
      );
    }
  }).timeout(60_000);
});

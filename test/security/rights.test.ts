// SCIM changes people and groups, and nothing else: whatever a body says, no right, no origin, no protection, no lock.
import { expect } from 'chai';
import fc from 'fast-check';
import { CORE_USER, ENTERPRISE_USER, patchOf, unique } from '../support/builders.js';
import { DEEP, runsOf, SEED } from '../support/property.js';
import { type Json } from '../support/tenant.js';
import { data, globalId } from '../graphql/asking.js';
import { bulkOf } from '../scim/bulkRequest.js';
import { aScene, type Scene } from '../scim/scene.js';

/** Columns that SCIM writes because a client may, or that follow from such a one. All others stay as they are. */
const WRITABLE = new Set(
  `external_id user_name display_name name nick_name profile_url title user_type preferred_language locale timezone emails
  phone_numbers ims photos addresses entitlements roles x509_certificates employee_number cost_center organization division
  department manager_value status active user_name_key match_email_key display_name_key employee_number_key manager_key
  manager_id version updated_at written_by deactivated_at`.split(/\s+/),
);

const INTERNAL =
  `id tenantId tenant_id tenant origin status protected locked signInLock lockedAt role rights admin isAdmin
  permissions version createdAt created_at updatedAt updated_at deletedAt deleted_at erasedAt erased_at deactivatedAt writtenBy
  written_by userNameKey user_name_key matchEmailKey match_email_key managerId manager_id meta groups memberships schemas password
  usersAndGroups users_and_groups provisioningEnabled groupAdoptionAllowed scope constructor toString hasOwnProperty`.split(
    /\s+/,
  );
const REAL = [
  'roles',
  'entitlements',
  'title',
  'displayName',
  'active',
  'externalId',
  'nickName',
  'userType',
  'emails',
];

const texts = fc.constantFrom(
  'ADMIN',
  'SPEAKUP',
  'SCIM',
  'DELETED',
  'ACTIVE',
  'FULL',
  '00000000-0000-7000-8000-000000000000',
  'True',
  '',
  '2000-01-01T00:00:00Z',
  'x',
);
const values: fc.Arbitrary<unknown> = fc.oneof(
  texts,
  fc.boolean(),
  fc.constantFrom(null, 0, 1, -1, 2 ** 31),
  fc.constantFrom(
    [],
    {},
    [{ value: 'ADMIN', primary: true }],
    { value: 'x' },
    { created: '2000-01-01T00:00:00Z', version: 'W/"99"' },
    [{ value: '00000000-0000-7000-8000-000000000000' }],
  ),
);
const names = fc.oneof(
  fc.constantFrom(...INTERNAL),
  fc.constantFrom(...REAL),
  fc.constantFrom('__proto__', 'urn:evil:1.0:User'),
);
const members = fc.dictionary(names, values, { maxKeys: 6 });
/** Anything at the top, in the extension and in a schema that there is not. */
const bodies = fc
  .tuple(
    members,
    members,
    fc.dictionary(fc.constantFrom('urn:speakup:1.0:Rights', 'urn:evil:1.0:User', `${CORE_USER}`), members, {
      maxKeys: 2,
    }),
  )
  .map(([top, inside, others]) => ({ ...top, ...others, [ENTERPRISE_USER]: inside }));
const paths = fc.oneof(
  names,
  names.map((name) => `${CORE_USER}:${name}`),
  names.map((name) => `${ENTERPRISE_USER}:${name}`),
  names.map((name) => `meta.${name}`),
  names.map((name) => `emails[type eq "work"].${name}`),
);
const operations = fc.array(
  fc.oneof(
    fc.record({ op: fc.constantFrom('add', 'replace', 'Remove'), path: paths, value: values }),
    fc.record({ op: fc.constantFrom('add', 'Replace'), value: bodies }),
  ),
  { minLength: 1, maxLength: 4 },
);

describe(`rights (seed ${SEED})`, function () {
  this.timeout(DEEP ? 1_800_000 : 120_000);
  let scene: Scene;
  let strict: string;
  before(async () => {
    scene = await aScene();
    const { clientId, clientSecret } = await scene.integration({ name: 'Strict', compatibility: 'RFC' });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer = await fetch(`${scene.server.url}/oauth2/token`, { method: 'POST', body: form });
    strict = String(((await answer.json()) as Json).access_token);
    await scene.localPerson({ userName: `kept.${unique()}@fabriek.example` });
  });

  const rowOf = async (id: string): Promise<Json> =>
    (await scene.sql('select to_jsonb(u) as row from directory_user u where tenant_id = $1 and id = $2', id))[0].row;
  /** Everything else that a right could be kept in; when a secret was used is noted beside the requests. */
  const elsewhere = async (id: string): Promise<string> => {
    const [found] = await scene.sql(
      `select md5(concat((select string_agg(t::text, ' ') from tenant t where t.id = $1),
         (select string_agg(i::text, ' ' order by i.id) from integration i where i.tenant_id = $1),
         (select string_agg((to_jsonb(s) - 'last_used_at')::text, ' ' order by s.id) from integration_secret s where s.tenant_id = $1),
         (select string_agg(l::text, ' ' order by l.user_id) from sign_in_lock l where l.tenant_id = $1),
         (select string_agg(u::text, ' ' order by u.id) from directory_user u where u.tenant_id = $1 and u.id <> $2))) as all`,
      id,
    );
    return String(found.all);
  };
  const expectOnlyWritable = (before: Json, after: Json) => {
    const changed = Object.keys(after as object).filter(
      (column) => JSON.stringify(after[column]) !== JSON.stringify(before[column]),
    );
    expect(changed.filter((column) => !WRITABLE.has(column))).to.deep.equal([]);
    expect(after.status).to.be.oneOf(['ACTIVE', 'DEACTIVATED']);
  };

  it('S1: PUT and PATCH change the columns a client may write and no other, whatever the body says', async () => {
    const { id, userName } = await scene.person();
    const others = await elsewhere(id);
    let before = await rowOf(id);
    let changes = 0;
    const counts: Record<number, number> = {};
    const property = fc.asyncProperty(fc.oneof(bodies, operations), fc.boolean(), async (said, isStrict) => {
      const headers: Record<string, string> = isStrict ? { Authorization: `Bearer ${strict}` } : {};
      const body = Array.isArray(said)
        ? patchOf(...said)
        : { ...said, schemas: [CORE_USER, ENTERPRISE_USER], userName, emails: [{ value: userName }] };
      const { status } = await scene.scim(Array.isArray(said) ? 'PATCH' : 'PUT', `/Users/${id}`, body, headers);
      counts[status] = (counts[status] ?? 0) + 1;
      expect(status).to.be.below(500);
      const after = await rowOf(id);
      expectOnlyWritable(before, after);
      if (after.version !== before.version) changes += 1;
      before = after;
    });
    await fc.assert(property, { numRuns: runsOf({ usual: 300, deep: 20_000 }), seed: SEED });
    expect(await elsewhere(id)).to.equal(others);
    expect(changes, JSON.stringify(counts)).to.be.above(20);
  });

  it('S1: what is created is of origin SCIM, not protected, new, and has the id the service gives it', async () => {
    const made = fc.asyncProperty(bodies, fc.boolean(), async (said, inBulk) => {
      const userName = `made.${unique()}@fabriek.example`;
      const body = { ...said, schemas: [CORE_USER, ENTERPRISE_USER], userName, emails: [{ value: userName }] };
      const answer = inBulk
        ? await scene.scim('POST', '/Bulk', bulkOf([{ method: 'POST', path: '/Users', bulkId: 'b', data: body }]))
        : await scene.scim('POST', '/Users', body);
      const id = /[0-9a-f-]{36}$/.exec(
        String(inBulk ? answer.body.Operations[0].location : answer.headers.get('Location')),
      )?.[0];
      if (id === undefined) {
        expect(answer.status).to.be.below(500);
        return;
      }
      const row = await rowOf(id);
      expect(row).to.include({
        id,
        tenant_id: scene.tenant.id,
        origin: 'SCIM',
        protected: false,
        version: 1,
        deleted_at: null,
        erased_at: null,
      });
      expect(Date.parse(String(row.created_at))).to.be.within(Date.now() - 60_000, Date.now() + 1000);
    });
    await fc.assert(made, { numRuns: runsOf({ usual: 100, deep: 5000 }), seed: SEED });
  });

  it('S1, S21: values that sound like rights are kept as data and give none: not by roles, not by entitlements, not by the name of a group', async () => {
    const said = { roles: [{ value: 'ADMIN' }], entitlements: [{ value: 'FULL' }], userType: 'ADMIN' };
    const person = await scene.person(said);
    expect(person).to.deep.include(said);
    await scene.group([person.id], { displayName: 'ADMIN' });
    const query = '{ viewer { role user { protected signInLock { reason } } } }';
    const seen = await data(scene, '{ viewer { role } }', undefined, 'FRONTEND');
    expect(seen.viewer.role).to.equal('FRONTEND');
    const { body } = await scene.graphql(
      '{ viewer { role user { userName protected } } }',
      {},
      { role: 'FRONTEND', userId: person.id },
    );
    expect(body.data.viewer).to.deep.equal({ role: 'FRONTEND', user: { userName: person.userName, protected: false } });
    expect(
      (await scene.graphql(query, {}, { role: 'FRONTEND', userId: person.id })).body.errors[0].extensions.code,
    ).to.equal('FORBIDDEN');
  });

  it('S1: a lock on signing in stays, whatever SCIM says of the person', async () => {
    const { id, userName } = await scene.person();
    await data(scene, 'mutation ($id: ID!) { lockUser(input: { id: $id }) { userErrors { code } } }', {
      id: globalId('User', id),
    });
    const lock = () => scene.sql('select * from sign_in_lock where tenant_id = $1 and user_id = $2', id);
    const locked = await lock();
    expect(locked).to.have.length(1);
    await scene.patch(`/Users/${id}`, {
      op: 'replace',
      value: { active: true, locked: false, signInLock: null, title: 'x' },
    });
    await scene.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'active', value: true },
    );
    await scene.scim('PUT', `/Users/${id}`, { schemas: [CORE_USER], userName, active: true, locked: false });
    expect(await lock()).to.deep.equal(locked);
  });

  it('I13: a protected account is not taken over: not by POST, PUT, PATCH, DELETE or Bulk, not by any of its keys', async () => {
    const address = `break.glass.${unique()}@fabriek.example`;
    const input = { userName: `Glass.${unique()}`, email: address, protected: true };
    const made = await data(
      scene,
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { scimId } } }',
      { input },
    );
    const id = String(made.createUser.user.scimId);
    const before = await rowOf(id);
    const bodiesOf = [
      { userName: input.userName.toUpperCase(), emails: [{ value: `other.${address}` }] },
      { userName: `other.${address}`, emails: [{ value: address.toUpperCase() }] },
      { userName: address },
      { userName: `third.${address}`, emails: [{ value: 'x@y.example' }, { value: address, primary: true }] },
      {
        userName: `fourth.${address}`,
        emails: [{ value: input.userName, type: 'work' }],
        protected: false,
        id,
        externalId: id,
      },
    ].map((body) => ({ schemas: [CORE_USER], ...body }));
    const change = patchOf({ op: 'replace', path: 'title', value: 'taken' });
    const asked: readonly (readonly [string, string, unknown?])[] = [
      ...bodiesOf.map((body) => ['POST', '/Users', body] as const),
      ...bodiesOf.map((body) => ['PUT', `/Users/${id}`, body] as const),
      ['PATCH', `/Users/${id}`, change],
      ['PATCH', `/Users/${id}`, patchOf()],
      ['PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { protected: false, origin: 'SCIM' } })],
    ];
    for (const [method, path, body] of asked) {
      const alone = await scene.scim(method, path, body);
      expect(alone.status, `${method} ${JSON.stringify(body)}`).to.equal(409);
      const { body: many } = await scene.scim('POST', '/Bulk', bulkOf([{ method, path, bulkId: 'b', data: body }]));
      expect(many.Operations[0].status, `Bulk ${method} ${JSON.stringify(body)}`).to.equal('409');
    }
    expect((await scene.scim('DELETE', `/Users/${id}`)).status).to.equal(403);
    expect(await rowOf(id)).to.deep.equal(before);
  });
});

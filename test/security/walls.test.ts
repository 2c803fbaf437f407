// Each of the two walls holds alone: what another tenant has is neither shown nor changed without the predicates on the
// tenant, nor without row-level security. Without both, the same questions show it.
import { expect } from 'chai';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { forgetInFunctions, rewriting, tenantForgotten } from './forgotten.js';
import { aScratch, rowLevelSecurity, type Scratch } from './scratch.js';
import { type Caller, inhabit, type Inhabited } from './walk/inhabit.js';
import { globalIdOf } from './walk/graphqlPlaces.js';
import { type Asked, send } from './walk/probe.js';
import { namesOf, said, seen, tenantsOwn } from './walk/seen.js';
import { type Marks, newMarks, type Values, valueOf } from './walk/values.js';

interface Operation {
  readonly as: Caller;
  readonly ask: (given: Values, own: Values) => Asked;
}

const scim = (
  method: string,
  path: (given: Values, own: Values) => string,
  body?: (given: Values) => unknown,
): Operation => ({
  as: 'FULL',
  ask: (given, own) => ({ method, path: `/scim/v2${path(given, own)}`, ...(body ? { body: body(given) } : {}) }),
});
const by = (attribute: string, kind: string) => (given: Values) =>
  encodeURIComponent(`${attribute} eq "${valueOf(given, kind)}"`);
const graphql = (as: Caller, query: string): Operation => ({
  as,
  ask: (given) => ({
    method: 'POST',
    path: '/graphql',
    body: {
      query: query
        .replaceAll(/<(User|Group) (\w+)>/g, (_, type: string, kind: string) => globalIdOf(type, valueOf(given, kind)))
        .replaceAll(/<([\w:.]+)>/g, (_, kind: string) => valueOf(given, kind)),
    },
  }),
});

const PEOPLE = 'totalCount nodes { scimId userName email title }';
const READS: Readonly<Record<string, Operation>> = {
  'get a person': scim('GET', ({ userId }) => `/Users/${userId}`),
  'get a group with members': scim('GET', ({ groupId }) => `/Groups/${groupId}`),
  'filter by userName': scim('GET', (given) => `/Users?filter=${by('userName', 'User:userName')(given)}`),
  'filter by e-mail': scim('GET', (given) => `/Users?filter=${by('emails.value', 'User:emails.value')(given)}`),
  'filter by id': scim('GET', (given) => `/Users?filter=${by('id', 'userId')(given)}`),
  'filter by manager': scim('GET', (given) => `/Users?filter=${by('manager', 'managerId')(given)}`),
  'filter by title': scim('GET', (given) => `/Users?filter=${by('title', 'User:title')(given)}`),
  'filter groups by member': scim('GET', (given) => `/Groups?filter=${by('members', 'userId')(given)}`),
  'filter groups by name': scim('GET', (given) => `/Groups?filter=${by('displayName', 'Group:displayName')(given)}`),
  'list people': scim('GET', () => '/Users?count=1000'),
  'list groups': scim('GET', () => '/Groups?count=1000'),
  'list everything': scim('GET', () => '/?count=1000'),
  'walk by cursor': scim('GET', () => '/Users?cursor=&count=1000'),
  'sort people': scim('GET', () => '/Users?sortBy=userName&count=1000'),
  'GraphQL list of people': graphql('ADMIN', `{ users(first: 200) { ${PEOPLE} } }`),
  'GraphQL list of an analyst': graphql('ANALYST', `{ users(first: 200) { ${PEOPLE} } }`),
  'GraphQL groups with members': graphql(
    'ADMIN',
    `{ groups(first: 100) { totalCount nodes { displayName members(first: 5) { ${PEOPLE} } } } }`,
  ),
  'GraphQL groups of an analyst': graphql(
    'ANALYST',
    '{ groups(first: 100) { totalCount nodes { displayName memberCount } } }',
  ),
  'GraphQL node': graphql(
    'FRONTEND',
    '{ node(id: "<User userId>") { ... on User { userName manager { userName } groups { nodes { displayName } } } } }',
  ),
  'GraphQL key': graphql('FRONTEND', '{ user(by: { email: "<User:emails.value>" }) { userName } }'),
  'GraphQL group': graphql('ANALYST', '{ group(by: { scimId: "<groupId>" }) { displayName } }'),
  'GraphQL where': graphql(
    'ANALYST',
    `{ users(where: { groups: { some: { displayName: { eq: "<Group:displayName>" } } } }) { ${PEOPLE} } }`,
  ),
  'GraphQL search': graphql('FRONTEND', `{ users(search: "<User:displayName>") { ${PEOPLE} } }`),
  'GraphQL reports': graphql('ADMIN', `{ users(where: { reportsTo: { id: "<User managerId>" } }) { ${PEOPLE} } }`),
  'GraphQL history': graphql(
    'ADMIN',
    '{ history(first: 100) { totalCount nodes { id requestId attributes { attribute after } } } }',
  ),
  'GraphQL changes': graphql('ADMIN', '{ changes(first: 500) { nodes { id requestId } } }'),
  'GraphQL provisioning log': graphql(
    'ADMIN',
    '{ provisioningLog(first: 100, where: { outcome: { eq: SUCCEEDED } }) { totalCount nodes { id requestId sentence } } }',
  ),
  'GraphQL integrations': graphql('ADMIN', '{ appIntegrations { clientId name } }'),
  'GraphQL support': graphql(
    'ADMIN',
    '{ support(integration: "<clientId>") { managedPeople appIntegration { name } } }',
  ),
  'GraphQL sign-in': graphql('FRONTEND', '{ signIn(by: { userName: "<User:userName>" }) { allowed reason } }'),
  'GraphQL adoption preview': graphql(
    'ADMIN',
    '{ adoptionPreview(people: [{ userName: "<localUserName>" }]) { __typename outcome } }',
  ),
  'GraphQL flow': graphql(
    'ANALYST',
    '{ analytics { flow(from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z", period: MONTH) { start joiners } } }',
  ),
  'GraphQL head count': graphql('ANALYST', '{ analytics { headcount(by: [DEPARTMENT]) { total rowCount } } }'),
  'GraphQL quality': graphql('ANALYST', '{ analytics { dataQuality { problem count } } }'),
};

const MEMBER = ({ userId }: Values) => [{ value: userId }];
const group = (_: Values, own: Values) => `/Groups/${valueOf(own, 'spareGroupId1')}?attributes=members`;
const WRITES: Readonly<Record<string, Operation>> = {
  'PATCH a person': scim(
    'PATCH',
    ({ userId }) => `/Users/${userId}`,
    () => patchOf({ op: 'replace', path: 'title', value: 'taken' }),
  ),
  'PUT a person': scim(
    'PUT',
    ({ spareUserId1 }) => `/Users/${spareUserId1}`,
    () => aUser(),
  ),
  'DELETE a person': scim('DELETE', ({ spareUserId2 }) => `/Users/${spareUserId2}`),
  'PATCH a group': scim(
    'PATCH',
    ({ groupId }) => `/Groups/${groupId}`,
    () => patchOf({ op: 'replace', path: 'displayName', value: 'Taken' }),
  ),
  'remove the members of a group': scim(
    'PATCH',
    ({ groupId }) => `/Groups/${groupId}`,
    () => patchOf({ op: 'remove', path: 'members' }),
  ),
  'PUT a group': scim(
    'PUT',
    ({ spareGroupId1 }) => `/Groups/${spareGroupId1}`,
    () => aGroup(),
  ),
  'DELETE a group': scim('DELETE', ({ spareGroupId2 }) => `/Groups/${spareGroupId2}`),
  'add a member': scim('PATCH', group, (given) => patchOf({ op: 'add', path: 'members', value: MEMBER(given) })),
  'remove a member': scim('PATCH', group, (given) => patchOf({ op: 'remove', path: 'members', value: MEMBER(given) })),
  'set a manager': scim(
    'PATCH',
    (_, own) => `/Users/${valueOf(own, 'spareUserId3')}`,
    ({ userId }) => patchOf({ op: 'replace', path: 'manager', value: userId }),
  ),
  'GraphQL change of a person': graphql(
    'ADMIN',
    'mutation { updateUser(input: { id: "<User localUserId>", title: "taken" }) { user { userName } userErrors { code } } }',
  ),
  'GraphQL lock': graphql(
    'ADMIN',
    'mutation { lockUser(input: { id: "<User userId>" }) { user { userName } userErrors { code } } }',
  ),
  'GraphQL change of a group': graphql(
    'ADMIN',
    'mutation { updateGroup(input: { id: "<Group localGroupId>", displayName: "Taken" }) { group { displayName } userErrors { code } } }',
  ),
  'GraphQL revocation of an integration': graphql(
    'ADMIN',
    'mutation { revokeAppIntegration(input: { clientId: "<clientId>" }) { appIntegration { name } userErrors { code } } }',
  ),
};

describe('the two walls between tenants', function () {
  this.timeout(120_000);
  const marks: Marks = newMarks();
  let scratch: Scratch;
  let there: Inhabited;
  let here: Inhabited;
  before(async () => {
    scratch = await aScratch();
    there = await inhabit(scratch.server, marks.foreign);
    here = await inhabit(scratch.server, marks.own);
  });
  after(() => scratch.remove());

  /** What an answer tells, and what of the other tenant it shows. */
  const asked = async ({ as, ask }: Operation) => {
    const request = ask(there.values, here.values);
    const answer = await send(scratch.server.url, request, here.tokens[as]);
    const ids = new Set(there.ids);
    const shown = tenantsOwn(answer.text, marks.foreign, ids, [valueOf(there.values, 'slug')]);
    const foreign = shown.filter((value) => !said(request).includes(value));
    return { foreign, tells: seen(answer, request, namesOf(marks, there.values, here.ids, here.values)) };
  };
  const askAll = async (operations: Readonly<Record<string, Operation>>) => {
    const answers: Record<string, Awaited<ReturnType<typeof asked>>> = {};
    for (const [name, operation] of Object.entries(operations)) answers[name] = await asked(operation);
    return answers;
  };
  type Answers = Awaited<ReturnType<typeof askAll>>;
  const foreignRows = (answers: Answers) =>
    Object.values(answers).reduce((sum, { foreign }) => sum + foreign.length, 0);
  const tells = (answers: Answers) =>
    Object.fromEntries(Object.entries(answers).map(([name, one]) => [name, one.tells]));

  /** Everything the other tenant has, as the owner sees it. */
  const everythingThere = async (): Promise<string> => {
    const { rows } = await scratch.owner.query<{ all: string }>(
      `select md5(string_agg(line, '|' order by line)) as all from (
         select u::text as line from directory_user u where tenant_id = $1 union all select g::text from directory_group g where tenant_id = $1
         union all select m::text from membership m where tenant_id = $1 union all select i::text from integration i where tenant_id = $1
         union all select l::text from sign_in_lock l where tenant_id = $1 union all select r::text from change_record r where tenant_id = $1) t`,
      [there.tenant.tenant.id],
    );
    return rows[0]?.all ?? '';
  };
  /** Rows of any table that refer to one of another tenant. */
  const crossing = async (): Promise<number> => {
    const { rows } = await scratch.owner.query<{ n: string }>(
      `select (select count(*) from membership m join directory_user u on u.id = m.user_id where u.tenant_id <> m.tenant_id)
         + (select count(*) from directory_user u join directory_user m on m.id = u.manager_id where u.tenant_id <> m.tenant_id) as n`,
    );
    return Number(rows[0]?.n);
  };

  const withoutPredicates = async <T>(work: () => Promise<T>): Promise<T> => {
    const { forgotten, restore } = await forgetInFunctions(scratch.owner);
    expect(forgotten).to.include.members(['user_by_id', 'user_by_user_name', 'people_flow', 'blank_erased_values']);
    const left = new Set<string>();
    const forgets = (text: string) => {
      const changed = tenantForgotten(text);
      if (/tenant_id"? (=|in|is)/.test(changed)) left.add(changed);
      return changed;
    };
    try {
      const result = await rewriting(forgets, work);
      // What is sealed and noted beside the requests is of every tenant.
      expect([...left]).to.deep.equal([]);
      return result;
    } finally {
      await restore();
    }
  };
  const withoutRowLevelSecurity = async <T>(work: () => Promise<T>): Promise<T> => {
    await rowLevelSecurity(scratch.owner, 'disable');
    try {
      return await work();
    } finally {
      await rowLevelSecurity(scratch.owner, 'enable');
    }
  };

  type Down = <T>(work: () => Promise<T>) => Promise<T>;
  const expectNothingShown = async (down: Down) => {
    const usual = await askAll(READS);
    expect(foreignRows(usual), 'with both walls').to.equal(0);
    for (const [name, { tells: told }] of Object.entries(usual)) expect(told, name).to.not.match(/VALIDATION|INTERNAL/);
    const reads = await down(() => askAll(READS));
    expect(foreignRows(reads)).to.equal(0);
    for (const name of Object.keys(READS)) expect(reads[name]?.tells, name).to.equal(usual[name]?.tells);
  };
  const expectNothingChanged = async (down: Down) => {
    const before = await everythingThere();
    expect(foreignRows(await down(() => askAll(WRITES)))).to.equal(0);
    expect(await everythingThere()).to.equal(before);
    expect(await crossing()).to.equal(0);
  };

  it('hold without the predicates: row-level security alone shows nothing of another tenant', () =>
    expectNothingShown(withoutPredicates));

  it('hold without row-level security: the predicates alone show nothing of another tenant', () =>
    expectNothingShown(withoutRowLevelSecurity));

  it('hold without the predicates: row-level security alone changes nothing of another tenant', () =>
    expectNothingChanged(withoutPredicates));

  it('hold without row-level security: the predicates alone change nothing of another tenant', () =>
    expectNothingChanged(withoutRowLevelSecurity));

  it('are what holds: without both, the same questions show and change what another tenant has', async () => {
    const down = <T>(work: () => Promise<T>) => withoutRowLevelSecurity(() => withoutPredicates(work));
    const usual = tells(await askAll(READS));
    const reads = await down(() => askAll(READS));
    expect(foreignRows(reads)).to.be.above(100);
    const same = Object.keys(READS).filter((name) => reads[name]?.tells === usual[name]);
    expect(same).to.deep.equal([]);
    const before = await everythingThere();
    await down(() => askAll(WRITES));
    expect(await everythingThere()).to.not.equal(before);
  });

  it('stand before a third: no row can refer to one of another tenant, whoever writes it', async () => {
    const [one, other] = [here, there];
    const ids = [one.tenant.tenant.id, valueOf(other.values, 'userId'), valueOf(one.values, 'groupId')];
    const refused = async (text: string, ...params: unknown[]) =>
      scratch.owner.query(text, params).then(
        () => 'done',
        ({ code }: { code: string }) => code,
      );
    const [tenantId, user, group] = ids;
    expect(
      await refused(
        'insert into membership (tenant_id, group_id, user_id, added_at) values ($1, $2, $3, now())',
        tenantId,
        group,
        user,
      ),
    ).to.equal('23503');
    expect(await refused('update directory_user set manager_id = $2 where tenant_id = $1', tenantId, user)).to.equal(
      '23503',
    );
    expect(await crossing()).to.equal(0);
  });
});

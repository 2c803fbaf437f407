// Fills a tenant with people and groups in every state, every attribute that /Schemas publishes with a marked value, and
// collects its values by kind.
import { type TestTenant, aTenant, type Json, tokenOf } from '../../support/tenant.js';
import { aGroup, aUser, ENTERPRISE_USER, patchOf } from '../../support/builders.js';
import { data, globalId } from '../../graphql/asking.js';
import { isSent } from '../../scim/exampleValues.js';
import { isInExtension, nameOf, type Published, type Subject, subjectsOf } from '../../scim/publishedAttributes.js';
import { requestContext, readIn } from '../../../src/directory/scope.js';
import { sealChanges } from '../../../src/directory/history/sealer.js';
import { systemActor } from '../../../src/directory/unitOfWork.js';
import { type TestServer } from '../../support/server.js';
import { type Values } from './values.js';

/** Who asks: an integration by its access and profile, a person by the role, or nobody. */
export const CALLERS = ['FULL', 'RFC', 'READ_ONLY', 'NONE', 'ADMIN', 'ANALYST', 'FRONTEND', 'PUBLIC'] as const;
export type Caller = (typeof CALLERS)[number];

export interface Inhabited {
  readonly tenant: TestTenant;
  readonly tokens: Readonly<Record<Caller, string>>;
  readonly values: Values;
  /** Every id in the tables of the tenant, in an order that is the same for tenants filled alike. */
  readonly ids: readonly string[];
}

/** How many people and groups are there for probes that write; each is used in turn. */
export const SPARE = 12;

export async function inhabit(server: TestServer, mark: string): Promise<Inhabited> {
  const tenant = await aTenant({ name: `${mark}integration` }, server);
  const subjects = subjectsOf((await tenant.scim('GET', '/Schemas')).body.Resources as Json[]);
  const people = await populate(tenant, subjects, mark);
  const tokens = await tokensOf(tenant);
  await sealChanges(server.deps.db);
  await server.deps.activity.write(server.deps.db, { everything: true });
  const { rows, ids } = await read(tenant);
  return {
    tenant,
    tokens,
    values: { ...people, ...rows, ...(await cursorsOf(tenant, String(people.groupId))), ...credentials(tenant) },
    ids,
  };
}

/** A person with every attribute there is, each value marked. */
function marked(subjects: readonly Subject[], mark: string, manager?: string): { body: Json; values: Values } {
  const body: Json = aUser({ [ENTERPRISE_USER]: {} });
  const values: Record<string, string> = {};
  for (const subject of subjects.filter(({ endpoint }) => endpoint === '/Users')) {
    const { attribute, sub } = subject;
    const place: Json = isInExtension(subject) ? body[ENTERPRISE_USER] : body;
    const leaf = sub ?? attribute;
    if (attribute.mutability !== 'readWrite' || leaf.type === 'boolean' || leaf.subAttributes || !isSent(leaf))
      continue;
    const value = markedValue(leaf, mark, nameOf(subject));
    if (sub && attribute.name === 'manager') continue;
    values[`User:${nameOf(subject).replace(`${ENTERPRISE_USER}:`, '')}`] = value;
    if (!sub) place[attribute.name] = value;
    else if (attribute.multiValued) place[attribute.name] = [{ ...place[attribute.name]?.[0], [sub.name]: value }];
    else place[attribute.name] = { ...place[attribute.name], [sub.name]: value };
  }
  if (manager) body[ENTERPRISE_USER].manager = { value: manager };
  return { body, values };
}

function markedValue({ type, name }: Published, mark: string, path: string): string {
  const text = `${mark}${path.replace(/^.*:/, '').replaceAll('.', '').toLowerCase()}`;
  if (/^(userName|emailsvalue)$/i.test(path.replaceAll('.', ''))) return `${text}@walk.example`;
  if (type === 'reference') return `https://walk.example/${text}`;
  return type === 'binary' || name === 'x509Certificates' ? Buffer.from(text).toString('base64') : text;
}

async function populate(tenant: TestTenant, subjects: readonly Subject[], mark: string): Promise<Values> {
  const made = async (path: string, body: Json) => {
    const answer = await tenant.scim('POST', path, body);
    if (answer.status !== 201) throw new Error(`Not made: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const person = (name: string, manager?: string) => {
    const { body, values } = marked(subjects, `${mark}${name}`, manager);
    return made('/Users', body).then((resource: Json) => ({ id: String(resource.id), resource, values }));
  };
  const group = async (name: string, members: readonly string[]) => {
    const values = { 'Group:displayName': `${mark}${name}dn`, 'Group:externalId': `${mark}${name}xid` };
    const [displayName, externalId] = Object.values(values);
    const body = aGroup({ displayName, externalId, members: members.map((value) => ({ value })) });
    return { id: String((await made('/Groups', body)).id), values };
  };
  const boss = await person('boss');
  const first = await person('first', boss.id);
  const off = await person('off');
  const gone = await person('gone');
  const team = await group('team', [first.id, boss.id]);
  const patch = patchOf({ op: 'replace', path: 'active', value: false });
  await tenant.scim('PATCH', `/Users/${off.id}`, patch);
  await tenant.scim('DELETE', `/Users/${gone.id}`);
  // A version that nobody else is likely to have.
  for (let n = 0; n < 16; n += 1) {
    const value = n % 2 ? first.values['User:title'] : `${mark}later`;
    await tenant.scim('PATCH', `/Users/${first.id}`, patchOf({ op: 'replace', path: 'title', value }));
  }
  // Entries of the provisioning log about something refused.
  await tenant.scim('POST', '/Users', first.resource, { 'X-Request-Id': `${mark}request` });
  const spare: Record<string, string> = {};
  for (let n = 0; n < SPARE; n += 1) {
    const one = await person(`spare${n}x`);
    spare[`spareUserId${n}`] = one.id;
    for (const [name, value] of Object.entries(one.values)) spare[`spare${n}${name}`] = value;
    const other = await group(`spare${n}x`, [one.id]);
    spare[`spareGroupId${n}`] = other.id;
    for (const [name, value] of Object.entries(other.values)) spare[`spare${n}${name}`] = value;
  }
  const more = { userId: first.id, managerId: boss.id, deactivatedUserId: off.id, deletedUserId: gone.id };
  const named = { deletedUserName: String(gone.values['User:userName']), requestId: `${mark}request` };
  const createdAt = String(first.resource.meta.created);
  const ids = { ...more, ...named, groupId: team.id, createdAt, etag: 'W/"17"' };
  return { ...first.values, ...team.values, ...spare, ...ids, ...(await local(tenant, mark, boss.id)) };
}

/** What SpeakUp itself makes. */
async function local(tenant: TestTenant, mark: string, locked: string): Promise<Values> {
  const user = async (name: string, isProtected: boolean) => {
    const address = `${mark}${name}@walk.example`;
    const input = { userName: address, email: address, displayName: `${mark}${name}dn`, protected: isProtected };
    const query = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { scimId } } }';
    return { id: String((await data(tenant, query, { input })).createUser.user.scimId), address };
  };
  const own = await user('local', false);
  const kept = await user('protected', true);
  const createGroup = 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { scimId } } }';
  const input = { displayName: `${mark}localgroup`, members: [globalId('User', own.id)] };
  const { group } = (await data(tenant, createGroup, { input })).createGroup;
  const lock = 'mutation ($input: LockUserInput!) { lockUser(input: $input) { userErrors { code } } }';
  await data(tenant, lock, { input: { id: globalId('User', locked), reason: `${mark}lockreason` } });
  return {
    localUserId: own.id,
    localUserName: own.address,
    protectedUserId: kept.id,
    protectedUserName: kept.address,
    localGroupId: String(group.scimId),
    localGroupName: input.displayName,
    lockReason: `${mark}lockreason`,
    integrationName: `${mark}integration`,
  };
}

const credentials = ({ clientId, clientSecret, tenant, token }: TestTenant): Values => ({
  clientId,
  clientSecret,
  tenantId: tenant.id,
  slug: tenant.slug,
  token,
});

const TABLES = ['directory_user', 'directory_group', 'integration', 'integration_secret'];

/** Reads as the service does, behind the wall. */
async function read({ tenant, server, clientId }: TestTenant): Promise<{ rows: Values; ids: string[] }> {
  const actor = systemActor(tenant.id, tenant.slug);
  return readIn(server.deps.db, actor, requestContext(), async ({ send }) => {
    const find = (table: string, rest = '') =>
      send<{ id: string }>({ text: `select id from ${table} where tenant_id = $1 ${rest}` }, [tenant.id]);
    const ids = [tenant.id];
    for (const table of TABLES) ids.push(...(await find(table, 'order by id')).map(({ id }) => id));
    const [change] = await find('change_record', "and resource_type = 'User' order by at, id limit 1");
    const [entry] = await find('provisioning_entry', 'order by at, id limit 1');
    const [secret] = await find('integration_secret', `and integration_id = '${clientId}'`);
    return { rows: { changeId: change?.id ?? '', entryId: entry?.id ?? '', secretId: secret?.id ?? '' }, ids };
  });
}

/** Cursors of the tenant's own lists, on both faces. */
async function cursorsOf(tenant: TestTenant, groupId: string): Promise<Values> {
  const scim = async (path: string) => String((await tenant.scim('GET', path)).body.nextCursor);
  const lists = await data(
    tenant,
    `query ($group: ID!) { users(first: 1) { pageInfo { endCursor } } groups(first: 1) { pageInfo { endCursor } }
      history(first: 1) { pageInfo { endCursor } } provisioningLog(first: 1) { pageInfo { endCursor } }
      changes(first: 1) { cursor } group(by: { id: $group }) { members(first: 1) { pageInfo { endCursor } } } }`,
    { group: globalId('Group', groupId) },
  );
  const end = (list: Json) => String(list.pageInfo.endCursor);
  return {
    usersCursor: await scim('/Users?cursor=&count=1'),
    groupsCursor: await scim('/Groups?cursor=&count=1'),
    rootCursor: await scim('/?cursor=&count=1'),
    sortedCursor: await scim('/Users?cursor=&count=1&sortBy=userName'),
    filteredCursor: await scim('/Users?cursor=&count=1&filter=active%20eq%20true'),
    gqlUsersCursor: end(lists.users),
    gqlGroupsCursor: end(lists.groups),
    gqlHistoryCursor: end(lists.history),
    gqlLogCursor: end(lists.provisioningLog),
    gqlChangesCursor: String(lists.changes.cursor),
    gqlMembersCursor: end(lists.group.members),
  };
}

async function tokensOf(tenant: TestTenant): Promise<Inhabited['tokens']> {
  const other = async (name: string, attributes: object) =>
    tokenOf(tenant.server.url, await tenant.integration({ name: `${name} integration`, ...attributes }));
  return {
    FULL: tenant.token,
    RFC: await other('Strict', { compatibility: 'RFC' }),
    READ_ONLY: await other('Reading', { usersAndGroups: 'READ_ONLY' }),
    NONE: await other('Nothing', { usersAndGroups: 'NONE' }),
    ADMIN: await tenant.personToken({ role: 'ADMIN' }),
    ANALYST: await tenant.personToken({ role: 'ANALYST' }),
    FRONTEND: await tenant.personToken({ role: 'FRONTEND' }),
    PUBLIC: '',
  };
}

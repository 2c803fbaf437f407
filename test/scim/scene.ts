// A tenant with short ways to set a scene over SCIM, to make what only SpeakUp itself makes, and to expect a refusal.
import { expect } from 'chai';
import { provisionGroup } from '../../src/directory/group/groups.js';
import { type NewIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext, writeIn, type WriteScope } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { provisionUser } from '../../src/directory/user/provisionUser.js';
import { aGroup, aUser, patchOf, unique } from '../support/builders.js';
import { type TestServer } from '../support/server.js';
import { type Answer, aTenant, type Json, type TestTenant } from '../support/tenant.js';

export interface Scene extends TestTenant {
  /** Creates a person over SCIM. */
  person(attributes?: Readonly<Record<string, unknown>>): Promise<Json>;
  /** Creates a group over SCIM with these people. */
  group(members?: readonly string[], attributes?: Readonly<Record<string, unknown>>): Promise<Json>;
  patch(path: string, ...operations: readonly object[]): Promise<Answer<Json>>;
  get(path: string): Promise<Json>;
  /** The list that a filter finds. */
  find(path: string, filter: string): Promise<Json>;
  /** Makes a person in SpeakUp itself, as its own sign-up would; returns the id. */
  localPerson(values: Readonly<Record<string, unknown>>): Promise<string>;
  /** Makes a group in SpeakUp itself; returns the id. */
  localGroup(displayName: string): Promise<string>;
  /** Runs SQL as the service does, inside the tenant. `$1` is the tenant. */
  sql(text: string, ...params: readonly unknown[]): Promise<Json[]>;
  /** Makes people by the hundreds, without SCIM; returns their ids. */
  crowd(size: number): Promise<string[]>;
}

export async function aScene(attributes: Partial<NewIntegration> = {}, server?: TestServer): Promise<Scene> {
  const tenant = await aTenant(attributes, server);
  const within = <T>(work: (scope: WriteScope) => Promise<() => T | Promise<T>>) =>
    writeIn(tenant.server.deps.db, systemActor(tenant.tenant.id, tenant.tenant.slug), requestContext(), work);
  const made = async (path: string, body: unknown) => {
    const answer = await tenant.scim('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.body;
  };
  const get = async (path: string) => {
    const answer = await tenant.scim('GET', path);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body;
  };
  const sql = (text: string, ...params: readonly unknown[]) =>
    within<Json[]>(async ({ send, tenantId }) => {
      const rows = await send<Json>({ text }, [tenantId, ...params]);
      return () => rows;
    });
  return {
    ...tenant,
    person: (given = {}) => made('/Users', aUser(given)),
    group: (members = [], given = {}) =>
      made('/Groups', aGroup({ members: members.map((value) => ({ value })), ...given })),
    patch: (path, ...operations) => tenant.scim('PATCH', path, patchOf(...operations)),
    get,
    find: (path, filter) => get(`${path}${path.includes('?') ? '&' : '?'}filter=${encodeURIComponent(filter)}`),
    localPerson: (values) =>
      within(async (scope) => {
        const { user, saved } = await provisionUser(scope, values, 'SPEAKUP');
        await saved;
        return () => user.id;
      }),
    localGroup: (displayName) =>
      within((scope) => {
        const { id } = provisionGroup(scope, { set: { displayName } }, 'SPEAKUP');
        return Promise.resolve(() => id);
      }),
    sql,
    crowd: async (size) => {
      const rows = await sql(CROWD, unique(), size);
      return rows.map(({ id }) => id as string);
    },
  };
}

const CROWD = `insert into directory_user (tenant_id, id, origin, status, user_name, user_name_key, version, created_at, updated_at)
  select $1, uuid_v7(), 'SCIM', 'ACTIVE', name, name, 1, now(), now()
  from (select $2::text || '-' || n || '@crowd.example' as name from generate_series(1, $3::int) n) names
  returning id`;

/** What a refusal must look like. */
export interface Expected {
  readonly status: number;
  /** Absent: there must be none. */
  readonly scimType?: string;
  /** What an administrator needs to read. */
  readonly detail: RegExp;
}

/** An answer is an error in SCIM's form: RFC 7644 section 3.12. */
export function expectRefusal(answer: Answer<Json>, { status, scimType, detail }: Expected): void {
  expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
  expect(answer.headers.get('Content-Type')).to.equal('application/scim+json; charset=utf-8');
  expect(answer.body).to.have.all.keys(['schemas', 'status', 'detail', ...(scimType ? ['scimType'] : [])]);
  expect(answer.body.schemas).to.deep.equal(['urn:ietf:params:scim:api:messages:2.0:Error']);
  expect(answer.body.status).to.equal(String(status));
  expect(answer.body.scimType).to.equal(scimType);
  expect(answer.body.detail).to.match(detail);
}

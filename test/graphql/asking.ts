// What these tests say again and again: provisioning people and groups, and asking as a role.
import { type Role } from '../../src/directory/actor.js';
import { aGroup, aUser, ENTERPRISE_USER } from '../support/builders.js';
import { send, type Answer, type Json, type TestTenant } from '../support/tenant.js';

/** Creates a person over SCIM; answers the resource. */
export async function person(tenant: TestTenant, attributes: Readonly<Record<string, unknown>> = {}): Promise<Json> {
  const { status, body } = await tenant.scim('POST', '/Users', aUser(attributes));
  if (status !== 201) throw new Error(`A person was not created: ${JSON.stringify(body)}`);
  return body;
}

/** Creates a group over SCIM with members by SCIM id; answers the resource. */
export async function group(tenant: TestTenant, displayName: string, members: readonly string[] = []): Promise<Json> {
  const body = aGroup({ displayName, members: members.map((value) => ({ value })) });
  const answer = await tenant.scim('POST', '/Groups', body);
  if (answer.status !== 201) throw new Error(`A group was not created: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const reportsTo = (managerId: string) => ({ [ENTERPRISE_USER]: { manager: { value: managerId } } });

/** The data of an answer; fails with its errors. */
export async function data(
  tenant: TestTenant,
  query: string,
  variables?: Record<string, unknown>,
  role: Role = 'ADMIN',
): Promise<Json> {
  const { body } = await tenant.graphql(query, variables, { role });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

/** The codes of an answer's errors. */
export async function codes(
  tenant: TestTenant,
  query: string,
  variables?: Record<string, unknown>,
  role: Role = 'ADMIN',
): Promise<string[]> {
  const { body } = await tenant.graphql(query, variables, { role });
  return codesOf(body);
}

export const codesOf = (body: Json): string[] =>
  ((body.errors ?? []) as Json[]).map(({ extensions }) => String(extensions.code));

/** One field of every element of a list. */
export const each = <Value = string>(list: Json, field: string): Value[] =>
  (list as Readonly<Record<string, Value>>[]).map((one) => one[field] as Value);

/** A request to /graphql with any headers and body. */
export const post = (
  { server }: TestTenant,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Json>> =>
  send(`${server.url}/graphql`, 'POST', body, { 'Content-Type': 'application/json', ...headers });

export const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

// Everything the service shows over GraphQL: the second witness, which reads other tables in another way.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Meter } from '../report/meter.js';
import { SimulatorError } from '../simulatorError.js';
import { ENTERPRISE } from '../scim/paths.js';
import { LostAnswer, type Transport, type WireAnswer } from '../wire/exchange.js';
import { type Json, objectFrom } from '../wire/scimClient.js';
import { type TokenSource } from '../wire/token.js';
import { type ShownGroup, type ShownPerson, type Testimony } from './shown.js';

export interface GraphqlConnection {
  readonly url: string;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly meter?: Meter;
}

export const graphqlTestimony = (connection: GraphqlConnection): Testimony => ({
  people: people(connection),
  groups: groups(connection),
  tells: (path) => !path.startsWith('addresses'),
  // `manager` is a person; a reference to nobody is shown elsewhere.
  tellsUnresolved: false,
});

const PEOPLE = `query ($after: String) { users(first: 200, after: $after) { pageInfo { hasNextPage endCursor } nodes {
  scimId userName active displayName title preferredLanguage externalId userType employeeNumber department division
  costCenter name { givenName familyName formatted } emails { type value } phoneNumbers { type value }
  manager { scimId } } } }`;

const GROUPS = `query ($after: String) { groups(first: 200, after: $after) { pageInfo { hasNextPage endCursor } nodes {
  id scimId displayName externalId } } }`;

const MEMBERS = `query ($id: ID!, $after: String) { node(id: $id) { ... on Group { members(first: 200, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { scimId } } } } }`;

async function* people(connection: GraphqlConnection): AsyncGenerator<ShownPerson> {
  for await (const node of pages(connection, PEOPLE, {}, ({ users }) => users)) yield personFrom(node);
}

async function* groups(connection: GraphqlConnection): AsyncGenerator<ShownGroup> {
  for await (const group of pages(connection, GROUPS, {}, (data) => data.groups)) {
    const members = new Set<string>();
    const inGroup = ({ node }: Json) => (node as Json | null)?.members;
    for await (const { scimId } of pages(connection, MEMBERS, { id: group.id }, inGroup)) members.add(scimId as string);
    yield {
      id: group.scimId as string,
      displayName: group.displayName as string,
      externalId: (group.externalId ?? undefined) as string | undefined,
      members,
    };
  }
}

/** Every node of a connection. */
async function* pages(
  connection: GraphqlConnection,
  query: string,
  variables: Json,
  connectionOf: (data: Json) => unknown,
): AsyncGenerator<Json> {
  for (let after: unknown = null; ;) {
    const page = connectionOf(await ask(connection, query, { ...variables, after })) as Page | undefined;
    yield* page?.nodes ?? [];
    if (!page?.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
  }
}

interface Page {
  readonly nodes: readonly Json[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const TRIES = 5;

async function ask(connection: GraphqlConnection, query: string, variables: Json): Promise<Json> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      const token = await connection.tokens.token();
      const answer = await post(connection, token, JSON.stringify({ query, variables }));
      const { data, errors } = objectFrom(answer.body) ?? {};
      if (answer.status === 200 && !errors && data) return data as Json;
      if (left === 0 || ![401, 429].includes(answer.status)) {
        throw new SimulatorError('failed', `GraphQL answered ${answer.status}: ${answer.body.slice(0, 500)}`);
      }
      connection.tokens.refused(token);
      await sleep(Number(answer.headers['retry-after'] ?? 0) * 1000);
    } catch (error) {
      if (!(error instanceof LostAnswer) || left === 0) throw error;
    }
  }
}

async function post({ url, transport, meter }: GraphqlConnection, token: string, body: string): Promise<WireAnswer> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const started = performance.now();
  const answer = await transport.send({ method: 'POST', url, headers, body });
  const [sent, received] = [body, answer.body].map((text) => Buffer.byteLength(text));
  const ms = performance.now() - started;
  meter?.request({ kind: 'GraphQL', status: answer.status, ms, sent: sent ?? 0, received: received ?? 0 });
  return answer;
}

function personFrom(node: Json): ShownPerson {
  const name = (node.name ?? {}) as Json;
  const ofType = (list: unknown, type: string) => (list as readonly Json[]).find((one) => one.type === type)?.value;
  const values: [string, unknown][] = [
    ...['userName', 'active', 'displayName', 'title', 'preferredLanguage', 'externalId', 'userType'].map(
      (path): [string, unknown] => [path, node[path]],
    ),
    ...['employeeNumber', 'department', 'division', 'costCenter'].map((path): [string, unknown] => [
      `${ENTERPRISE}:${path}`,
      node[path],
    ]),
    ...['givenName', 'familyName', 'formatted'].map((path): [string, unknown] => [`name.${path}`, name[path]]),
    ['emails[type eq "work"].value', ofType(node.emails, 'work')],
    ...['work', 'mobile', 'fax'].map((type): [string, unknown] => [
      `phoneNumbers[type eq "${type}"].value`,
      ofType(node.phoneNumbers, type),
    ]),
  ];
  return {
    id: node.scimId as string,
    name: node.userName as string,
    externalId: (node.externalId ?? undefined) as string | undefined,
    values: new Map(values.filter(([, value]) => value !== null && value !== undefined)),
    manager: (node.manager as { scimId?: string } | null)?.scimId,
  };
}

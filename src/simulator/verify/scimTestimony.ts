// Everything a service shows over SCIM: by cursor (RFC 9865) where it has them, else by index.
import { shownManager, shownValues } from '../scim/mapping.js';
import { LostAnswer } from '../wire/exchange.js';
import { type Json, Refused, type ScimAnswer, type ScimClient } from '../wire/scimClient.js';
import { type ShownGroup, type ShownPerson, type Testimony } from './shown.js';

/** People on a page; groups carry their members, so fewer of them. */
const PAGE: PageSizes = { Users: 500, Groups: 10 };

type Endpoint = 'Users' | 'Groups';
export type PageSizes = Readonly<Record<Endpoint, number>>;

export const scimTestimony = (client: ScimClient, sizes = PAGE): Testimony => ({
  people: mapped(everything(client, 'Users', sizes.Users), personFrom),
  groups: mapped(everything(client, 'Groups', sizes.Groups), groupFrom),
  tells: () => true,
  tellsUnresolved: true,
});

async function* everything(client: ScimClient, endpoint: Endpoint, size: number): AsyncGenerator<Json> {
  yield* (await hasCursors(client)) ? byCursor(client, endpoint, size) : byIndex(client, endpoint, size);
}

/** What the service says of itself; one that says nothing is read by index. */
async function hasCursors(client: ScimClient): Promise<boolean> {
  const path = '/ServiceProviderConfig';
  try {
    const { body } = await asked(client, path, [200]);
    return (body?.pagination as { cursor?: unknown } | undefined)?.cursor === true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function* byCursor(client: ScimClient, endpoint: Endpoint, size: number): AsyncGenerator<Json> {
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const query = new URLSearchParams({ cursor, count: String(size) });
    const { body }: ScimAnswer = await asked(client, `/${endpoint}?${query.toString()}`, [200]);
    yield* listed(body);
    cursor = typeof body?.nextCursor === 'string' ? body.nextCursor : undefined;
  }
}

/** A service may give fewer than were asked for. */
async function* byIndex(client: ScimClient, endpoint: Endpoint, size: number): AsyncGenerator<Json> {
  for (let read = 0; ;) {
    const { body } = await asked(client, `/${endpoint}?startIndex=${read + 1}&count=${size}`, [200]);
    const page = listed(body);
    yield* page;
    read += page.length;
    if (page.length === 0 || read >= Number(body?.totalResults)) return;
  }
}

const listed = (body: Json | undefined): readonly Json[] => (body?.Resources ?? []) as readonly Json[];

/** Reading can be tried again. */
async function asked(client: ScimClient, path: string, wants: readonly number[]): Promise<ScimAnswer> {
  for (let left = 4; ; left -= 1) {
    try {
      return await client.ask({ kind: 'read all', method: 'GET', path, wants });
    } catch (error) {
      if (!(error instanceof LostAnswer) || left === 0) throw error;
    }
  }
}

async function* mapped<From, To>(items: AsyncIterable<From>, shape: (item: From) => To): AsyncGenerator<To> {
  for await (const item of items) yield shape(item);
}

const personFrom = (resource: Json): ShownPerson => ({
  id: textOf(resource.id) ?? '',
  name: textOf(resource.userName) ?? '',
  externalId: textOf(resource.externalId),
  values: shownValues(resource),
  manager: shownManager(resource),
});

const groupFrom = (resource: Json): ShownGroup => ({
  id: textOf(resource.id) ?? '',
  displayName: textOf(resource.displayName) ?? '',
  externalId: textOf(resource.externalId),
  members: new Set(((resource.members ?? []) as readonly Json[]).flatMap(({ value }) => textOf(value) ?? [])),
});

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

// The bare program's operations: which statements, in which round trips, with which values. A test at the start of each
// run holds the statements against those the service sends for the same request (statements.ts).
import { randomBytes, randomUUID } from 'node:crypto';

/** What its connections call themselves. */
export const BARE = 'speakup-bench-bare';

export const GRAPHQL = '/graphql';

/** Statement texts by name. One with a space is a name of ours: the service sends that statement without a name. */
export type Texts = Readonly<Record<string, string>>;

type Row = Record<string, unknown>;
export type Sender = (name: string, values: readonly unknown[]) => Promise<Row[]>;

export interface Run {
  /** One statement alone. */
  readonly alone: Sender;
  readonly transaction: Transaction;
  /** Reads only, in one snapshot. */
  readonly reading: Transaction;
}

type Transaction = <T>(tenant: string, work: (send: Sender) => Promise<T>) => Promise<T>;

type Body = Readonly<Record<string, unknown>>;
interface Patch {
  readonly Operations: readonly [{ readonly op: string; readonly path: string; readonly value: unknown }];
}

const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** One more row is read: it tells that others follow. */
const PAGE = 100;
const lower = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null);
const wordsOf = (...texts: unknown[]) => [...new Set(texts.flatMap((text) => (lower(text) ?? '').split(' ')))];
const isUuid = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value);

export function createBareTransactions(texts: Texts, actorId: string) {
  const columns = columnsOf(texts.insert_user ?? '');
  const properties = propertiesOf(texts.lock_user ?? '');
  const newId = idsInOrder();

  /** The values of insert_user and update_user, from a row by property name. */
  function userValues(tenant: string, row: Row): unknown[] {
    const email = (row.emails as { value: string }[] | null)?.[0]?.value;
    const own: Row = {
      tenant_id: tenant,
      written_by: actorId,
      user_name_key: lower(row.userName),
      match_email_key: lower(email),
      display_name_key: lower(row.displayName),
      employee_number_key: lower(row.employeeNumber),
      manager_key: lower(row.manager),
    };
    const values = columns.map((column) => own[column] ?? row[properties[column] ?? ''] ?? null).map(asJson);
    return [...values, isUuid(row.manager) ? row.manager : null];
  }

  function record(send: Sender, tenant: string, now: Date, what: readonly [string, string, string], changes: Row) {
    const values = [tenant, newId(), now, ...what, 'INTEGRATION', actorId, randomUUID(), JSON.stringify(changes)];
    return send('record_change', values);
  }

  function log(send: Sender, tenant: string, now: Date, entry: Row) {
    const common = { tenant_id: tenant, id: newId(), at: now, integration_id: actorId, request_id: randomUUID() };
    const rest = { outcome: 'SUCCEEDED', leniencies: null, ignored_attributes: null, duration_ms: 1.234 };
    return send('add_provisioning_entry', [JSON.stringify({ ...common, ...entry, ...rest })]);
  }

  return {
    getUser: async ({ alone }: Run, tenant: string, id: string) => (await alone('user_by_id', [tenant, id]))[0] ?? {},

    findUser: async ({ alone }: Run, tenant: string, userName: string) =>
      listOf(await alone('user_by_user_name', [tenant, userName.toLowerCase()])),

    probeManager: ({ reading }: Run, tenant: string, id: string, manager: string) =>
      reading(tenant, async (send) => listOf(await send('probe manager 1', [tenant, id, manager, manager]))),

    matchGroup: ({ reading }: Run, tenant: string, displayName: string) =>
      reading(tenant, async (send) => listOf(await send('match group 1', [tenant, displayName.toLowerCase()]))),

    listByIndex: ({ reading }: Run, tenant: string) =>
      reading(tenant, async (send) => {
        const rows = await send('list by index 1', [tenant]);
        const [counted] = await send('list by index 2', [tenant]);
        return { totalResults: counted?.total, Resources: rows.slice(0, PAGE) };
      }),

    listByCursor: ({ reading }: Run, tenant: string, after: string) =>
      reading(tenant, async (send) => {
        const rows = await send('list by cursor 1', [tenant, after]);
        return { nextCursor: rows[PAGE]?.id, Resources: rows.slice(0, PAGE) };
      }),

    /** Text already. */
    peopleOverGraphql: ({ reading }: Run, tenant: string) =>
      reading(tenant, async (send) => (await send('people over GraphQL', [tenant]))[0]?.json),

    createUser: ({ transaction }: Run, tenant: string, body: Body) =>
      transaction(tenant, async (send) => {
        const { [ENTERPRISE_USER]: enterprise, schemas, ...core } = body;
        const userName = String(body.userName).toLowerCase();
        await send('match_candidates', [tenant, userName, userName, body.externalId ?? null]);
        const now = new Date();
        const born = { createdAt: now, updatedAt: now, version: 1, protected: false };
        const own = { id: newId(), origin: 'SCIM', status: 'ACTIVE', ...born };
        const row: Row = { ...core, ...(enterprise as Row), ...own };
        void send('insert_user', userValues(tenant, row));
        void send('add_keys', [tenant, row.id, [userName], wordsOf(userName, row.displayName)]);
        void send('arrive_as_manager', [tenant, [userName, userName]]);
        const keys = [row.id, userName, userName];
        void send('resolve_waiting_managers', [tenant, row.id, keys, now, 'INTEGRATION', actorId, randomUUID()]);
        const named = { ...core, ...(enterprise as Row) };
        const changes = Object.fromEntries(Object.entries(named).map(([key, after]) => [key, { before: null, after }]));
        void record(send, tenant, now, ['CREATED', 'User', String(row.id)], changes);
        const entry = { method: 'POST', resource_type: 'User', resource_id: row.id, status: 201 };
        void log(send, tenant, now, { ...entry, sentence: 'Created user cy***@fabriek.example.' });
        return { ...row, schemas };
      }),

    patchUser: ({ transaction }: Run, tenant: string, id: string, { Operations: [{ path, value }] }: Patch) =>
      transaction(tenant, async (send) => {
        const [before = {}] = await send('lock_user', [tenant, id]);
        const now = new Date();
        const property = path.slice(path.lastIndexOf(':') + 1);
        const row: Row = { ...before, [property]: value, version: Number(before.version) + 1, updatedAt: now };
        const changes = { [property]: { before: before[property], after: value } };
        void record(send, tenant, now, ['CHANGED', 'User', id], changes);
        void send('update_user', [...userValues(tenant, row), property === 'manager']);
        const entry = { method: 'PATCH', resource_type: 'User', resource_id: id, status: 200 };
        void log(send, tenant, now, { ...entry, sentence: 'Changed user cy***@fabriek.example.' });
        return row;
      }),

    createGroup: ({ transaction }: Run, tenant: string, { displayName, externalId }: Body) =>
      transaction(tenant, (send) => {
        const now = new Date();
        const id = newId();
        void send('insert_group', [
          tenant,
          id,
          'SCIM',
          externalId,
          displayName,
          lower(displayName),
          now,
          actorId,
          wordsOf(displayName),
        ]);
        void record(send, tenant, now, ['CREATED', 'Group', id], { displayName: { before: null, after: displayName } });
        const entry = { method: 'POST', resource_type: 'Group', resource_id: id, status: 201 };
        void log(send, tenant, now, { ...entry, sentence: 'Created group Gr***.' });
        return Promise.resolve({ id, displayName, externalId, version: 1, createdAt: now, updatedAt: now });
      }),

    patchGroup: ({ transaction }: Run, tenant: string, id: string, { Operations: [{ op, value }] }: Patch) =>
      transaction(tenant, async (send) => {
        const ids = (value as readonly { value: string }[]).map((member) => member.value);
        const [add, remove] = op === 'Add' ? [ids, []] : [[], ids];
        const locked = send('lock_group', [tenant, id]);
        if (add.length > 0) await send('known_members', [tenant, add]);
        await locked;
        const now = new Date();
        const who = ['INTEGRATION', actorId, randomUUID()];
        void send('change_members', [tenant, id, add, remove, true, now, ...who, null, 'CHANGED']);
        const entry = { method: 'PATCH', resource_type: 'Group', resource_id: id, status: 204 };
        void log(send, tenant, now, { ...entry, sentence: 'Added 1 person to group Gr***.' });
        return undefined;
      }),
  };
}

const listOf = (rows: readonly Row[]) => ({ totalResults: rows.length, Resources: rows });

const asJson = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value;

/** The columns an insert names before the computed manager_id, in the order of its parameters. */
function columnsOf(insert: string): string[] {
  const [, list = ''] = /\(([^)]*)\)/.exec(insert) ?? [];
  return list
    .split(',')
    .map((column) => column.trim())
    .slice(0, -1);
}

/** From `u.user_name as "userName"`: the property of each column. */
function propertiesOf(select: string): Row & Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...select.matchAll(/u\.(\w+) as "(\w+)"/g)].map(([, column = '', property = '']) => [column, property]),
  );
}

/** UUID version 7 as the service makes them: random ones would make the indexes slower. */
function idsInOrder(): () => string {
  const state = { counter: 0 };
  const node = randomBytes(6).toString('hex');
  return () => {
    const time = Date.now().toString(16).padStart(12, '0');
    state.counter = (state.counter + 1) % 0x1000000;
    const count = state.counter.toString(16).padStart(6, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3)}-${node}`;
  };
}

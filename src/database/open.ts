// Opens the database: migrates as the owner, then serves through a role that owns nothing. Refuses to run when that
// role could pass row-level security.
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Client, Pool } from 'pg';
import { parse } from 'pg-connection-string';
import { createGate, type Gate, openGate } from '../admission/gate.js';
import { entities } from '../directory/entities.js';
import { sqlMigrations } from './migrations.js';
import { assertWalled } from './selfTest.js';

/** The role the service works as: reads and writes within a tenant, owns nothing. */
export const APP_ROLE = 'speakup_app';
/** The role analysts' queries run as: SELECT on people, groups and memberships only. */
export const ANALYST_ROLE = 'speakup_analyst';

const ANALYST_CONNECTIONS = 2;

export interface Database {
  readonly orm: MikroORM;
  /** MikroORM's own pool, pipelined: several statements go out before the first answer. */
  readonly pool: Pool;
  /** A small pool for analysts, as a role that can only read. */
  readonly analystPool: Pool;
  /** One connection to count with what callers of GraphQL spend: they shall not wait for SCIM's, nor SCIM for theirs. */
  readonly countingPool: Pool;
  /** Where tenants take turns for connections of the two pools. */
  readonly gate: Gate;
  readonly analystGate: Gate;
  close(): Promise<void>;
}

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  /** Another process has just done it. */
  readonly isMigrated?: boolean;
  /** False lets everybody in at once: what benchmarks compare with. */
  readonly fair?: boolean;
}

/** Migrates, opens the pools, and checks that the walls stand. */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if (!settings.isMigrated) await migrate(settings.url);
  const orm = await MikroORM.init(serving(settings, APP_ROLE, settings.poolSize));
  const analystOrm = await MikroORM.init(serving(settings, ANALYST_ROLE, ANALYST_CONNECTIONS));
  const pool = await orm.em.getConnection().getNativeClient();
  const analystPool = await analystOrm.em.getConnection().getNativeClient();
  const countingPool = new Pool({
    ...serving(settings, APP_ROLE, 1).driverOptions,
    ...connection(settings.url),
    max: 1,
  });
  const close = async () => {
    await orm.close();
    await analystOrm.close();
    await countingPool.end();
  };
  try {
    await assertWalled(pool, APP_ROLE);
    await assertWalled(analystPool, ANALYST_ROLE);
    await assertWalled(countingPool, APP_ROLE);
  } catch (error) {
    await close();
    throw error;
  }
  const gateOf = (permits: number) => (settings.fair === false ? openGate() : createGate({ permits }));
  const gates = { gate: gateOf(settings.poolSize), analystGate: gateOf(ANALYST_CONNECTIONS) };
  return { orm, pool, analystPool, countingPool, ...gates, close };
}

/**
 * Runs what is missing of schema/postgres, or of the migrations named, alone: an advisory lock on another connection keeps
 * a second process waiting.
 */
export async function migrate(url: string, migrations?: readonly string[]): Promise<void> {
  const lock = new Client(connection(url));
  await lock.connect();
  try {
    await assertUsable(lock);
    await lock.query("select pg_advisory_lock(hashtext('speakup-directory migrations'))");
    const orm = await MikroORM.init(ownerOptions(url));
    try {
      await orm.migrator.up(migrations && { migrations: [...migrations] });
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
  }
}

/** PostgreSQL before 15 lacks what the migrations need; another encoding cannot hold everybody's name. */
async function assertUsable(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  );
  const { version, encoding } = rows[0] ?? { version: '0', encoding: '' };
  if (Number(version) < 150_000) throw new Error('PostgreSQL 15 or newer is needed.');
  if (encoding !== 'UTF8') throw new Error(`The database must be encoded in UTF8, not ${encoding}: create it anew.`);
}

/** MikroORM's options for the owner's login: migrations and the schema comparison of the tests. */
export const ownerOptions = (url: string): Options => ({
  entities,
  extensions: [Migrator],
  ...mikroConnection(url),
  discovery: { warnWhenNoEntities: false },
  migrations: {
    migrationsList: sqlMigrations(),
    tableName: 'schema_migration',
    snapshot: false,
    allOrNothing: false,
    silent: true,
  },
  pool: { min: 0, max: 2 },
});

/**
 * A plan for the tenant at hand would trust statistics that do not know a new tenant: one row is expected, every index
 * looks as good as the right one, and a first cycle reads the whole tenant for each person. A plan for any tenant does not.
 * But it takes any tenant for a middling one: beside a very large one, it would start processes and compile code to
 * count a thousand people.
 */
const ROLE_SETTINGS = {
  // Below the deadline of a SCIM request (10 s): a statement that is too dear is the caller's to narrow (400), what else
  // takes too long is not (503). Who waits for somebody else's change waits for as long as GraphQL may.
  [APP_ROLE]:
    '-c statement_timeout=8s -c lock_timeout=5s -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c jit=off',
  // SPEC section 7. The role may write nothing, and its transactions are begun read-only: this is for what forgets to.
  // With a random page as dear as a disk's, counting a tenant would read the whole table, all other tenants too.
  [ANALYST_ROLE]:
    '-c statement_timeout=5s -c default_transaction_read_only=on -c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1',
} as const;

const serving = ({ url }: DatabaseSettings, role: keyof typeof ROLE_SETTINGS, size: number): Options => ({
  entities,
  ...mikroConnection(url),
  pool: { min: 0, max: size },
  driverOptions: {
    ...mikroConnection(url).driverOptions,
    // A transaction idle for longer than any deadline is a mistake of ours. The role comes with the connection: MikroORM ignores `options` in a URL.
    options: `-c role=${role} -c idle_in_transaction_session_timeout=15s ${ROLE_SETTINGS[role]}`,
    pipeline: true,
    connectionTimeoutMillis: 5000,
    // The first to ask after a while would wait for a new one, and a burst for many.
    idleTimeoutMillis: 600_000,
    // Where nothing comes back any more, cancelling or not.
    query_timeout: 12000,
    keepAlive: true,
    application_name: 'speakup-directory',
  },
});

function mikroConnection(url: string): Options {
  const { host, port, user, password, database, ssl } = connection(url);
  return { host, port, user, password, dbName: database, ...(ssl === undefined ? {} : { driverOptions: { ssl } }) };
}

/** A connection URL taken apart; the host of a Unix socket is its folder. */
export function connection(url: string) {
  const parts = parse(url);
  return {
    host: parts.host ?? 'localhost',
    port: Number(parts.port ?? 5432),
    user: parts.user ?? 'postgres',
    password: typeof parts.password === 'string' ? parts.password : '',
    database: parts.database ?? 'postgres',
    ...(parts.ssl === undefined ? {} : { ssl: parts.ssl as boolean }),
  };
}

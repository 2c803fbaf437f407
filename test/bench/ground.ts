// What every run stands on: a database, the service as `npm start` runs it, the owner's connection and a pool like the
// service's; and the tenants made on it.
import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { type MasterKey, masterKeyFromBytes } from '../../src/access/masterKey.js';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { openDatabase, type Database } from '../../src/database/open.js';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { freshDatabase, temporaryFolder } from '../support/database.js';
import { tokenOf } from '../support/tenant.js';
import { BARE } from './bareTransactions.js';
import { type Target } from './client.js';
import { tenantId } from './population.js';
import {
  compilePrograms,
  createIntegration,
  removePrograms,
  startBare,
  startService,
  type Program,
} from './programs.js';
import { sameStatements, type Twins } from './sameStatements.js';
import { actorOf } from './statements.js';

export interface Side extends Program {
  /** How its connections call themselves. */
  readonly applicationName: string;
}

export interface Ground {
  readonly environment: Readonly<Record<string, string>>;
  /** Where the programs of the benchmark are, compiled. */
  readonly programs: string;
  readonly service: Side;
  readonly logFile: string;
  /** The owner's connection. */
  readonly owner: Client;
  /** As the service opens it. */
  readonly pool: Pool;
  /** What the bare program's connections are opened with. */
  readonly connection: { readonly url: string; readonly options: string; readonly poolSize: number };
  /** The service's. */
  readonly masterKey: MasterKey;
}

/** A tenant with an integration. */
export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly actor: IntegrationActor;
  /** Where the service answers for it. */
  readonly target: Target;
}

export type Closers = (() => Promise<unknown>)[];

export interface Settings {
  readonly profile?: string | undefined;
  readonly say: (message: string) => void;
}

/** As many as the service's, unless it is told otherwise. */
const POOL_SIZE = 10;

/** `closers` hears what to undo, also when this fails half-way. */
export async function setGround({ profile, say }: Settings, closers: Closers): Promise<Ground> {
  const { environment: where, url } = await aDatabase(closers);
  const key = randomBytes(32);
  const environment = { ...where, MASTER_KEY: key.toString('base64'), GRAPHQL_BUDGET: '999999999' };
  const programs = await compilePrograms();
  closers.push(() => removePrograms(programs));
  const folder = await temporaryFolder();
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const logFile = join(folder, 'service.log');
  say('starting the service');
  const service = await startService(environment, logFile, profile);
  closers.push(() => service.stop());
  const owner = new Client(url);
  await owner.connect();
  closers.push(() => owner.end());
  const db = await openDatabase({ url, poolSize: 2 });
  closers.push(() => db.close());
  return {
    environment,
    programs,
    service: { ...service, applicationName: 'speakup-directory' },
    logFile,
    owner,
    pool: db.pool,
    connection: { url, options: sessionOptions(db), poolSize: POOL_SIZE },
    masterKey: masterKeyFromBytes(key),
  };
}

/** What the service's connections are opened with: role, limits, planner settings. */
const sessionOptions = ({ orm }: Database): string => {
  const options: unknown = orm.config.get('driverOptions');
  return (options as { readonly options: string }).options;
};

/** The embedded database in a folder of its own; with DATABASE_URL, a new database on that server. */
export async function aDatabase(closers: Closers) {
  const database = await freshDatabase(process.env.DATABASE_URL);
  closers.push(() => database.remove());
  const { environment } = database;
  const { DATA_DIR = '', DATABASE_URL } = environment;
  if (DATABASE_URL) return { environment, url: DATABASE_URL };
  const embedded = await startEmbeddedPostgres(DATA_DIR, () => undefined);
  closers.push(() => embedded.stop());
  return { environment, url: embedded.url };
}

export async function aTenant({ environment, owner, service: { port } }: Ground): Promise<Tenant> {
  const slug = `bench-${randomUUID().slice(0, 8)}`;
  const credentials = await createIntegration(environment, slug);
  const token = await tokenOf(`http://127.0.0.1:${port}`, credentials);
  const id = await tenantId(owner, slug);
  const headers = `Authorization: Bearer ${token}\r\nX-Tenant: ${id}\r\n`;
  return { id, slug, actor: actorOf(id, credentials.clientId), target: { host: '127.0.0.1', port, headers } };
}

/** The bare program asks for no token: a tenant is a row. */
export async function bareTenant(owner: Client): Promise<string> {
  const id = randomUUID();
  await owner.query('insert into tenant (id, slug, created_at) values ($1, $2, now())', [
    id,
    `bench-${id.slice(0, 8)}`,
  ]);
  return id;
}

/** The bare program, once it sends what the service sends for the same requests. */
export async function aBareProgram(ground: Ground, twins: Omit<Twins, 'masterKey'>, closers: Closers): Promise<Side> {
  const { programs, connection, pool, masterKey } = ground;
  const settings = { ...connection, actorId: twins.actor.id };
  const bare = await sameStatements(pool, { ...twins, masterKey }, (statements) =>
    startBare(programs, { ...settings, statements }),
  );
  closers.push(() => bare.stop());
  return { ...bare, applicationName: BARE };
}

/** What figures depend on, in a line. */
export async function machineOf({ owner }: Pick<Ground, 'owner'>): Promise<string> {
  const { rows } = await owner.query<{ server_version: string }>('show server_version');
  const [first] = cpus();
  return `${cpus().length} × ${first?.model ?? 'unknown'}, Linux ${release()}, Node ${process.version}, PostgreSQL ${rows[0]?.server_version}`;
}

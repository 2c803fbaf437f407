// Everything a run needs, in the order it is built: database, service, tenants, people, statements, bare program, load
// generator; taken down in the opposite order.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { openDatabase, type Database } from '../../src/database/open.js';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { freshDatabase, temporaryFolder } from '../support/database.js';
import { tokenOf } from '../support/tenant.js';
import { BARE } from './bareTransactions.js';
import { type Target } from './client.js';
import { populate, populateUnknown, tenantId, type UnknownSubject } from './population.js';
import {
  compilePrograms,
  createIntegration,
  removePrograms,
  startBare,
  startLoad,
  startService,
  type Load,
  type Program,
} from './programs.js';
import { type Subject } from './requests.js';
import { sameStatements } from './sameStatements.js';
import { actorOf } from './statements.js';

export type SideName = 'service' | 'bare';

export interface Side extends Program {
  /** How its connections call themselves. */
  readonly applicationName: string;
}

export interface Stage {
  /** The owner's connection. */
  readonly owner: Client;
  /** As the service opens it. */
  readonly pool: Pool;
  readonly actor: IntegrationActor;
  readonly subject: Subject;
  /** A tenant that came after the statistics. */
  readonly unknown: { readonly actor: IntegrationActor; readonly subject: UnknownSubject };
  readonly load: Load;
  readonly sides: Readonly<Record<SideName, Side>>;
  /** Where a side answers for the populated tenant. */
  target(side: SideName): Target;
  /** An empty tenant of its own. */
  emptyTenant(side: SideName): Promise<Target>;
  readonly logFile: string;
}

export type Closers = (() => Promise<unknown>)[];

interface Settings {
  readonly profile?: string;
  readonly say: (message: string) => void;
}

/** As many as the service's, unless it is told otherwise. */
const POOL_SIZE = 10;

/** `closers` hears what to undo, also when this fails half-way. */
export async function setStage({ profile, say }: Settings, closers: Closers): Promise<Stage> {
  const { environment, url } = await aDatabase(closers);
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
  const { id, clientId, target: toService } = await aTenant(environment, owner, service);
  say('populating a tenant with 110 000 people and its neighbour with 30 000');
  const subject = await populate(owner, id, await bareTenant(owner));
  const unknownId = await bareTenant(owner);
  const unknown = { actor: actorOf(unknownId, clientId), subject: await populateUnknown(owner, unknownId) };
  const db = await openDatabase({ url, poolSize: 2 });
  closers.push(() => db.close());
  const { pool } = db;
  const actor = actorOf(id, clientId);
  const settings = { url, options: sessionOptions(db), poolSize: POOL_SIZE, actorId: clientId };
  const bare = await sameStatements(pool, actor, subject, (statements) =>
    startBare(programs, { ...settings, statements }),
  );
  closers.push(() => bare.stop());
  const load = startLoad(programs);
  closers.push(() => load.stop());
  await load.run({ order: 'subject', subject });
  const toBare = { ...toService, port: bare.port };
  return {
    owner,
    pool,
    actor,
    subject,
    unknown,
    load,
    logFile,
    sides: {
      service: { ...service, applicationName: 'speakup-directory' },
      bare: { ...bare, applicationName: BARE },
    },
    target: (side) => (side === 'service' ? toService : toBare),
    emptyTenant: async (side) =>
      side === 'service'
        ? (await aTenant(environment, owner, service)).target
        : { ...toBare, headers: `${authorizationOf(toBare)}X-Tenant: ${await bareTenant(owner)}\r\n` },
  };
}

/** What the service's connections are opened with: role, limits, planner settings. */
const sessionOptions = ({ orm }: Database): string => {
  const options: unknown = orm.config.get('driverOptions');
  return (options as { readonly options: string }).options;
};

/** The embedded database in a folder of its own; with DATABASE_URL, a new database on that server. */
async function aDatabase(closers: Closers) {
  const database = await freshDatabase(process.env.DATABASE_URL);
  closers.push(() => database.remove());
  const { environment } = database;
  const { DATA_DIR = '', DATABASE_URL } = environment;
  if (DATABASE_URL) return { environment, url: DATABASE_URL };
  const embedded = await startEmbeddedPostgres(DATA_DIR, () => undefined);
  closers.push(() => embedded.stop());
  return { environment, url: embedded.url };
}

async function aTenant(environment: Readonly<Record<string, string>>, owner: Client, { port }: Program) {
  const slug = `bench-${randomUUID().slice(0, 8)}`;
  const credentials = await createIntegration(environment, slug);
  const token = await tokenOf(`http://127.0.0.1:${port}`, credentials);
  const id = await tenantId(owner, slug);
  const headers = `Authorization: Bearer ${token}\r\nX-Tenant: ${id}\r\n`;
  const target: Target = { host: '127.0.0.1', port, headers };
  return { id, target, clientId: credentials.clientId };
}

/** The bare program asks for no token: a tenant is a row. */
async function bareTenant(owner: Client): Promise<string> {
  const id = randomUUID();
  await owner.query('insert into tenant (id, slug, created_at) values ($1, $2, now())', [
    id,
    `bench-${id.slice(0, 8)}`,
  ]);
  return id;
}

const authorizationOf = ({ headers }: Target): string => headers.slice(0, headers.indexOf('\r\n') + 2);

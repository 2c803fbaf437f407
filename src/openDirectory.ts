// Opens everything a process works with, in order, and closes it in the opposite order. The service and the command
// line both start here.
import { type Pool } from 'pg';
import { createRequestsInFlight } from './admission/requestsInFlight.js';
import { createAuthenticator } from './access/authenticate.js';
import { hearChanges } from './access/hearChanges.js';
import { readIssuerFile } from './access/issuerFile.js';
import { openIssuers } from './access/issuers.js';
import { createLiveState } from './access/liveState.js';
import { assertMasterKey, loadMasterKey } from './access/masterKey.js';
import { openSigningKeys } from './access/signingKeys.js';
import { type Config } from './config.js';
import { type Database, openDatabase } from './database/open.js';
import { type Deps } from './deps.js';
import { createActivityNotes } from './operation/activityNotes.js';
import { createBrakeCounts } from './operation/brakeCounts.js';
import { type Log } from './operation/logging.js';

interface Settings {
  readonly config: Config;
  readonly log: Log;
  /** Called once the database is open. */
  readonly publicUrl: (pool: Pool) => string | Promise<string>;
  readonly clock?: () => Date;
  /** A worker: its primary has migrated, and said what there was to say. */
  readonly isOneOfSeveral?: boolean;
}

export interface OpenDirectory {
  readonly deps: Deps;
  /** Closes the pools, and stops the embedded database when no other process uses it. */
  close(): Promise<void>;
}

/** Throws ConfigError for a wrong master key, and what the database says when it cannot be reached. */
export async function openDirectory(settings: Settings): Promise<OpenDirectory> {
  const { config, log, clock = () => new Date(), isOneOfSeveral = false } = settings;
  const masterKey = await loadMasterKey(config, (message) => isOneOfSeveral || log.warn(message));
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const url = config.databaseUrl ?? (await startEmbedded(config, log, closers));
    const db = await openDatabase({
      url,
      poolSize: config.poolSize,
      isMigrated: isOneOfSeveral,
      fair: config.admission,
    });
    const lost = surviveLostConnections(db, log);
    closers.push(() => {
      lost.expected = true;
      return db.close();
    });
    await assertMasterKey(db.pool, masterKey);
    const publicUrl = await settings.publicUrl(db.pool);
    const keys = await openSigningKeys({ pool: db.pool, masterKey, issuer: publicUrl, clock });
    const trusted = await readIssuerFile(config.trustedIssuersFile, publicUrl);
    const issuers = openIssuers({ trusted, pools: db, log });
    const state = createLiveState(db);
    const authenticator = createAuthenticator({ state, keys, issuers, clock });
    const hear = () => hearChanges(state, url, log);
    const access = { masterKey, keys, issuers, authenticator, hear };
    const notes = {
      activity: createActivityNotes(),
      brakeCounts: createBrakeCounts(),
      inFlight: createRequestsInFlight(),
    };
    return { deps: { config, publicUrl, db, ...access, ...notes, log, clock }, close };
  } catch (error) {
    await close().catch((other: unknown) => log.error({ err: other }, 'Closing after a failed start failed too'));
    throw error;
  }
}

async function startEmbedded(config: Config, log: Log, closers: (() => Promise<void>)[]): Promise<string> {
  // Loaded only when it is needed: an external database needs none of its packages.
  const { startEmbeddedPostgres } = await import('./database/embedded.js');
  const embedded = await startEmbeddedPostgres(config.dataDir, (message) => log.info(message));
  closers.push(() => embedded.stop());
  return embedded.url;
}

/**
 * A pool reports an idle connection that was lost as an event; unheard it would end the process. It reconnects by itself.
 * While the database is being stopped the last connections may be ended by it, which nobody needs to hear of.
 */
function surviveLostConnections({ pool, analystPool, countingPool }: Database, log: Log): { expected: boolean } {
  const lost = { expected: false };
  for (const each of [pool, analystPool, countingPool]) {
    each.on('error', ({ message }) =>
      log[lost.expected ? 'debug' : 'warn']({ reason: message }, 'A connection to the database was lost'),
    );
  }
  return lost;
}

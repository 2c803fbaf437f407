// One database per run: the embedded PostgreSQL in a folder of its own or, with TEST_DATABASE_URL, a new database on
// that server. Started when the first test asks for it, removed by the hooks.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface TestDatabase {
  /** Settings that make a process work with it. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** A folder that PostgreSQL's account can reach when the tests run as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'speakup-test-'));
  await chmod(folder, 0o711);
  return folder;
}

/** A fresh database: `serverUrl` (a superuser's login) names the server it is made on; without it, an embedded one. */
export async function freshDatabase(serverUrl = process.env.TEST_DATABASE_URL): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  if (!serverUrl) return { environment: { DATA_DIR: folder }, remove: removeFolder };
  const name = `speakup_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    environment: { DATA_DIR: folder, DATABASE_URL: url.href },
    async remove() {
      await onServer(serverUrl, `drop database ${name} with (force)`);
      await removeFolder();
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

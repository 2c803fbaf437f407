import { Client } from 'pg';
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { startEmbeddedPostgres } from '../../../src/database/embedded.js';
import { freshDatabase } from '../../support/database.js';
import { startServer } from '../../support/server.js';
import { aTenant } from '../../support/tenant.js';
import { populateOrganisation } from './population.js';
import { sidesOf } from './bare.js';
const database = await freshDatabase();
const server = await startServer(database.environment);
const tenant = await aTenant({}, server);
const { DATABASE_URL, DATA_DIR = '' } = database.environment;
const embedded = DATABASE_URL ? undefined : await startEmbeddedPostgres(DATA_DIR, () => undefined);
const owner = new Client(DATABASE_URL ?? embedded?.url);
await owner.connect();
await populateOrganisation(owner, tenant.tenant.id, 5000);
const sides = await sidesOf(tenant);
for (const name of ['graphql', 'bare'] as const) {
  for (let i = 0; i < 100; i++) await sides[name]();
  const s = new Session(); s.connect();
  if (name==='graphql'){ await s.post('Profiler.enable'); await s.post('Profiler.setSamplingInterval',{interval:200}); await s.post('Profiler.start'); }
  const c = process.cpuUsage(); const t = performance.now();
  const n = 200;
  for (let i = 0; i < n; i++) await sides[name]();
  const d = process.cpuUsage(c);
  console.log(name, 'cpu us/request', Math.round((d.user + d.system) / n), 'wall ms', ((performance.now() - t) / n).toFixed(2));
  if (name==='graphql'){ const {profile} = await s.post('Profiler.stop'); writeFileSync('/tmp/scratch/gql.cpuprofile', JSON.stringify(profile)); }
}
await owner.end();
await embedded?.stop();
await server.stop();
await database.remove();
process.exit(0);

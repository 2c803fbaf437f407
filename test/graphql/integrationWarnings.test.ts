import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { addFederatedCredential } from '../../src/directory/integration/federatedCredentials.js';
import { rotateSecret } from '../../src/directory/integration/integrations.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { warnOfSecrets } from '../../src/operation/dailyWarnings.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { aTenant, tokenOf, type Credentials, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data } from './asking.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const WARNINGS = `query ($id: UUID!) { appIntegration(clientId: $id) {
  secrets { id lastUsedAt } warnings { kind message secretId daysLeft } } }`;

describe('T5: warnings about the secrets of an app integration', function () {
  this.timeout(60_000);
  const time = { days: 0 };
  const clock = () => new Date(Date.now() + time.days * DAY_MS);
  let database: TestDatabase;
  let server: TestServer;
  let tenant: TestTenant;

  before(async () => {
    database = await freshDatabase();
    server = await startServer(database.environment, clock);
    tenant = await aTenant({ secretYears: 1 }, server);
  });
  after(async () => {
    await server.stop();
    await database.remove();
  });
  beforeEach(() => (time.days = 0));

  const rotate = ({ clientId }: Credentials) =>
    rotateSecret(
      server.deps.db,
      systemActor(tenant.tenant.id, tenant.tenant.slug),
      { requestId: 'test', now: clock() },
      clientId,
    );
  /** As it is once everything is written that happened so far. */
  const shown = async ({ clientId }: Credentials): Promise<Json> => {
    await sleep(20);
    await server.deps.activity.write(server.deps.db, { everything: true });
    return (await data(tenant, WARNINGS, { id: clientId })).appIntegration;
  };
  const kinds = async (credentials: Credentials) =>
    ((await shown(credentials)).warnings as Json[]).map(({ kind, daysLeft }) => [kind, daysLeft] as unknown);

  it('begin thirty days before the last secret ends, and say what to do', async () => {
    const end = new Date();
    end.setUTCFullYear(end.getUTCFullYear() + 1);
    const year = (end.getTime() - Date.now()) / DAY_MS;
    for (const [days, expected] of [
      [30.5, []],
      [29.5, [['SECRET_EXPIRES', 30]]],
      [6.5, [['SECRET_EXPIRES', 7]]],
      [0.5, [['SECRET_EXPIRES', 1]]],
      [-0.5, [['NO_LIVE_SECRET', null]]],
    ] as const) {
      time.days = year - days;
      expect(await kinds(tenant), `${days} days before`).to.deep.equal(expected);
    }
    time.days = year - 6.5;
    const [warning] = (await shown(tenant)).warnings as Json[];
    expect(warning.message).to.equal(
      `The client secret ends in 7 days, on ${end.toISOString().slice(0, 10)}. From then on nobody can get a token, and provisioning stops. Make a new secret now, enter it in Entra ID and test the connection; both secrets work until the old one ends.`,
    );
  });

  it('are about the old secret of a rotation as long as it is used, and end with that', async () => {
    const old = await tenant.integration();
    const before = new Date();
    await tokenOf(server.url, old);
    const young = await rotate(old);
    expect(await kinds(old)).to.deep.equal([]);
    const [used, unused] = (await shown(old)).secrets as Json[];
    expect(new Date(used.lastUsedAt as string).getTime()).to.be.within(before.getTime() - 1, Date.now());
    expect(unused.lastUsedAt).to.equal(null);
    await sleep(5);
    await tokenOf(server.url, young);
    expect(await kinds(old)).to.deep.equal([]);
    await tokenOf(server.url, old);
    const { warnings } = await shown(old);
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.include({ kind: 'OLD_SECRET_IN_USE', secretId: used.id, daysLeft: null });
    expect(warnings[0].message).to.match(
      /still used.*Enter the new one in Entra ID, test the connection, and then end/,
    );
  });

  it('are none of a replaced secret that ends, while the new one goes on', async () => {
    time.days = -360;
    const old = await tenant.integration({ secretYears: 1 });
    time.days = 0;
    expect((await shown(old)).warnings[0]).to.include({ kind: 'SECRET_EXPIRES' });
    await rotate(old);
    expect(await kinds(old)).to.deep.equal([]);
  });

  it('are none about secrets that an integration does without, because an issuer speaks for it', async () => {
    time.days = -360;
    const { clientId, clientSecret } = await tenant.integration({ secretYears: 1 });
    time.days = 0;
    expect(await kinds({ clientId, clientSecret })).to.have.lengthOf(1);
    const actor = systemActor(tenant.tenant.id, tenant.tenant.slug);
    const request = { requestId: 'test', now: clock() };
    const [issuer, subject] = ['https://issuer.example', 'entra'];
    const credential = { use: 'CLIENT_ASSERTION', issuer, subject, audience: 'api://directory' } as const;
    await addFederatedCredential(server.deps.db, actor, request, clientId, credential);
    expect(await kinds({ clientId, clientSecret })).to.deep.equal([]);
    await tokenOf(server.url, { clientId, clientSecret });
    expect(await kinds({ clientId, clientSecret })).to.have.lengthOf(1);
  });

  it('are in the log once a day, whichever process is first, with no secret and no name in it', async () => {
    const lines: Json[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const settings = { db: server.deps.db, log, clock };
    const soon = await tenant.integration({ secretYears: 1, name: 'Entra of Mara' });
    time.days = 340;
    await Promise.all([warnOfSecrets(settings), warnOfSecrets(settings)]);
    await warnOfSecrets(settings);
    const about = () => lines.filter(({ integrationId }) => integrationId === soon.clientId);
    expect(about()).to.have.lengthOf(1);
    expect(about()[0]).to.include({ tenant: tenant.tenant.slug, kind: 'SECRET_EXPIRES' });
    expect(about()[0].msg).to.match(/^The client secret ends in \d+ days/);
    expect(JSON.stringify(lines)).to.not.match(/sus_|Mara/);
    time.days = 341;
    await warnOfSecrets(settings);
    expect(about()).to.have.lengthOf(2);
  });

  it('are for administrators, wherever an app integration is shown', async () => {
    expect(await codes(tenant, WARNINGS, { id: tenant.clientId }, 'ANALYST')).to.deep.equal(['FORBIDDEN']);
    await tenant.scim('POST', '/Users', {});
    const { provisioningLog } = await data(
      tenant,
      '{ provisioningLog { nodes { appIntegration { warnings { kind } } } } }',
    );
    expect(provisioningLog.nodes).to.deep.equal([{ appIntegration: { warnings: [] } }]);
  });
});

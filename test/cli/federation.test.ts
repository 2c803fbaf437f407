import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { issuerFile } from '../access/jwt/issuer.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli } from '../support/program.js';

const ENTRA = 'https://login.microsoftonline.com';
const ISSUER = `${ENTRA}/5f1c9d7e-6b1a-4a55-9c37-0b6f1c2d3e4f/v2.0`;
const POOL = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example';

const ISSUERS = [
  {
    rule: 'assertion',
    issuer: `${ENTRA}/{tenantid}/v2.0`,
    jwksUrl: `${ENTRA}/common/discovery/v2.0/keys`,
    algorithm: 'RS256',
  },
  {
    rule: 'cognito',
    issuer: POOL,
    jwksUrl: `${POOL}/.well-known/jwks.json`,
    algorithm: 'RS256',
    integrations: { scopePrefix: 'directory/' },
  },
];

describe('integration federation', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let environment: Record<string, string>;
  let clientId: string;
  let embedded: Awaited<ReturnType<typeof startEmbeddedPostgres>> | undefined;
  const run = (...args: string[]) => cli(['integration', ...args], environment);
  const add = (...args: string[]) => run('federation', 'add', '--client-id', clientId, ...args);
  const AS = ['--as', 'client-assertion', '--issuer', ISSUER, '--subject', 'principal', '--audience', 'api://x'];

  before(async () => {
    database = await freshDatabase();
    // Kept running, or each command would start it and stop it.
    const { DATABASE_URL, DATA_DIR = '' } = database.environment;
    if (DATABASE_URL === undefined) embedded = await startEmbeddedPostgres(DATA_DIR, () => undefined);
    environment = { ...database.environment, TRUSTED_ISSUERS_FILE: await issuerFile({ issuers: ISSUERS }) };
    const created = await run('create', '--tenant', 'acme', '--name', 'Entra', '--users-and-groups', 'full', '--json');
    ({ clientId } = JSON.parse(created.stdout) as { clientId: string });
  });
  after(async () => {
    await embedded?.stop();
    await database.remove();
  });

  it('adds, lists and removes', async () => {
    const added = await add(...AS, '--json');
    expect(added.code, added.stderr).to.equal(0);
    const { credentialId } = JSON.parse(added.stdout) as { credentialId: string };
    expect((await add('--as', 'access-token', '--issuer', POOL, '--subject', '4h57')).code).to.equal(0);
    const list = await run('federation', 'list', '--client-id', clientId, '--json');
    const listed = JSON.parse(list.stdout) as object[];
    expect(listed[0]).to.deep.equal({
      credentialId,
      as: 'client-assertion',
      issuer: ISSUER,
      subject: 'principal',
      audience: 'api://x',
    });
    expect(listed[1]).to.include({ as: 'access-token', subject: '4h57' });
    const removal = ['federation', 'remove', '--client-id', clientId, '--credential-id', credentialId, '--json'];
    expect(JSON.parse((await run(...removal)).stdout)).to.deep.equal({ clientId, credentialId, removed: true });
    const again = await run(...removal);
    expect([again.code, again.stdout]).to.deep.equal([1, '']);
    expect((await run('federation', 'list', '--client-id', clientId)).stdout).to.match(
      /AUDIENCE\n.* access-token .* 4h57 +-\n$/,
    );
  });

  it('refuses what is there already, and issuers that the file does not trust for it', async () => {
    expect((await add(...AS)).code).to.equal(0);
    const refused = [
      [AS, /stand for an app integration already/],
      [['--as', 'access-token', '--issuer', ISSUER, '--subject', 'x'], /TRUSTED_ISSUERS_FILE does not trust/],
      [['--as', 'client-assertion', '--issuer', `${ENTRA}/common/v2.0`, '--subject', 'x', '--audience', 'x'], /trust/],
    ] as const;
    for (const [args, message] of refused) {
      const { code, stdout, stderr } = await add(...args);
      expect([args, code, stdout]).to.deep.equal([args, 1, '']);
      expect(stderr).to.match(message);
    }
  });

  it('exits with 2 for an audience that is missing or too much, and for a file with mistakes', async () => {
    const wrong = [
      ['--as', 'client-assertion', '--issuer', ISSUER, '--subject', 'x'],
      ['--as', 'access-token', '--issuer', POOL, '--subject', 'x', '--audience', 'x'],
    ];
    for (const args of wrong) expect([args, (await add(...args)).code]).to.deep.equal([args, 2]);
    const file = await issuerFile({ issuers: [{ rule: 'oidc' }] });
    const { code, stderr } = await cli(['tenant', 'list'], { ...environment, TRUSTED_ISSUERS_FILE: file });
    expect(code).to.equal(2);
    expect(stderr).to.match(/issuers\[0\]: "issuer" must be an https URL.*"audience" must be/s);
  });
});

import { expect } from 'chai';
import { readIssuerFile } from '../../src/access/issuerFile.js';
import { ConfigError } from '../../src/config.js';
import { type Fields } from './jwt/forge.js';
import { issuerFile } from './jwt/issuer.js';

const OURS = 'https://directory.example';
const OIDC = {
  rule: 'oidc',
  issuer: 'https://login.example/',
  jwksUrl: 'https://login.example/keys',
  algorithm: 'RS256',
  audience: OURS,
  integrations: { scopePrefix: '' },
};
const PEOPLE = {
  clients: ['app'],
  tenant: 'acme',
  person: { claim: 'sub', matches: 'externalId' },
  roles: { claim: 'groups', values: { a: 'ADMIN' } },
};

describe('the file of trusted issuers', () => {
  const mistakesIn = async (document: unknown): Promise<readonly string[]> => {
    const read = readIssuerFile(await issuerFile(document), OURS);
    const error: unknown = await read.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof ConfigError ? error.mistakes : [];
  };
  const mistakesWith = (...changes: Fields[]) => mistakesIn({ issuers: changes.map((each) => ({ ...OIDC, ...each })) });

  it('is read whole, with what it leaves out', async () => {
    expect(await readIssuerFile(undefined, OURS)).to.deep.equal([]);
    const assertion = { ...OIDC, audience: undefined, integrations: undefined, rule: 'assertion' };
    const file = await issuerFile({ issuers: [{ ...OIDC, people: PEOPLE }, assertion] });
    const [first, second] = await readIssuerFile(file, OURS);
    expect(first).to.deep.include({ issuer: OIDC.issuer, longestSeconds: 5400, types: ['at+jwt'], audience: OURS });
    expect(second).to.deep.include({ rule: 'assertion', uses: 1 });
  });

  it('names every mistake at once, with its place', async () => {
    const mistakes = await mistakesWith(
      { algorithm: 'HS256', audince: 'x' },
      { issuer: 'https://two.example', people: { ...PEOPLE, roles: { claim: 'g', values: { a: 'KING' } } } },
    );
    expect(mistakes).to.have.lengthOf(3);
    expect(mistakes[0]).to.match(/^TRUSTED_ISSUERS_FILE issuers\[0\]: "algorithm" must be one of RS256/);
    expect(mistakes[1]).to.match(/"audince" is not known here/);
    expect(mistakes[2]).to.match(/issuers\[1\] people roles: "values.a" must be one of FRONTEND/);
  });

  it('J1: refuses algorithms with a shared key, and none', async () => {
    for (const algorithm of ['HS256', 'none', '', undefined, ['RS256', 'ES256']]) {
      expect(await mistakesWith({ algorithm }), String(algorithm)).to.have.lengthOf(1);
    }
  });

  it('J5: refuses keys over plain HTTP but from this machine, and addresses that hide where they lead', async () => {
    const wrong = [
      'http://login.example/keys',
      'http://127.0.0.1.attacker.example/keys',
      'http://localhost.attacker.example/',
      'https://a:b@login.example/keys',
      'file:///etc/passwd',
      'data:application/json,{}',
      'login.example',
      '',
      undefined,
    ];
    for (const jwksUrl of wrong) expect(await mistakesWith({ jwksUrl }), String(jwksUrl)).to.have.lengthOf(1);
    for (const jwksUrl of ['https://login.example/keys?x=1', 'http://127.0.0.1:1/k', 'http://[::1]:1/k']) {
      expect(await mistakesWith({ jwksUrl })).to.deep.equal([]);
    }
  });

  it('J6: refuses this service as its own issuer, an issuer twice, patterns, and OIDC without an audience', async () => {
    expect(await mistakesWith({ issuer: OURS })).to.have.lengthOf(1);
    expect(await mistakesWith({}, {})).to.deep.equal(['TRUSTED_ISSUERS_FILE: https://login.example/ is given twice']);
    expect(await mistakesWith({ issuer: 'https://login.example/*' })).to.have.lengthOf(1);
    expect(await mistakesWith({ issuer: 'https://login.example/{tenantid}/v2.0' })).to.have.lengthOf(1);
    expect(await mistakesWith({ audience: undefined })).to.have.lengthOf(1);
    expect(await mistakesWith({ audience: ['a', 'b'] })).to.have.lengthOf(1);
    expect(await mistakesWith({ integrations: undefined })).to.have.lengthOf(1);
  });

  it('says what is wrong with what is no such document', async () => {
    for (const document of ['', '{', '[]', 'null', '{}', '{"issuers":{}}', '{"issuers":[1]}', '{"issuer":[]}']) {
      expect(await mistakesIn(document), document).to.not.deep.equal([]);
    }
    const missing = await readIssuerFile('/nowhere/issuers.json', OURS).catch((error: Error) => error.message);
    expect(missing).to.match(/^TRUSTED_ISSUERS_FILE: ENOENT/);
  });
});

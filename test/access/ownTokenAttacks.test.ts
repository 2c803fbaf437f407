import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import { request } from 'node:http';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Refusal } from '../../src/refusal.js';
import { aTenant, send, type TestTenant } from '../support/tenant.js';
import { ATTACKS } from './jwt/attacks.js';
import { attackWith, type Outcome, type Target } from './jwt/campaign.js';
import { type Attack, type Fields, type Honest, reissued } from './jwt/forge.js';

const SIGN_IN = 'speakup-sign-in';
const UNKNOWN = '01a2009b-2833-7167-809c-b09844092b28';

/** What a token of ours starts from: its own claims, and the key that has signed it. */
function honestFrom(token: string, { server }: TestTenant): Honest {
  const { privateKey } = server.deps.keys.current();
  return {
    header: decodeProtectedHeader(token) as Honest['header'],
    payload: decodeJwt(token),
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
}

const own = (name: string, claims: (honest: Honest) => Fields, head: Fields = {}): Attack => ({
  name,
  token: (honest) => reissued(honest, claims(honest), head),
});

const COMMON: readonly Attack[] = [
  own('J7: the type JWT', () => ({}), { typ: 'JWT' }),
  own('J7: no type', () => ({}), { typ: undefined }),
  own('J7: the type in another media tree', () => ({}), { typ: 'text/at+jwt' }),
  own('J6: no aud', () => ({ aud: undefined })),
  own('J6: the honest aud in a list', ({ payload }) => ({ aud: [payload.aud] })),
  own('J6: iss and aud of another service alike', () => ({ iss: 'https://x.example', aud: 'https://x.example' })),
  own('J8: two hours instead of one', ({ payload }) => ({ exp: payload.exp + 3600 })),
  own('J8: an exp before its iat', ({ payload }) => ({ exp: payload.iat - 60 })),
  own('J9: no tid', () => ({ tid: undefined })),
  own('J9: a tid that is a slug', () => ({ tid: 'acme' })),
  own('J9: a tid that is empty', () => ({ tid: '' })),
  own('J9: a tid that is a list', ({ payload }) => ({ tid: [payload.tid] })),
  own('J9: a tid that is an object', () => ({ tid: { $ne: null } })),
  own('J9: a tid of nobody', () => ({ tid: UNKNOWN })),
  own('J9: no client_id', () => ({ client_id: undefined })),
  own('J9: a client_id of nobody', () => ({ client_id: UNKNOWN })),
  own('J7: no jti', () => ({ jti: undefined })),
  own('J7: a jti that is a number', () => ({ jti: 1 })),
];

describe("this service's own token of an app integration", () => {
  let acme: TestTenant;
  let other: TestTenant;
  const present = async (token: string): Promise<Outcome> => {
    const headers = { Authorization: `Bearer ${token}` };
    const { status, body, headers: answered } = await acme.scim('GET', '/Users?count=0', undefined, headers);
    return { status, wwwAuthenticate: answered.get('www-authenticate'), gave: 'totalResults' in body };
  };
  const target = (): Target => ({ honest: () => honestFrom(acme.token, acme), present });

  before(async function () {
    this.timeout(60_000);
    [acme, other] = await Promise.all([aTenant(), aTenant()]);
  });

  attackWith(
    [
      ...ATTACKS,
      ...COMMON,
      own('J9: the tid of another tenant', () => ({ tid: other.tenant.id })),
      own('J9: the client of another tenant', () => ({ sub: other.clientId, client_id: other.clientId })),
      own('J9: client_id and sub of two clients', () => ({ sub: other.clientId })),
      own('J9: a sub in capital letters', ({ payload }) => ({ sub: String(payload.sub).toUpperCase() })),
      own("J7: a role, as a person's token has", () => ({ role: 'ADMIN' })),
      own("J7: a person's client_id without a role", () => ({ client_id: SIGN_IN })),
      own('J7: no scope', () => ({ scope: undefined })),
      own('J7: scopes in a list', () => ({ scope: ['scim.write'] })),
    ],
    target,
  );

  it('J1: gives nothing more when its signature is turned into the other one that ECDSA allows, and ends like it', async () => {
    const [header = '', payload = '', sig = ''] = acme.token.split('.');
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const bytes = Buffer.from(sig, 'base64url');
    const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const turned = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
    const { authenticator } = acme.server.deps;
    const [honest, twin] = await Promise.all(
      [acme.token, `${header}.${payload}.${turned.toString('base64url')}`].map((token) =>
        authenticator.authenticate(`Bearer ${token}`),
      ),
    );
    expect(twin).to.deep.equal(honest);
  });

  it('J1: is refused with any one of its characters changed', async () => {
    const { authenticator } = acme.server.deps;
    const isRefused = async (_: string, at: number) => {
      const other = acme.token[at] === 'A' ? 'B' : 'A';
      const changed = acme.token.slice(0, at) + other + acme.token.slice(at + 1);
      const answer: unknown = await authenticator.authenticate(`Bearer ${changed}`).catch((error: Error) => error);
      return answer instanceof Refusal && answer.kind === 'unauthenticated';
    };
    const refused = await Promise.all([...acme.token].map(isRefused));
    expect(refused.length).to.be.above(400);
    expect(refused.indexOf(false)).to.equal(-1);
  });

  describe('J11: sent in another way', () => {
    type Sent = (token: string) => { headers?: Record<string, string | string[]>; query?: string };
    const auth = (value: string | string[]) => ({ headers: { Authorization: value } });
    const WAYS: Readonly<Record<string, Sent>> = {
      'without a scheme': (token) => auth(token),
      'with the scheme alone': () => auth('Bearer'),
      'with the scheme and a space': () => auth('Bearer '),
      'with Basic': (token) => auth(`Basic ${token}`),
      'with Token': (token) => auth(`Token ${token}`),
      'with JWT': (token) => auth(`JWT ${token}`),
      'with DPoP': (token) => auth(`DPoP ${token}`),
      'with Bearer twice': (token) => auth(`Bearer Bearer ${token}`),
      'with a colon': (token) => auth(`Bearer: ${token}`),
      'with an equals sign': (token) => auth(`Bearer=${token}`),
      'without a space': (token) => auth(`Bearer${token}`),
      'with a tab': (token) => auth(`Bearer\t${token}`),
      'in quotes': (token) => auth(`Bearer "${token}"`),
      'with a comma': (token) => auth(`Bearer ${token},`),
      'as a parameter': (token) => auth(`Bearer token=${token}`),
      'twice in one header': (token) => auth(`Bearer ${token}, Bearer ${token}`),
      'twice, with a space': (token) => auth(`Bearer ${token} ${token}`),
      'twice, the other one Basic': (token) => auth(`Basic eDp4, Bearer ${token}`),
      'in two headers': (token) => auth([`Bearer ${token}`, `Bearer ${token}`]),
      'in two headers, a bad one first': (token) => auth(['Bearer x', `Bearer ${token}`]),
      'in two headers, a bad one last': (token) => auth([`Bearer ${token}`, 'Bearer x']),
      padded: (token) => auth(`Bearer ${token}==`),
      'in Proxy-Authorization': (token) => ({ headers: { 'Proxy-Authorization': `Bearer ${token}` } }),
      'in X-Authorization': (token) => ({ headers: { 'X-Authorization': `Bearer ${token}` } }),
      'in X-Forwarded-Access-Token': (token) => ({ headers: { 'X-Forwarded-Access-Token': token } }),
      'in a cookie': (token) => ({ headers: { Cookie: `access_token=${token}; Authorization=Bearer ${token}` } }),
      'in the query': (token) => ({ query: `&access_token=${token}` }),
      'in the query as a header': (token) => ({ query: `&Authorization=Bearer%20${token}` }),
    };
    const statusOf = (sent: ReturnType<Sent>): Promise<[number | undefined, string | undefined]> =>
      new Promise((resolve, reject) => {
        const url = `${acme.server.url}/scim/v2/Users?count=0${sent.query ?? ''}`;
        request(url, { headers: sent.headers ?? {} }, (answer) =>
          resolve([answer.resume().statusCode, answer.headers['www-authenticate']]),
        )
          .on('error', reject)
          .end();
      });

    it('J11: is accepted in a scheme of any case, with spaces around', async () => {
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR ']) {
        expect(await statusOf(auth(`${scheme} ${acme.token} `))).to.deep.equal([200, undefined]);
      }
    });

    for (const [name, way] of Object.entries(WAYS)) {
      it(`J11: ${name}`, async () => {
        const [status, wwwAuthenticate] = await statusOf(way(acme.token));
        expect(status).to.equal(401);
        expect(wwwAuthenticate).to.match(/^Bearer( error="invalid_token")?$/);
      });
    }

    it('J11: in a form body', async () => {
      const body = `access_token=${acme.token}`;
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const { status } = await send(`${acme.server.url}/scim/v2/Users/.search`, 'POST', body, headers);
      expect(status).to.equal(401);
    });
  });
});

describe("this service's own token of a person", () => {
  let acme: TestTenant;
  let other: TestTenant;
  let token: string;
  let personId: string;
  const present = async (shown: string): Promise<Outcome> => {
    const headers = { Authorization: `Bearer ${shown}`, 'Content-Type': 'application/json' };
    const query = '{ viewer { role user { id } } }';
    const { status, headers: answered, body } = await send(`${acme.server.url}/graphql`, 'POST', { query }, headers);
    return { status, wwwAuthenticate: answered.get('www-authenticate'), gave: body?.data?.viewer?.role !== undefined };
  };

  before(async function () {
    this.timeout(60_000);
    [acme, other] = await Promise.all([aTenant(), aTenant()]);
    const { body } = await acme.scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'case.handler@acme.example',
    });
    personId = body.id as string;
    token = await acme.personToken({ role: 'ANALYST', userId: personId });
  });

  attackWith(
    [
      ...ATTACKS,
      ...COMMON,
      own('J9: the tid of a tenant that does not have the person', () => ({ tid: other.tenant.id })),
      own('J7: a role nobody has', () => ({ role: 'ROOT' })),
      own('J7: a role in small letters', () => ({ role: 'admin' })),
      own('J7: two roles', () => ({ role: ['ANALYST', 'ADMIN'] })),
      own('J7: a role that is null', () => ({ role: null })),
      own('J7: a role that is an inherited name', () => ({ role: 'constructor' })),
      own('J7: no role', () => ({ role: undefined })),
      own('J7: the client_id of an app integration', () => ({ client_id: acme.clientId })),
      own('J9: the sub of an unnamed person of another role', () => ({ sub: 'role:admin' })),
    ],
    () => ({ honest: () => honestFrom(token, acme), present }),
  );

  it('J7: opens GraphQL and never SCIM', async () => {
    const { status, body } = await acme.scim('GET', '/Users', undefined, { Authorization: `Bearer ${token}` });
    expect(status).to.equal(401);
    expect(body.detail).to.match(/person/);
  });
});

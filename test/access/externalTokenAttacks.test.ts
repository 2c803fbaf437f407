import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import { ATTACKS } from './jwt/attacks.js';
import { attackWith } from './jwt/campaign.js';
import { APP, externalScene, type ExternalScene, PREFIX, SIGN_IN_APP } from './jwt/externalScene.js';
import { type Attack, type Fields, type Honest, jws, reissued } from './jwt/forge.js';

describe('tokens of external issuers', function () {
  this.timeout(60_000);
  let scene: ExternalScene;

  before(async () => void (scene = await externalScene()));
  after(() => scene.close());

  const changed = (name: string, claims: (honest: Honest) => Fields, head: Fields = {}): Attack => ({
    name,
    token: (honest) => reissued(honest, claims(honest), head),
  });
  /** This service's own key signs what another issuer should have. */
  const byOurKey = ({ header, payload }: Honest, claims: Fields = {}): string => {
    const { kid, privateKey } = scene.server.deps.keys.current();
    return jws({ ...header, alg: 'ES256', kid }, { ...payload, ...claims }, privateKey, 'ES256');
  };

  const ANY: readonly Attack[] = [
    { name: "J6: this service's own key in the issuer's name", token: (honest) => byOurKey(honest) },
    {
      name: "J6: the issuer's key in this service's name",
      token: (honest) => reissued(honest, { iss: scene.server.url, aud: scene.server.url }, { typ: 'at+jwt' }),
    },
    {
      name: "J6: the issuer's key and a whole token of this service",
      token: (honest) => {
        const { tenant, clientId } = scene.acme;
        const own = {
          iss: scene.server.url,
          aud: scene.server.url,
          tid: tenant.id,
          sub: clientId,
          client_id: clientId,
        };
        const { kid } = scene.server.deps.keys.current();
        return reissued(honest, { ...own, jti: 'x', scope: 'scim.write' }, { typ: 'at+jwt', kid });
      },
    },
    {
      name: "J1: HS256 with this service's own public key",
      token: ({ header, payload }) => {
        const pem = createPublicKey(scene.server.deps.keys.current().privateKey).export({
          type: 'spki',
          format: 'pem',
        });
        return jws({ ...header, alg: 'HS256' }, payload, pem, 'HS256');
      },
    },
    changed('J8: three hours', ({ payload }) => ({ exp: payload.exp + 2 * 3600 })),
    changed('J9: a sub of 2 KB', () => ({ sub: 's'.repeat(2000) })),
    changed('J9: a sub that is an inherited name', () => ({ sub: 'constructor' })),
    changed('J6: an iss without its port', ({ payload }) => ({ iss: String(payload.iss).replace(/:\d+$/, '') })),
  ];

  const COGNITO: readonly Attack[] = [
    changed('J7: an ID token', () => ({ token_use: 'id' })),
    changed('J7: a refresh token', () => ({ token_use: 'refresh' })),
    changed('J7: no token_use', () => ({ token_use: undefined })),
    changed('J7: token_use in a list', () => ({ token_use: ['access'] })),
    changed('J7: token_use in capital letters', () => ({ token_use: 'ACCESS' })),
    changed('J7: the type of another kind of issuer', () => ({}), { typ: 'at+jwt' }),
    changed('J6: an aud, though it were ours', () => ({ aud: 'https://directory.example' })),
    changed('J6: the aud of its own client', ({ payload }) => ({ aud: payload.client_id })),
    changed('J6: no client_id', () => ({ client_id: undefined })),
    changed('J6: a client_id that nobody knows', () => ({ client_id: 'nobody' })),
    changed('J6: a client_id in a list', ({ payload }) => ({ client_id: [payload.client_id] })),
  ];

  const APPS: readonly Attack[] = [
    changed('J6: no scope', () => ({ scope: undefined })),
    changed('J6: an empty scope', () => ({ scope: '' })),
    changed('J6: the scope of another resource', () => ({ scope: 'https://elsewhere.example/scim.write' })),
    changed('J6: a scope that only begins like ours', ({ payload }) => ({ scope: `${String(payload.scope)}s` })),
    changed('J6: a scope below ours', () => ({ scope: `${PREFIX}more/scim.read` })),
    changed('J6: scopes with commas', ({ payload }) => ({ scope: `${String(payload.scope)},x` })),
    changed('J6: a scope nobody has heard of', () => ({ scope: `${PREFIX}constructor` })),
    changed('J9: the client id of an app integration of ours', () => ({
      sub: scene.acme.clientId,
      client_id: scene.acme.clientId,
    })),
  ];

  const PEOPLE: readonly Attack[] = [
    changed('J9: somebody who is not here', () => ({ sub: 'nobody' })),
    changed('J9: the id of the person instead of the attribute', () => ({ sub: scene.maraId })),
    changed('J9: the userName instead of the attribute', () => ({ sub: 'mara@fabriek.example' })),
    changed('J9: a sub in other letters', () => ({ sub: 'MARA' })),
    changed('J9: the client of an app integration', () => ({ client_id: APP })),
    changed('J9: the client in a list', () => ({ client_id: [SIGN_IN_APP] })),
  ];

  /** Every way of having no role here. */
  const rolesIn = (claim: string): readonly Attack[] =>
    Object.entries({
      'no groups': undefined,
      'no groups of ours': ['football'],
      'a group in other letters': ['HANDLERS'],
      'two groups in one text': 'handlers readers',
      'a role of ours by its name': ['ADMIN'],
      'a group that is an inherited name': ['constructor', '__proto__'],
      'groups in groups': [['handlers']],
      'groups in an object': { 0: 'handlers' },
      'groups that are true': true,
    }).map(([name, value]) => changed(`J7: ${name}`, () => ({ [claim]: value })));

  describe('of Cognito, for an app integration', () => {
    const more = [
      changed("J7: a person's token, got by the client of the integration", () => ({ sub: 'mara', username: 'mara' })),
      changed('J6: a scope without the prefix of our resource server', () => ({ scope: 'scim.read' })),
    ];
    attackWith([...ATTACKS, ...ANY, ...COGNITO, ...APPS, ...more], () => ({
      honest: scene.honest.cognitoApp,
      present: scene.scim,
    }));
  });

  describe('of Cognito, for a person', () => {
    const more = [
      changed('J7: the token that the sign-in client has for itself', () => ({ sub: SIGN_IN_APP })),
      ...rolesIn('cognito:groups'),
    ];
    attackWith([...ATTACKS, ...ANY, ...COGNITO, ...PEOPLE, ...more], () => ({
      honest: scene.honest.cognitoPerson,
      present: scene.graphql,
    }));
  });

  const OIDC: readonly Attack[] = [
    changed('J7: no type', () => ({}), { typ: undefined }),
    changed('J7: the type JWT', () => ({}), { typ: 'JWT' }),
    changed('J7: an ID token by its nonce', () => ({ nonce: 'n' })),
    changed('J7: an ID token by its hash of the access token', () => ({ at_hash: 'h' })),
    changed('J7: an ID token by its claim typ', () => ({ typ: 'ID' })),
    changed('J7: a refresh token by its claim typ', () => ({ typ: 'Refresh' })),
    changed('J7: a logout token by its events', () => ({ events: {} })),
    changed('J6: no aud', () => ({ aud: undefined })),
    changed('J6: the aud of its own client', ({ payload }) => ({ aud: payload.client_id })),
    changed("J6: this service's URL as aud", () => ({ aud: scene.server.url })),
  ];

  describe('of a plain OIDC issuer, for an app integration', () => {
    attackWith([...ATTACKS, ...ANY, ...OIDC, ...APPS], () => ({ honest: scene.honest.oidcApp, present: scene.scim }));
  });

  describe('of a plain OIDC issuer, for a person', () => {
    attackWith([...ATTACKS, ...ANY, ...OIDC, ...PEOPLE, ...rolesIn('groups')], () => ({
      honest: scene.honest.oidcPerson,
      present: scene.graphql,
    }));
  });

  describe('all of them together', () => {
    it('J4: asks each issuer for its keys once for all of this, and again every half minute at most', () => {
      expect(scene.cognito.fetches()).to.be.within(1, 2);
      expect(scene.oidc.fetches()).to.be.within(1, 2);
    });
  });
});

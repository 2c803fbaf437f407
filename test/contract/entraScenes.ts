// How each text that docs/entra-id.md quotes comes about: the requests Entra ID sends, and what the service says to them.
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { askFrom, FORM, grantOf } from '../access/asking.js';
import { data } from '../graphql/asking.js';
import { aCrowd, type BrakeScene } from '../scim/brakeScene.js';
import { aScene, type Scene } from '../scim/scene.js';
import { aUser } from '../support/builders.js';
import { startServer, theDatabase } from '../support/server.js';
import { aTenant, type Answer, type Credentials, type Json, send, type TestTenant } from '../support/tenant.js';

const MARA = 'mara.vos@fabriek.example';
const BAS = 'bas.kok@fabriek.example';
const person = (userName: string, address = userName) =>
  aUser({ userName, emails: [{ primary: true, type: 'work', value: address }] });
/** A member that nobody is. */
const NOBODY = '01a200a3-d01d-72a5-885a-ef8f82ebfe58';

const detail = ({ status, body }: Answer<Json>): string => {
  expect(status, JSON.stringify(body)).to.be.within(400, 499);
  return (body.detail ?? body.message) as string;
};

/** What Test Connection asks below a Tenant URL. */
const probe = ({ server, token }: TestTenant, tenantPath = '/scim/v2', bearer = token) =>
  send(`${server.url}${tenantPath}/Users?filter=userName+eq+%22${randomUUID()}%22`, 'GET', undefined, {
    Authorization: `Bearer ${bearer}`,
  });

const askForToken = ({ server }: TestTenant, credentials: Credentials, more: object = {}) =>
  askFrom('127.0.0.1', server.url, { ...grantOf(credentials), ...more });

const accessOf = async (usersAndGroups: 'READ_ONLY' | 'NONE') => aTenant({ usersAndGroups });

const change = (tenant: TestTenant, mutation: string, { clientId }: Credentials, more = '') =>
  data(tenant, `mutation { ${mutation}(input: { clientId: "${clientId}" ${more} }) { userErrors { message } } }`);

/** The one text that all of several ways lead to. */
function theOne(texts: readonly string[]): string {
  expect(new Set(texts).size, texts.join('\n')).to.equal(1);
  return texts[0] ?? '';
}

async function refused(tenant: TestTenant, path: string, body: unknown): Promise<string> {
  return detail(await tenant.scim('POST', path, body));
}

const refusedPatch = async (scene: Scene, path: string, attribute: string, value: unknown): Promise<string> =>
  detail(await scene.patch(path, { op: 'Replace', path: attribute, value }));

/** Two people: what becomes of the second. */
async function second(first: object, other: object): Promise<string> {
  const scene = await aScene();
  await scene.person({ ...first });
  return refused(scene, '/Users', other);
}

export const SCENES: Readonly<Record<string, () => Promise<string>>> = {
  async log() {
    const scene = await aScene();
    await scene.localPerson({ userName: BAS });
    const { id } = await scene.person(person(MARA));
    await scene.person(person(BAS));
    await scene.patch(`/Users/${id}`, { op: 'Replace', path: 'title', value: 'Inkoper' });
    const { provisioningLog } = await data(scene, '{ provisioningLog { nodes { sentence } } }');
    return (provisioningLog.nodes as Json[]).map(({ sentence }) => sentence as string).join('\n');
  },
  async 'web-response'() {
    const scene = await aScene();
    await scene.person(person(MARA));
    const { body } = await scene.scim('POST', '/Users', person('m.vos.admin@fabriek.example', MARA));
    return JSON.stringify(body);
  },
  async 'no-scim-v2'() {
    const tenant = await aTenant();
    const grant = await send(`${tenant.server.url}/oauth2`, 'POST', 'grant_type=client_credentials', FORM);
    return theOne([detail(await probe(tenant, '')), detail(grant)]);
  },
  'half-scim-v2': async () => detail(await probe(await aTenant(), '/scim')),
  async 'wrong-secret'() {
    const tenant = await aTenant();
    const [disabled, revoked, replaced] = [
      await tenant.integration(),
      await tenant.integration(),
      await tenant.integration(),
    ];
    await change(tenant, 'setAppIntegrationEnabled', disabled, 'enabled: false');
    await change(tenant, 'revokeAppIntegration', revoked);
    await change(tenant, 'rotateAppIntegrationSecret', replaced);
    await change(tenant, 'completeAppIntegrationRotation', replaced);
    const wrong = [
      { ...tenant, clientSecret: `${tenant.clientSecret} ` },
      { ...tenant, clientSecret: ` ${tenant.clientSecret}` },
      { ...tenant, clientSecret: tenant.clientSecret.slice(0, -1) },
      { ...tenant, clientId: randomUUID() },
      disabled,
      revoked,
      replaced,
    ];
    const answers = await Promise.all(wrong.map((credentials) => askForToken(tenant, credentials)));
    return theOne(answers.map(({ body }) => JSON.stringify(body)));
  },
  async 'too-many-failures'() {
    const server = await startServer({ ...(await theDatabase()).environment, TOKEN_FAILURES: '20' });
    try {
      const wrong = grantOf({ ...(await aTenant({}, server)), clientSecret: 'wrong' });
      const answers = [];
      // An address that no other test fails from.
      for (let n = 0; n < 21; n += 1) answers.push(await askFrom('127.20.20.20', server.url, wrong));
      expect(answers.map(({ status }) => status)).to.deep.equal([...Array<number>(20).fill(401), 429]);
      return JSON.stringify(answers[20]?.body);
    } finally {
      await server.stop();
    }
  },
  async 'wrong-scope'() {
    const tenant = await aTenant();
    return JSON.stringify((await askForToken(tenant, tenant, { scope: '.default' })).body);
  },
  async 'client-id-as-token'() {
    const tenant = await aTenant();
    const mistaken = [tenant.clientId, tenant.clientId.toUpperCase(), tenant.clientSecret];
    return theOne(await Promise.all(mistaken.map(async (text) => detail(await probe(tenant, '/scim/v2', text)))));
  },
  async 'not-enabled'() {
    const tenant = await aTenant();
    await data(tenant, 'mutation { setProvisioningEnabled(input: { enabled: false }) { __typename } }');
    return detail(await untilRefused(tenant)).replace(tenant.tenant.slug, 'acme');
  },
  'no-access': async () => detail(await probe(await accessOf('NONE'))),
  async 'read-only'() {
    const tenant = await accessOf('READ_ONLY');
    expect((await probe(tenant)).status, 'Test Connection').to.equal(200);
    return refused(tenant, '/Users', person(MARA));
  },
  async revoked() {
    const tenant = await aTenant();
    await change(tenant, 'revokeAppIntegration', tenant);
    return detail(await untilRefused(tenant));
  },
  'duplicate-email': () => second(person(MARA), person('m.vos.admin@fabriek.example', MARA)),
  async 'duplicate-email-later'() {
    const scene = await aScene();
    await scene.person(person(MARA));
    const { id } = await scene.person(person(BAS));
    return refusedPatch(scene, `/Users/${id}`, 'emails[type eq "work"].value', MARA);
  },
  async 'duplicate-user-name-later'() {
    const scene = await aScene();
    await scene.person({ ...person(MARA), active: false });
    const { id } = await scene.person(person(BAS));
    return refusedPatch(scene, `/Users/${id}`, 'userName', MARA);
  },
  'duplicate-user-name': () => second(person(MARA), person(MARA, 'mara@fabriek.example')),
  async 'two-people'() {
    const scene = await aScene();
    await scene.localPerson({ userName: 'mara', emails: [{ value: MARA }] });
    await scene.localPerson({ userName: 'm.vos', emails: [{ value: 'mara@fabriek.example' }] });
    return refused(scene, '/Users', person(MARA, 'mara@fabriek.example'));
  },
  async 'protected-found'() {
    const scene = await aScene();
    await scene.localPerson({ userName: MARA, protected: true });
    const found = await scene.find('/Users', `userName eq "${MARA}"`);
    return refusedPatch(scene, `/Users/${found.Resources[0].id}`, 'title', 'Inkoper');
  },
  async protected() {
    const scene = await aScene();
    await scene.localPerson({ userName: 'mara', emails: [{ value: MARA }], protected: true });
    return refused(scene, '/Users', person(MARA));
  },
  'no-email': async () => refused(await aTenant(), '/Users', aUser({ userName: 'mvos', emails: undefined })),
  async 'deactivation-brake'() {
    const scene = await aCrowd(100);
    await scene.leave(20);
    return heldBack(scene);
  },
  async 'deactivation-rejected'() {
    const scene = await aCrowd(100);
    await scene.leave(21);
    await data(scene, 'mutation { rejectDeactivationBrake { __typename } }');
    return heldBack(scene);
  },
  async 'nested-group'() {
    const scene = await aScene();
    const [outer, inner] = [await scene.group(), await scene.group()];
    const add = async (member: object) =>
      detail(await scene.patch(`/Groups/${outer.id}`, { op: 'Add', path: 'members', value: [member] }));
    return theOne([await add({ $ref: null, value: inner.id as string }), await add({ value: NOBODY, type: 'Group' })]);
  },
  async 'unknown-member'() {
    const scene = await aScene();
    const { id } = await scene.group();
    const value = [{ $ref: null, value: NOBODY }];
    return detail(await scene.patch(`/Groups/${id}`, { op: 'Add', path: 'members', value }));
  },
  async 'same-group-name'() {
    const scene = await aScene();
    await scene.group([], { displayName: 'Inkoop' });
    const { id } = await scene.group();
    return refusedPatch(scene, `/Groups/${id}`, 'displayName', 'INKOOP');
  },
  async 'group-of-speakup'() {
    const scene = await aScene();
    const id = await scene.localGroup('Inkoop');
    const { id: member } = await scene.person();
    return detail(await scene.patch(`/Groups/${id}`, { op: 'Add', path: 'members', value: [{ value: member }] }));
  },
};

async function heldBack(scene: BrakeScene): Promise<string> {
  const [answer] = await scene.leave(1);
  expect([answer?.status, answer?.headers.get('Retry-After')]).to.deep.equal([503, '3600']);
  return (answer?.body.detail as string).replace(scene.tenant.slug, 'acme');
}

/** What is switched off or revoked is refused within five seconds. */
async function untilRefused(tenant: TestTenant): Promise<Answer<Json>> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await probe(tenant);
    if (answer.status !== 200) return answer;
    await sleep(50);
  }
  throw new Error('It still comes in after five seconds');
}

// A tenant with something in every table: people, groups, locks, erased people, a second integration, history, logs.
import { sealChanges } from '../../src/directory/history/sealer.js';
import { addFederatedCredential } from '../../src/directory/integration/federatedCredentials.js';
import { requestContext } from '../../src/directory/scope.js';
import { readWalled } from '../../src/directory/walledStatement.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aUser } from './builders.js';
import { foundCompany } from './company.js';
import { aTenant, type Json, type TestTenant } from './tenant.js';

export interface FullTenant extends TestTenant {
  /** A person who was erased, and the address the person had. */
  readonly erased: { readonly id: string; readonly userName: string };
  readonly locked: string;
}

export async function aFullTenant(...given: Parameters<typeof aTenant>): Promise<FullTenant> {
  const acme = await aTenant(...given);
  await foundCompany(acme);
  await acme.integration({ name: 'Second', usersAndGroups: 'READ_ONLY' });
  const [locked, erased] = [await person(acme), await person(acme)];
  await acme.scim('DELETE', `/Users/${erased.id}`);
  await mutate(acme, 'lockUser', locked.id, ', reason: "Phone stolen"');
  await mutate(acme, 'eraseUser', erased.id);
  // A refusal is in the provisioning log, too.
  await acme.scim('POST', '/Users', { schemas: [] });
  const { db, activity } = acme.server.deps;
  const credential = { use: 'CLIENT_ASSERTION', issuer: 'https://login.example', subject: acme.clientId } as const;
  const operator = systemActor(acme.tenant.id, acme.tenant.slug);
  await addFederatedCredential(db, operator, requestContext(), acme.clientId, { ...credential, audience: 'api://x' });
  await readWalled(db, HOLD, [acme.tenant.id, locked.id, acme.clientId]);
  await sealChanges(db);
  await activity.write(db, { everything: true });
  return { ...acme, locked: locked.id, erased };
}

/** Somebody whose deactivation is held back: that takes a hundred people, and a function of the database. */
const HOLD = {
  name: 'hold_in_full_tenant',
  text: `select hold_deactivation($1, now(), $3, 'full', jsonb_build_object('user', $2::uuid, 'reason', 'LIMIT', 'count', 20, 'base', 100))`,
};

async function person(acme: TestTenant): Promise<{ readonly id: string; readonly userName: string }> {
  const { status, body } = await acme.scim('POST', '/Users', aUser());
  if (status !== 201) throw new Error(`A person was not created: ${JSON.stringify(body)}`);
  return body as { id: string; userName: string };
}

async function mutate(acme: TestTenant, mutation: string, id: string, more = ''): Promise<void> {
  const globalId = Buffer.from(`User:${id}`).toString('base64url');
  const query = `mutation { ${mutation}(input: { id: "${globalId}"${more} }) { userErrors { message } } }`;
  const { body }: { body: Json } = await acme.graphql(query);
  if (body.data?.[mutation]?.userErrors.length !== 0) throw new Error(`${mutation}: ${JSON.stringify(body)}`);
}

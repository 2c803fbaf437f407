// Administration of federated credentials, and what authentication asks about them.
import { type InferEntity } from '@mikro-orm/core';
import { Refusal } from '../../refusal.js';
import { type Actor } from '../actor.js';
import { newId } from '../id.js';
import { type Pools, readIn, type RequestContext, writeIn } from '../scope.js';
import { readWalled } from '../walledStatement.js';
import { type Orm, recordChange, systemActor, workIn } from '../unitOfWork.js';
import { FederatedCredential } from './FederatedCredential.js';
import { Integration } from './Integration.js';

type CredentialRow = InferEntity<typeof FederatedCredential>;

export type NewCredential = Pick<CredentialRow, 'use' | 'issuer' | 'subject'> & { readonly audience: string | null };

const MOST = 20;

/**
 * Lets an external subject stand for an app integration. Returns the credential's id. Refuses with `notFound`, with
 * `invalidValue` when the integration is revoked or has 20 already, and with `uniqueness` when the subject has one.
 */
export async function addFederatedCredential(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  integrationId: string,
  { use, issuer, subject, audience }: NewCredential,
): Promise<string> {
  return workIn(orm, actor, request, async (work) => {
    const { em, tenantId } = work;
    const integration = await em.findOne(Integration, { tenantId, id: integrationId });
    if (!integration) throw new Refusal('notFound', 'There is no such app integration.');
    if (integration.revokedAt) throw new Refusal('invalidValue', 'This app integration is revoked. Create a new one.');
    const there = await em.find(FederatedCredential, { tenantId, integrationId });
    if (there.length >= MOST) throw new Refusal('invalidValue', `An app integration has ${MOST} of them at most.`);
    if (there.some((each) => sameAs(each, { use, issuer, subject, audience }))) throw alreadyThere();
    const id = newId(request.now);
    const credential = { use, issuer, subject, audience };
    em.create(FederatedCredential, { tenantId, id, integrationId, ...credential, createdAt: request.now });
    recordChange(work, 'CHANGED', 'Integration', integrationId, {
      [`federated credential ${id}`]: { before: null, after: credential },
    });
    return id;
  });
}

/** Ends a federated credential; access tokens already issued here go on. Refuses with `notFound`. */
export async function removeFederatedCredential(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  integrationId: string,
  id: string,
): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    const { em, tenantId } = work;
    const credential = await em.findOne(FederatedCredential, { tenantId, id, integrationId });
    if (!credential) throw new Refusal('notFound', 'This app integration has no such federated credential.');
    const { use, issuer, subject, audience } = credential;
    em.remove(credential);
    recordChange(work, 'CHANGED', 'Integration', integrationId, {
      [`federated credential ${id}`]: { before: { use, issuer, subject, audience }, after: null },
    });
  });
}

export interface ListedCredential extends NewCredential {
  readonly id: string;
}

/** An app integration's federated credentials in order of creation. */
export const listFederatedCredentials = (
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  integrationId: string,
): Promise<readonly ListedCredential[]> =>
  readIn(pools, actor, request, ({ send, tenantId }) =>
    send<ListedCredential & Record<string, unknown>>(
      {
        name: 'federated_credentials',
        text: 'select id, use, issuer, subject, audience from federated_credential where tenant_id = $1 and integration_id = $2 order by id',
      },
      [tenantId, integrationId],
    ),
  );

const BY_SUBJECT = {
  name: 'integration_by_subject',
  text: 'select tenant_id as "tenantId", integration_id as "clientId" from integration_by_subject($1, $2)',
};

/** The app integration that an issuer's access tokens of a subject stand for. Refuses with `unavailable`. */
export async function integrationBySubject(
  pools: Pools,
  issuer: string,
  subject: string,
): Promise<{ readonly tenantId: string; readonly clientId: string } | undefined> {
  return (await readWalled<{ tenantId: string; clientId: string }>(pools, BY_SUBJECT, [issuer, subject]))[0];
}

const AUDIENCES = { name: 'assertion_audiences', text: 'select audience from assertion_audiences($1, $2, $3)' };

/** The audiences that client assertions of a subject may have for a client; none when it takes none of it. */
export async function assertionAudiences(
  pools: Pools,
  clientId: string,
  issuer: string,
  subject: string,
): Promise<readonly string[]> {
  const rows = await readWalled<{ audience: string }>(pools, AUDIENCES, [clientId, issuer, subject]);
  return rows.map(({ audience }) => audience);
}

const USE = {
  name: 'use_assertion',
  text: `insert into used_assertion (tenant_id, integration_id, key, uses, expires_at) values ($1, $2, $3, 1, $4)
    on conflict (tenant_id, integration_id, key) do update set uses = used_assertion.uses + 1 returning uses`,
};

const FORGET = {
  name: 'forget_used_assertions',
  text: 'delete from used_assertion where tenant_id = $1 and integration_id = $2 and expires_at < $3',
};

/** Counts a use of an assertion, over all processes, and returns how many there were with this one. */
export async function useAssertion(
  pools: Pools,
  client: { readonly id: string; readonly tenantId: string; readonly tenantSlug: string },
  { key, expiresAt }: { readonly key: string; readonly expiresAt: Date },
  request: RequestContext,
): Promise<number> {
  const actor = systemActor(client.tenantId, client.tenantSlug);
  return writeIn(pools, actor, request, async ({ send, tenantId }) => {
    void send(FORGET, [tenantId, client.id, request.now]);
    const [row] = await send<{ uses: number }>(USE, [tenantId, client.id, key, expiresAt]);
    return () => row?.uses ?? Infinity;
  });
}

const sameAs = (a: CredentialRow, b: NewCredential): boolean =>
  a.use === b.use && a.issuer === b.issuer && a.subject === b.subject && (a.audience ?? null) === b.audience;

const alreadyThere = (): Refusal =>
  new Refusal('uniqueness', 'This issuer and subject stand for an app integration already.');

// Administration of app integrations: an OAuth 2.0 client of one tenant, with up to two live secrets, so that one can
// be replaced without a moment in which neither works.
import { type InferEntity, LockMode } from '@mikro-orm/core';
import { differences } from '../../attribute/change.js';
import { Refusal } from '../../refusal.js';
import { type Actor } from '../actor.js';
import { beforeAndAfter } from '../history/history.js';
import { newId } from '../id.js';
import { type Pools, readIn, type RequestContext } from '../scope.js';
import { changesOfNew, type Orm, recordChange, type Work, workIn } from '../unitOfWork.js';
import {
  type CompatibilityProfile,
  Integration,
  IntegrationSecret,
  type IssuesAccess,
  type UsersAndGroupsAccess,
} from './Integration.js';
import { type ListedIntegration, listedIntegrations } from './listedIntegrations.js';
import { hashSecret, makeSecret } from './secret.js';

export const SECRET_YEARS = 2;
const MOST_LIVE_SECRETS = 2;

export interface NewIntegration {
  readonly name: string;
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
  readonly compatibility: CompatibilityProfile;
  /** 1 to 3; 2 when absent. */
  readonly secretYears?: number;
}

/** A secret in the clear: this once, and never again. */
export interface ShownSecret {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly secretId: string;
  readonly expiresAt: Date;
}

type IntegrationRow = InferEntity<typeof Integration>;
type SecretRow = InferEntity<typeof IntegrationSecret>;

/** Makes an integration with its first secret. Refuses with `invalidValue` a blank name or a secret of other than 1 to 3 years. */
export async function createIntegration(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  { secretYears, ...attributes }: NewIntegration,
): Promise<ShownSecret> {
  if (attributes.name.trim() === '') throw new Refusal('invalidValue', 'An app integration needs a name.');
  return workIn(orm, actor, request, async (work) => {
    const id = newId(request.now);
    work.em.create(Integration, { tenantId: work.tenantId, id, ...attributes, createdAt: request.now });
    // Its secret refers to it by a foreign key that the entities do not tell: the integration goes first.
    await work.em.flush();
    recordChange(work, 'CREATED', 'Integration', id, changesOfNew(attributes));
    return addSecret(work, id, secretYears);
  });
}

/** The tenant's integrations in order of creation, with their secrets' dates. */
export const listIntegrations = (
  pools: Pools,
  actor: Actor,
  request: RequestContext,
): Promise<readonly ListedIntegration[]> => readIn(pools, actor, request, listedIntegrations);

/**
 * Adds a second live secret; tokens and the first secret go on. With `revokeOthers` the new one is the only one at once.
 * Refuses with `notFound`, and with `invalidValue` when two are live or the integration is revoked.
 */
export async function rotateSecret(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  id: string,
  { revokeOthers = false, secretYears }: { readonly revokeOthers?: boolean; readonly secretYears?: number } = {},
): Promise<ShownSecret> {
  return workIn(orm, actor, request, async (work) => {
    await lockLiveIntegration(work, id);
    const live = await liveSecrets(work, id);
    if (revokeOthers) live.forEach((secret) => endSecret(work, secret));
    else if (live.length >= MOST_LIVE_SECRETS) {
      throw new Refusal(
        'invalidValue',
        'This app integration has two live secrets already. Revoke one of them first, or rotate and revoke the others.',
      );
    }
    return addSecret(work, id, secretYears);
  });
}

/** Ends every live secret but the newest; tokens go on. Refuses with `notFound`, and with `invalidValue` when it is revoked. */
export async function completeRotation(orm: Orm, actor: Actor, request: RequestContext, id: string): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    await lockLiveIntegration(work, id);
    // Ids are in order of creation.
    const [, ...older] = (await liveSecrets(work, id)).sort((a, b) => (a.id < b.id ? 1 : -1));
    older.forEach((secret) => endSecret(work, secret));
  });
}

/** Ends one secret; tokens already issued go on. Refuses with `notFound`; a secret that has ended stays so. */
export async function revokeSecret(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  id: string,
  secretId: string,
): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    await lockIntegration(work, id);
    const { em, tenantId } = work;
    const secret = await em.findOne(IntegrationSecret, { tenantId, id: secretId, integrationId: id });
    if (!secret) throw new Refusal('notFound', 'This app integration has no such secret.');
    if (!secret.revokedAt) endSecret(work, secret);
  });
}

/** Ends an integration with its secrets and tokens, for good. Refuses with `notFound`. */
export async function revokeIntegration(orm: Orm, actor: Actor, request: RequestContext, id: string): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    const integration = await lockIntegration(work, id);
    if (integration.revokedAt) return;
    integration.revokedAt = request.now;
    recordChange(work, 'REVOKED', 'Integration', id, { revokedAt: { before: null, after: request.now } });
    (await liveSecrets(work, id)).forEach((secret) => endSecret(work, secret));
  });
}

/**
 * Renames an integration or changes what it may do; tokens already issued may do no more than the integration from then
 * on. Refuses with `notFound`, and with `invalidValue` a blank name or a revoked integration.
 */
export async function updateIntegration(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  id: string,
  change: Partial<Omit<NewIntegration, 'secretYears'> & Pick<IntegrationRow, 'requestsPerSecond' | 'burst'>>,
): Promise<void> {
  if (change.name?.trim() === '') throw new Refusal('invalidValue', 'An app integration needs a name.');
  await workIn(orm, actor, request, async (work) => {
    const integration = await lockLiveIntegration(work, id);
    const changed = differences({ ...integration }, change);
    if (changed.length === 0) return;
    recordChange(work, 'CHANGED', 'Integration', id, beforeAndAfter(changed, { ...integration }, change));
    work.em.assign(integration, change);
  });
}

/**
 * Disables an integration (its tokens stop within a second) or enables it again. Refuses with `notFound`, and with
 * `invalidValue` when it is revoked.
 */
export async function setIntegrationEnabled(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  id: string,
  enabled: boolean,
): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    const integration = await lockLiveIntegration(work, id);
    const before = integration.disabledAt ?? null;
    if ((before === null) === enabled) return;
    const after = enabled ? null : request.now;
    integration.disabledAt = after;
    recordChange(work, 'CHANGED', 'Integration', id, { disabledAt: { before, after } });
  });
}

/** Two administrators at once take turns. */
async function lockIntegration({ em, tenantId }: Work, id: string): Promise<IntegrationRow> {
  const integration = await em.findOne(Integration, { tenantId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!integration) throw new Refusal('notFound', 'There is no such app integration.');
  return integration;
}

async function lockLiveIntegration(work: Work, id: string): Promise<IntegrationRow> {
  const integration = await lockIntegration(work, id);
  if (integration.revokedAt) throw new Refusal('invalidValue', 'This app integration is revoked. Create a new one.');
  return integration;
}

async function liveSecrets({ em, tenantId, request }: Work, integrationId: string): Promise<SecretRow[]> {
  const secrets = await em.find(IntegrationSecret, { tenantId, integrationId });
  return secrets.filter(({ revokedAt, expiresAt }) => !revokedAt && expiresAt > request.now);
}

function endSecret(work: Work, secret: SecretRow): void {
  const { now } = work.request;
  secret.revokedAt = now;
  recordChange(work, 'SECRET_REVOKED', 'Integration', secret.integrationId, {
    [`secret ${secret.id}`]: { before: 'live', after: 'revoked' },
  });
}

function addSecret(work: Work, clientId: string, years = SECRET_YEARS): ShownSecret {
  if (![1, 2, 3].includes(years)) throw new Refusal('invalidValue', 'A secret lives for 1, 2 or 3 years.');
  const { em, tenantId, request } = work;
  const clientSecret = makeSecret();
  const id = newId(request.now);
  const expiresAt = new Date(request.now);
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + years);
  const hash = hashSecret(clientSecret);
  em.create(IntegrationSecret, { tenantId, id, integrationId: clientId, hash, createdAt: request.now, expiresAt });
  recordChange(work, 'SECRET_ADDED', 'Integration', clientId, { [`secret ${id}`]: { before: null, after: 'live' } });
  return { clientId, clientSecret, secretId: id, expiresAt };
}

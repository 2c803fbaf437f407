// What an administrator should know about the secrets of an app integration before provisioning stops.
import { type ListedIntegration, type ListedSecret } from './listedIntegrations.js';

export type SecretWarningKind = 'SECRET_EXPIRES' | 'NO_LIVE_SECRET' | 'OLD_SECRET_IN_USE';

export interface SecretWarning {
  readonly kind: SecretWarningKind;
  /** In plain words: what is, what will happen, what to do. */
  readonly message: string;
  /** The secret it is about; null where there is none. */
  readonly secretId: string | null;
  /** Days until it ends, begun ones counted; null where that is not near. */
  readonly daysLeft: number | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** From here on it is said; a week and a day before the end in stronger words. */
const WARN_DAYS = 30;
const replace = (when = '') => `Make a new secret${when}, enter it in Entra ID and test the connection`;

/**
 * What is to be said of an integration at a moment; nothing of one that is disabled or revoked, or that has done without
 * secrets for a month because an issuer speaks for it.
 */
export function secretWarnings(integration: ListedIntegration, now: Date): readonly SecretWarning[] {
  const { secrets, disabledAt, revokedAt, federated } = integration;
  const lately = new Date(now.getTime() - WARN_DAYS * DAY_MS);
  if (disabledAt ?? revokedAt ?? (federated && !secrets.some((secret) => isUsedSince(secret, lately)))) return [];
  const live = secrets.filter((secret) => !secret.revokedAt && secret.expiresAt > now);
  const newest = live.at(-1);
  if (!newest) return [noLiveSecret];
  const last = live.reduce((one, other) => (other.expiresAt > one.expiresAt ? other : one));
  return [
    ...(daysUntil(last.expiresAt, now) <= WARN_DAYS ? [expires(last, now)] : []),
    ...live.slice(0, -1).flatMap((old) => (isUsedSince(old, newest.createdAt) ? [oldInUse(old, newest, now)] : [])),
  ];
}

const noLiveSecret: SecretWarning = {
  kind: 'NO_LIVE_SECRET',
  message: `No client secret works: nobody can get a token, and provisioning has stopped. ${replace()}.`,
  secretId: null,
  daysLeft: null,
};

function expires({ id, expiresAt }: ListedSecret, now: Date): SecretWarning {
  const days = daysUntil(expiresAt, now);
  const consequence =
    days <= 1 ? 'Then provisioning stops.' : 'From then on nobody can get a token, and provisioning stops.';
  const what = replace(days <= 7 ? ' now' : '');
  const message = `The client secret ends in ${inDays(days)}, on ${day(expiresAt)}. ${consequence} ${what}; both secrets work until the old one ends.`;
  return { kind: 'SECRET_EXPIRES', message, secretId: id, daysLeft: days };
}

function oldInUse(old: ListedSecret, newest: ListedSecret, now: Date): SecretWarning {
  const days = daysUntil(old.expiresAt, now);
  const near = days <= WARN_DAYS;
  const message = `The old client secret of ${day(old.createdAt)} is still used, last on ${day(old.lastUsedAt ?? now)}, though a new one was made on ${day(newest.createdAt)}.${near ? ` It ends in ${inDays(days)}, on ${day(old.expiresAt)}.` : ''} Enter the new one in Entra ID, test the connection, and then end the old one.`;
  return { kind: 'OLD_SECRET_IN_USE', message, secretId: old.id, daysLeft: near ? days : null };
}

const isUsedSince = ({ lastUsedAt }: ListedSecret, since: Date): boolean => lastUsedAt !== null && lastUsedAt > since;

const daysUntil = (end: Date, now: Date): number => Math.ceil((end.getTime() - now.getTime()) / DAY_MS);

const inDays = (days: number): string => (days === 1 ? 'a day or less' : `${days} days`);

const day = (moment: Date): string => moment.toISOString().slice(0, 10);

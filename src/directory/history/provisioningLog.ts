// Writes the provisioning log: in the transaction of a change that succeeds, alone for a request that was refused.
import { newId } from '../id.js';
import { type Actor } from '../actor.js';
import { type Outcome } from './ProvisioningEntry.js';
import { type Pools, type RequestContext, type WriteScope } from '../scope.js';
import { writeWalledIn } from '../walledStatement.js';

export interface LoggedRequest {
  readonly method: string;
  readonly resourceType: string | null;
  readonly resourceId: string | null;
  readonly status: number;
  readonly outcome: Outcome;
  /** What happened, for a person to read; values in it are masked. */
  readonly sentence: string;
  /** The error as the caller is told it; values in it are masked. */
  readonly detail?: string;
  readonly scimType?: string;
  readonly leniencies: readonly string[];
  readonly ignoredAttributes: readonly string[];
  readonly durationMs: number;
}

const ADD = { name: 'add_provisioning_entry', text: 'select add_provisioning_entry($1)' };

/** Sends the entry as part of the scope's transaction. */
export function logChange(scope: WriteScope, logged: LoggedRequest): void {
  void scope.send(ADD, [entryFrom(scope.actor, scope.request, logged)]);
}

/** Writes the entry by itself: what it is about was rolled back. */
export async function logRefusal(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  logged: LoggedRequest,
): Promise<void> {
  await writeWalledIn(pools, actor, request, ADD, [entryFrom(actor, request, logged)]);
}

const entryFrom = ({ tenantId, id }: Actor, { requestId, now }: RequestContext, logged: LoggedRequest): string =>
  JSON.stringify({
    tenant_id: tenantId,
    id: newId(),
    at: now,
    integration_id: id,
    request_id: requestId,
    method: logged.method,
    resource_type: logged.resourceType,
    resource_id: logged.resourceId,
    status: logged.status,
    outcome: logged.outcome,
    sentence: storable(logged.sentence),
    leniencies: logged.leniencies.length > 0 ? logged.leniencies : null,
    ignored_attributes: logged.ignoredAttributes.length > 0 ? logged.ignoredAttributes.map(storable) : null,
    duration_ms: logged.durationMs,
    scim_type: logged.scimType ?? null,
    detail: logged.detail === undefined ? null : storable(logged.detail),
  });

/** Without what PostgreSQL keeps in no text: a refusal may quote it. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** A value as it may stand in the log: the first two characters, and the domain of an address. */
export function masked(value: string): string {
  const [name = '', ...rest] = value.split('@');
  const domain = rest.length > 0 ? `@${rest.join('@')}` : '';
  return `${[...name].slice(0, 2).join('')}***${domain}`;
}

/** A sentence with everything in quotes masked, and every address. */
export const maskedSentence = (sentence: string): string =>
  sentence.replace(/"([^"]*)"/g, (_, value: string) => `"${masked(value)}"`).replace(/[^\s"@]{3,}@[^\s"@]+/g, masked);

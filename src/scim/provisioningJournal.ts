// Says in the provisioning log, in a sentence an administrator understands, what a request did or why it was refused.
import {
  type LoggedRequest,
  logChange,
  logRefusal,
  masked,
  maskedSentence,
} from '../directory/history/provisioningLog.js';
import { BrakeRefusal } from '../directory/brake/brakeRefusal.js';
import { holdDeactivation } from '../directory/brake/watch.js';
import { type WriteScope } from '../directory/scope.js';
import { isUuid } from '../directory/id.js';
import { Refusal } from '../refusal.js';
import { type Call, type Route } from './call.js';
import { answerTo, detailOf } from './scimError.js';

export interface Happened {
  readonly resourceType: 'User' | 'Group';
  readonly resourceId: string;
  readonly status: number;
  /** Such as `Created user`. */
  readonly what: string;
  /** The userName or displayName; masked in the log. */
  readonly name: string;
}

/** A request of which the body may not have been read. */
type Asked = Omit<Call, 'body'>;

/** Logs a success in the transaction of its change. */
export function journal(
  scope: WriteScope,
  call: Call,
  { resourceType, resourceId, status, what, name }: Happened,
): void {
  logChange(scope, {
    ...fromCall(call),
    resourceType,
    resourceId,
    status,
    outcome: 'SUCCEEDED',
    sentence: `${what} ${masked(name)}.`,
  });
}

/**
 * Logs what was not done, in a transaction of its own. 401 and 429 are counted, not logged. The answer is the refusal's
 * even when it cannot be logged.
 */
export async function journalRefusal(call: Asked, error: unknown, found: Route | undefined): Promise<void> {
  if (error instanceof Refusal && (error.kind === 'unauthenticated' || error.kind === 'rateLimited')) return;
  if (error instanceof BrakeRefusal) await holdBack(call, error);
  const id = isUuid(found?.id ?? '') ? (found?.id ?? null) : null;
  try {
    await writeRefusal(call, error, { type: found?.resourceType ?? null, id });
  } catch (failure) {
    // Whose turn did not come is counted; a line for each would be the next overload.
    if (failure instanceof Refusal && (failure.kind === 'rateLimited' || failure === call.request.inFlight?.over))
      return;
    call.deps.log.warn(
      { err: failure, requestId: call.request.requestId },
      'A refusal could not be written to the provisioning log',
    );
  }
}

/** Pulls the brake, where it is not yet. What cannot be noted now is noted with the next that is refused. */
async function holdBack({ deps, actor, request }: Asked, refusal: BrakeRefusal): Promise<void> {
  const { requestId } = request;
  const { tenantSlug: tenant, id: integrationId } = actor;
  const counted = refusal.held.count;
  deps.brakeCounts.held += 1;
  try {
    if (!(await holdDeactivation(deps.db, actor, request, refusal))) return;
    deps.brakeCounts.pulled += 1;
    deps.log.warn({ tenant, integrationId, requestId, counted }, 'The deactivation brake was pulled');
  } catch (failure) {
    deps.log.warn({ tenant, requestId, err: failure }, 'A deactivation that was held back could not be noted');
  }
}

async function writeRefusal(
  call: Asked,
  error: unknown,
  resource: { type: string | null; id: string | null },
): Promise<void> {
  const refused = error instanceof Refusal;
  const { status, scimType } = refused ? answerTo(error.kind) : { status: 500, scimType: undefined };
  const detail = refused ? maskedSentence(detailOf(error)) : undefined;
  // Without the database there is nowhere to write it.
  if (refused && error.kind === 'unavailable') return;
  const subject = resource.type === null ? 'a request' : `a ${resource.type.toLowerCase()} request`;
  await logRefusal(call.deps.db, call.actor, call.request, {
    ...fromCall(call),
    resourceType: resource.type,
    resourceId: resource.id,
    status,
    outcome: refused ? 'REFUSED' : 'FAILED',
    sentence: refused ? `Refused ${subject}: ${detail}` : `Failed ${subject}: an incident on our side.`,
    detail,
    scimType,
  });
}

const fromCall = ({
  method,
  reading,
  started,
}: Asked): Pick<LoggedRequest, 'method' | 'leniencies' | 'ignoredAttributes' | 'durationMs'> => ({
  method,
  leniencies: [...reading.notes.leniencies],
  ignoredAttributes: [...reading.notes.ignored].map((name) => name.slice(0, 200)).slice(0, 50),
  durationMs: Math.round((performance.now() - started) * 1000) / 1000,
});

// The deactivation brake at work: what SCIM may not do in masses is counted in the transaction of each, and held back.
import { type Actor } from '../actor.js';
import { type Pools, type RequestContext, type Statement, type WriteScope } from '../scope.js';
import { writeWalledIn } from '../walledStatement.js';
import { type BrakeRefusal } from './brakeRefusal.js';

interface Activity {
  readonly active: boolean;
}

const PASS: Statement = { name: 'pass_deactivation', text: 'select pass_deactivation($1, $2, $3)' };
const HOLD = {
  name: 'hold_deactivation',
  text: 'select hold_deactivation($1, $2, $3, $4, $5) as pulled',
};

/**
 * Sends the count of a deactivation or deletion by SCIM, which fails the transaction (as a BrakeRefusal) when it is one
 * too many. To be sent after everything else that others may wait for. Nothing is sent for whom the brake does not watch:
 * people in GraphQL and at the command line decide for themselves.
 */
export function watchDeactivation(
  { send, actor, request }: WriteScope,
  before: Activity & { readonly id: string },
  after: Activity,
): void {
  if (actor.kind !== 'INTEGRATION' || !before.active || after.active) return;
  void send(PASS, [before.id, request.now, request.requestId]);
}

/** Notes who was held back, in a transaction of its own. Answers whether this pulled the brake. */
export async function holdDeactivation(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  { held }: BrakeRefusal,
): Promise<boolean> {
  const values = [actor.tenantId, request.now, actor.id, request.requestId, JSON.stringify(held)];
  const rows = await writeWalledIn<{ pulled: boolean }>(pools, actor, request, HOLD, values);
  return rows[0]?.pulled ?? false;
}

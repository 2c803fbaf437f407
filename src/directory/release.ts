// Gives people and groups back to SpeakUp once provisioning has stopped: origin SPEAKUP again, with everything they have but
// the identity provider's own id of them. A later first cycle takes people over again by the rules of matching.
import { Refusal } from '../refusal.js';
import { type Statement, type WriteScope } from './scope.js';
import { tenantOf } from './tenant/tenants.js';

/** Whom to release: `undefined` is everybody. */
export interface Released {
  readonly users: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
}

export interface ReleasedCount {
  readonly users: number;
  readonly groups: number;
}

/** One statement must not run into its time limit, however large the tenant. */
const AT_A_TIME = 5000;

const release = (table: string, type: 'User' | 'Group', live: string): Statement => ({
  name: `release_${table}`,
  text: `with chosen as (
      select id, external_id from ${table}
      where tenant_id = $1 and origin = 'SCIM' and ${live} and ($2::uuid[] is null or id = any ($2)) order by id limit ${AT_A_TIME}
      for no key update),
    released as (
      update ${table} r set origin = 'SPEAKUP', external_id = null, version = version + 1, updated_at = $3, written_by = $5
      from chosen where r.tenant_id = $1 and r.id = chosen.id returning r.id, chosen.external_id),
    recorded as (
      insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
      select $1, uuid_v7(), $3::timestamptz, 'RELEASED', '${type}', id, $4, $5::uuid, $6,
        jsonb_build_object('origin', jsonb_build_object('before', 'SCIM', 'after', 'SPEAKUP'))
        || case when external_id is null then '{}' else
          jsonb_build_object('externalId', jsonb_build_object('before', external_id, 'after', null)) end
      from released)
    select count(*)::int as released from released`,
});

const USERS = release('directory_user', 'User', "status <> 'DELETED'");
const GROUPS = release('directory_group', 'Group', 'true');

/** Says how many it released; who is SpeakUp's already is passed over. Refuses with `conflict` while provisioning is on. */
export async function releaseFromManagement(scope: WriteScope, { users, groups }: Released): Promise<ReleasedCount> {
  // Nobody may switch it on before this is done.
  void scope.send({ text: 'select from tenant where id = $1 for share' }, [scope.tenantId]);
  if ((await tenantOf(scope)).provisioningEnabled) {
    throw new Refusal('conflict', 'Switch SCIM provisioning off first: what it manages, it would take back.');
  }
  return { users: await releaseAll(scope, USERS, users), groups: await releaseAll(scope, GROUPS, groups) };
}

async function releaseAll(
  scope: WriteScope,
  statement: Statement,
  ids: readonly string[] | undefined,
): Promise<number> {
  const { tenantId, actor, request } = scope;
  const params = [tenantId, ids ?? null, request.now, actor.kind, actor.id, request.requestId];
  for (let total = 0; ;) {
    const [{ released } = { released: 0 }] = await scope.send<{ released: number }>(statement, params);
    total += released;
    if (released < AT_A_TIME) return total;
  }
}

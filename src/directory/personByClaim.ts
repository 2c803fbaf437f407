// The person that an identity provider's token stands for: found inside one tenant, by one attribute, and only when
// exactly one has it.
import { fold } from '../attribute/attributeType.js';
import { isUuid } from './id.js';
import { type Pools, readIn, requestContext } from './scope.js';
import { systemActor } from './unitOfWork.js';

/** The attributes a person may be found by. */
export const PERSON_KEYS = ['id', 'externalId', 'userName', 'email'] as const;
export type PersonKey = (typeof PERSON_KEYS)[number];

const COLUMNS = {
  id: 'id',
  externalId: 'external_id',
  userName: 'user_name_key',
  email: 'match_email_key',
} satisfies Record<PersonKey, string>;

/** The id of the one person of a tenant with this value, deactivated ones too; undefined for none, and for several. */
export async function personByClaim(
  pools: Pools,
  tenant: { readonly id: string; readonly slug: string },
  key: PersonKey,
  value: string,
): Promise<string | undefined> {
  if (key === 'id' && !isUuid(value)) return undefined;
  const statement = {
    name: `person_by_claim_${key}`,
    text: `select id from directory_user where tenant_id = $1 and ${COLUMNS[key]} = $2 and status <> 'DELETED' limit 2`,
  };
  const wanted = key === 'userName' || key === 'email' ? fold(value) : value;
  const rows = await readIn(pools, systemActor(tenant.id, tenant.slug), requestContext(), ({ send, tenantId }) =>
    send<{ id: string }>(statement, [tenantId, wanted]),
  );
  return rows.length === 1 ? rows[0]?.id : undefined;
}

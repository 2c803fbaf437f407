// Opening tenants, finding them, and their switch "SCIM provisioning enabled".
import { type InferEntity } from '@mikro-orm/core';
import { type Pool } from 'pg';
import { Refusal } from '../../refusal.js';
import { type Actor } from '../actor.js';
import { refusalFromDatabase } from '../constraints.js';
import { newId } from '../id.js';
import { type Pools, type ReadScope, type RequestContext } from '../scope.js';
import { readWalled } from '../walledStatement.js';
import { changesOfNew, type Orm, recordChange, systemActor, workIn } from '../unitOfWork.js';
import { Tenant } from './Tenant.js';

export type TenantRow = Readonly<Omit<InferEntity<typeof Tenant>, symbol>>;

interface Doors extends Orm {
  readonly pool: Pool;
}

/** Whether a text may name a tenant: 2 to 63 lower-case letters, digits and hyphens, no hyphen at either end. */
export const isSlug = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(text);

/** What `isSlug` asks for, in words. */
export const SLUG_RULE = '2 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit';

const COLUMNS = `id, slug, provisioning_enabled as "provisioningEnabled",
  group_adoption_allowed as "groupAdoptionAllowed", created_at as "createdAt"`;
// MikroORM's pool leaves moments as text.
const tenantFromRow = (row: TenantRow): TenantRow => ({ ...row, createdAt: new Date(row.createdAt) });

/** The tenant of a slug. The list of tenants is the operator's, behind no tenant's wall. */
export async function findTenant(pools: Pools, slug: string): Promise<TenantRow | undefined> {
  const bySlug = { name: 'tenant_by_slug', text: `select ${COLUMNS} from tenant where slug = $1` };
  return (await readWalled<TenantRow>(pools, bySlug, [slug])).map(tenantFromRow)[0];
}

/** Every tenant, by slug. */
export async function listTenants({ pool }: Doors): Promise<readonly TenantRow[]> {
  return (await pool.query<TenantRow>(`select ${COLUMNS} from tenant order by slug`)).rows.map(tenantFromRow);
}

/** The tenant of a slug, made when there is none. Refuses with `invalidValue` what cannot be a slug. */
export async function openTenant(
  doors: Doors,
  slug: string,
  request: RequestContext,
): Promise<{ tenant: TenantRow; created: boolean }> {
  if (!isSlug(slug)) throw new Refusal('invalidValue', `A tenant is named by ${SLUG_RULE}.`);
  const known = await findTenant(doors, slug);
  if (known) return { tenant: known, created: false };
  try {
    return { tenant: await createTenant(doors, slug, request), created: true };
  } catch (error) {
    // Somebody else made it in this moment.
    const { constraint } = error as { constraint?: string };
    const made = constraint === 'tenant_slug_unique' ? await findTenant(doors, slug) : undefined;
    if (made) return { tenant: made, created: false };
    throw error;
  }
}

/** Switches SCIM provisioning on or off; nothing happens to people and groups. Refuses with `notFound`. */
export const setProvisioningEnabled = (
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  enabled: boolean,
): Promise<void> => setSwitch(orm, actor, request, 'provisioningEnabled', enabled);

/** Allows SCIM to take over groups made in SpeakUp, or not any longer. Refuses with `notFound`. */
export const setGroupAdoptionAllowed = (
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  allowed: boolean,
): Promise<void> => setSwitch(orm, actor, request, 'groupAdoptionAllowed', allowed);

async function setSwitch(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  name: 'provisioningEnabled' | 'groupAdoptionAllowed',
  after: boolean,
): Promise<void> {
  await workIn(orm, actor, request, async (work) => {
    const tenant = await work.em.findOne(Tenant, { id: work.tenantId });
    if (!tenant) throw new Refusal('notFound', 'There is no such tenant.');
    const before = tenant[name];
    if (before === after) return;
    tenant[name] = after;
    recordChange(work, 'CHANGED', 'Tenant', tenant.id, { [name]: { before, after } });
  });
}

/** The tenant at work in a scope. */
export async function tenantOf({ send, tenantId }: ReadScope): Promise<TenantRow> {
  const [row] = await send<TenantRow & Record<string, unknown>>(
    { name: 'tenant_by_id', text: `select ${COLUMNS} from tenant where id = $1` },
    [tenantId],
  );
  if (!row) throw new Refusal('notFound', 'There is no such tenant.');
  return tenantFromRow(row);
}

async function createTenant(doors: Doors, slug: string, request: RequestContext): Promise<TenantRow> {
  const id = newId(request.now);
  return workIn(doors, systemActor(id, slug), request, async (work) => {
    const tenant = work.em.create(Tenant, { id, slug, createdAt: request.now });
    // History refers to the tenant by a foreign key that the entities do not tell: the tenant goes first.
    await work.em.flush();
    recordChange(work, 'CREATED', 'Tenant', id, changesOfNew({ slug, provisioningEnabled: true }));
    return tenant;
  }).catch((error: unknown) => {
    throw refusalFromDatabase(error);
  });
}

// A tenant as large as a large customer, and a neighbour: written by SQL as the owner, because over SCIM it would take
// minutes.
import { type Client } from 'pg';
import { type Subject } from './requests.js';

export const MEMBERS = [10, 1000, 100_000] as const;
/** In the biggest group; as many again are in none. */
const PEOPLE = 100_000;
const OUTSIDERS = 10_000;
const NEIGHBOURS = 30_000;
/** In the tenant that comes after the statistics. */
const UNKNOWN = 5000;
/** Ordinary groups, of ten people each. */
const SMALL_GROUPS = 2000;

const PERSON = `
  with person as materialized (
    select n, uuid_v7() as id, 'person.' || n || '@werk.example' as mail, 'Mara de Vos ' || n as shown
    from generate_series(1, $2::int) n)
  insert into directory_user
    (tenant_id, id, origin, status, external_id, user_name, user_name_key, match_email_key, display_name,
     display_name_key, name, title, preferred_language, emails, phone_numbers, employee_number, employee_number_key,
     cost_center, department, manager_id, manager_value, manager_key, version, created_at, updated_at)
  select $1::uuid, p.id, 'SCIM', 'ACTIVE', 'entra-' || p.n, p.mail, p.mail, p.mail, p.shown, lower(p.shown),
    jsonb_build_object('formatted', p.shown, 'givenName', 'Mara', 'familyName', 'de Vos ' || p.n), 'Inkoper', 'nl-NL',
    jsonb_build_array(jsonb_build_object('primary', true, 'type', 'work', 'value', p.mail)),
    jsonb_build_array(jsonb_build_object('type', 'mobile', 'value', '+31 6 5555 0199')),
    'E-' || p.n, 'e-' || p.n, '4711', 'Inkoop ' || p.n % 100, m.id, m.id, m.id, 1, now(), now()
  from person p left join person m on m.n = p.n / 10 and p.n % 5 > 0`;

const EMAIL_KEYS = `insert into user_email (tenant_id, key, user_id)
  select tenant_id, match_email_key, id from directory_user where tenant_id = $1`;

const GROUP = `insert into directory_group
    (tenant_id, id, origin, external_id, display_name, display_name_key, version, created_at, updated_at)
  values ($1, $2, 'SCIM', $3, $4, lower($4), 1, now(), now())`;

const FIRST_MEMBERS = `insert into membership (tenant_id, group_id, user_id, added_at)
  select $1, $2, id, now() from directory_user where tenant_id = $1 order by id limit $3`;

const SMALL = `
  with made as (
    insert into directory_group (tenant_id, id, origin, display_name, display_name_key, version, created_at, updated_at)
    select $1, uuid_v7(), 'SCIM', 'Team ' || n, 'team ' || n, 1, now(), now() from generate_series(1, $2::int) n
    returning id),
  numbered as (select id, row_number() over (order by id) as n from made)
  insert into membership (tenant_id, group_id, user_id, added_at)
  select $1, g.id, u.id, now()
  from numbered g
  join (select id, row_number() over (order by id) as n from directory_user where tenant_id = $1) u
    on u.n > g.n * 10 and u.n <= g.n * 10 + 10`;

/** Fills the tenant (new, with nobody in it) and the neighbour; returns whom requests can be about. */
export async function populate(owner: Client, tenantId: string, neighbourId: string): Promise<Subject> {
  await populatePeople(owner, neighbourId, NEIGHBOURS);
  await populatePeople(owner, tenantId, PEOPLE + OUTSIDERS);
  const groups: Record<number, string> = {};
  for (const size of MEMBERS) groups[size] = await makeGroup(owner, tenantId, size);
  await owner.query(SMALL, [tenantId, SMALL_GROUPS]);
  await owner.query('vacuum (analyze) directory_user, user_email, directory_group, membership');
  return { ...(await peopleOf(owner, tenantId, PEOPLE)), groups, places: [] };
}

/** The people of a tenant that statistics do not know yet, and one group of most of them. */
export type UnknownSubject = Pick<Subject, 'people' | 'outsiders'> & { readonly group: string };

/** Fills a tenant and leaves the statistics as they are: the state of a new customer's first hours. */
export async function populateUnknown(owner: Client, tenantId: string): Promise<UnknownSubject> {
  await populatePeople(owner, tenantId, UNKNOWN);
  const group = await makeGroup(owner, tenantId, UNKNOWN - 100);
  return { ...(await peopleOf(owner, tenantId, UNKNOWN - 100)), group };
}

/** A group of so many, first come first in. */
async function makeGroup(owner: Client, tenantId: string, size: number): Promise<string> {
  const { rows } = await owner.query<{ id: string }>('select uuid_v7() as id');
  const id = rows[0]?.id ?? '';
  await owner.query(GROUP, [tenantId, id, `entra-group-${size}`, `Everybody of ${size}`]);
  await owner.query(FIRST_MEMBERS, [tenantId, id, size]);
  return id;
}

async function populatePeople(owner: Client, tenantId: string, count: number): Promise<void> {
  // An owner who is no superuser is behind the wall too.
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await owner.query(PERSON, [tenantId, count]);
  await owner.query(EMAIL_KEYS, [tenantId]);
}

async function peopleOf(
  owner: Client,
  tenantId: string,
  inside: number,
): Promise<Pick<Subject, 'people' | 'outsiders'>> {
  const { rows } = await owner.query<{ id: string; userName: string }>(
    'select id, user_name as "userName" from directory_user where tenant_id = $1 order by id',
    [tenantId],
  );
  return { people: rows.slice(0, inside), outsiders: rows.slice(inside).map(({ id }) => id) };
}

/** The id behind a tenant's slug. */
export async function tenantId(owner: Client, slug: string): Promise<string> {
  const { rows } = await owner.query<{ id: string }>('select id from tenant where slug = $1', [slug]);
  return rows[0]?.id ?? '';
}

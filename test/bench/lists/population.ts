// A tenant of a million people, and a small one of the same kind: written by SQL as the owner, in one statement for
// each table. Names, numbers and times are spread, so that no order but that of creation is the order on disk.
import { type Client } from 'pg';
import { type Person } from '../requests.js';

export interface Crowd {
  /** Some of them, from everywhere in the order of creation. */
  readonly people: readonly Person[];
  /** Somebody in the middle: in a group of ten and in the big one, with a manager. */
  readonly somebody: Somebody;
}

export interface Somebody extends Person {
  readonly externalId: string;
  readonly employeeNumber: string;
  readonly displayName: string;
  readonly managerId: string;
  readonly teamId: string;
  readonly team: string;
}

const PEOPLE = `
  with person as materialized (
    select n, uuid_v7() as id, given, family, lower(given || '.' || family) || '.' || n || '@werk.example' as mail,
      given || ' ' || family || ' ' || n as shown, n % 100 = 50 as gone, now() - random() * interval '60 days' as changed
    from generate_series(1, $2::int) n,
      lateral (select (array['Mara','Ruben','Ayşe','Daan','Eva','Femke','Gijs','Hanna','İlker','Joris','Kim','Lotte','Noor','Omar','Pien','Quint','Sanne','Tess','Ufuk','Vera'])[1 + abs(hashint4(n)) % 20] as given,
        (array['Visser','Bakker','Smit','Meijer','Mulder','Bos','Vos','Peters','Dekker','Yılmaz','Kaya','Vermeer','Groot','Prins','Kok'])[1 + abs(hashint4(n + 7)) % 15] as family) named)
  insert into directory_user
    (tenant_id, id, origin, status, external_id, user_name, user_name_key, match_email_key, display_name,
     display_name_key, name, title, preferred_language, emails, phone_numbers, employee_number, employee_number_key,
     cost_center, department, manager_id, manager_value, manager_key, version, created_at, updated_at, deactivated_at)
  select $1::uuid, p.id, 'SCIM', case when p.gone then 'DEACTIVATED' else 'ACTIVE' end, md5('external' || p.n)::uuid::text,
    p.mail, fold(p.mail), fold(p.mail), p.shown, fold(p.shown),
    jsonb_build_object('formatted', p.shown, 'givenName', p.given, 'familyName', p.family), 'Inkoper', 'nl-NL',
    jsonb_build_array(jsonb_build_object('primary', true, 'type', 'work', 'value', p.mail)),
    jsonb_build_array(jsonb_build_object('type', 'mobile', 'value', '+31 6 ' || p.n)),
    'E-' || p.n, 'e-' || p.n, '47' || p.n % 100, 'Afdeling ' || p.n % 500, m.id, m.id, m.id, 1 + p.n % 3,
    now() - interval '61 days', p.changed, case when p.gone then p.changed end
  from person p left join person m on m.n = p.n / 10 and p.n % 5 > 0
  order by p.n`;

const EMAIL_KEYS = `insert into user_email (tenant_id, key, user_id)
  select tenant_id, match_email_key, id from directory_user where tenant_id = $1 order by id`;

/** Which triggers keep, where they are on. */
const HOURS = `insert into changed_hour
  select tenant_id, 'User', hour_of(updated_at), id from directory_user where tenant_id = $1
  union all select tenant_id, 'Group', hour_of(updated_at), id from directory_group where tenant_id = $1
  on conflict do nothing`;

const GROUPS = `insert into directory_group
    (tenant_id, id, origin, external_id, display_name, display_name_key, version, created_at, updated_at)
  select $1, uuid_v7(), 'SCIM', md5('group' || n)::uuid::text, 'Team ' || n, 'team ' || n, 1, now() - interval '61 days',
    now() - random() * interval '60 days'
  from generate_series(0, $2::int) n`;

/** People for each team of ten. */
const TEAM_OF = 50;

/** Team 0 has every tenth person, the others ten people each: one in five is in one. Everywhere the same share. */
const MEMBERS = `
  with team as (select id, substr(display_name, 6)::int as number from directory_group where tenant_id = $1),
    person as (select id, substr(employee_number, 3)::int as n from directory_user where tenant_id = $1)
  insert into membership (tenant_id, group_id, user_id, added_at)
  select $1, t.id, p.id, now() from person p join team t on t.number = 0 where p.n % 10 = 7
  union all
  select $1, t.id, p.id, now() from person p join team t on t.number = 1 + p.n / ${TEAM_OF} where p.n % 5 = 2`;

const SAMPLE = `select id, user_name as "userName" from directory_user
  where tenant_id = $1 and substr(employee_number, 3)::int % $2 = 0 order by id`;

const SOMEBODY = `select u.id, u.user_name as "userName", u.external_id as "externalId", u.display_name as "displayName",
    u.employee_number as "employeeNumber", u.manager_id as "managerId", g.id as "teamId", g.display_name as team
  from directory_user u
  join membership m on m.tenant_id = u.tenant_id and m.user_id = u.id
  join directory_group g on g.tenant_id = m.tenant_id and g.id = m.group_id and g.display_name <> 'Team 0'
  where u.tenant_id = $1 and u.manager_id is not null and substr(u.employee_number, 3)::int >= $2
  order by u.id limit 1`;

/** Whom requests are about, at most. */
const MOST_IN_SAMPLE = 50_000;

/** Fills tenants, all new, in a database that has nobody yet: so many people each. */
export async function populateCrowds(owner: Client, counts: ReadonlyMap<string, number>): Promise<void> {
  // Indexes are made faster than kept up, and what a statement of ours puts in needs no check, where the owner may leave it.
  const indexes = await plainIndexes(owner);
  await checkForeignKeys(owner, 'replica');
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  for (const [tenantId, count] of counts) await populateCrowd(owner, tenantId, count);
  for (const { definition } of indexes) await owner.query(definition);
  await checkForeignKeys(owner, 'origin');
  // Statistics, and what index-only scans need.
  await owner.query('vacuum (analyze) directory_user, user_email, directory_group, membership, changed_hour');
}

/** Only a superuser may leave out the checks (`replica`). */
const checkForeignKeys = (owner: Client, role: 'replica' | 'origin'): Promise<unknown> =>
  owner.query(
    `select set_config('session_replication_role', $1, false) from pg_roles where rolname = current_user and rolsuper`,
    [role],
  );

/** Those that belong to no constraint. */
async function plainIndexes(owner: Client): Promise<readonly { name: string; definition: string }[]> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any ('{directory_user,user_email,membership}'::regclass[])
       and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
  return rows;
}

async function populateCrowd(owner: Client, tenantId: string, count: number): Promise<void> {
  // An owner who is no superuser is behind the wall too.
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await owner.query(PEOPLE, [tenantId, count]);
  await owner.query(EMAIL_KEYS, [tenantId]);
  await owner.query(GROUPS, [tenantId, Math.ceil(count / TEAM_OF)]);
  await owner.query(MEMBERS, [tenantId]);
  await owner.query(HOURS, [tenantId]);
}

export async function crowdOf(owner: Client, tenantId: string, count: number): Promise<Crowd> {
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  const { rows: people } = await owner.query<Person>(SAMPLE, [tenantId, strideOf(count)]);
  const { rows } = await owner.query<Somebody>(SOMEBODY, [tenantId, Math.floor(count / 2)]);
  const [somebody] = rows;
  if (!somebody) throw new Error('nobody is there');
  return { people, somebody };
}

/** Shares no factor with the numbers that make managers and members: the sample has people of every kind. */
function strideOf(count: number): number {
  const least = Math.ceil(count / MOST_IN_SAMPLE);
  return [least, least + 1, least + 2, least + 3].find((stride) => stride % 2 > 0 && stride % 5 > 0) ?? least;
}

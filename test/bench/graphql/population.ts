// An organisation to ask GraphQL about: written by SQL as the owner, in one statement for each table. Everybody is below
// number 1; half of all report to number 2, the others to each other by tens; group 0 has everybody in it.
import { type Client } from 'pg';

const GIVEN =
  "array['Mara','Ruben','Ayşe','Daan','Eva','Femke','Gijs','Hanna','İlker','Joris','Kim','Lotte','Noor','Omar','Pien','Quint','Sanne','Tess','Ufuk','Vera']";
const FAMILY =
  "array['Visser','Bakker','Smit','Meijer','Mulder','Bos','Vos','Peters','Dekker','Yılmaz','Kaya','Vermeer','Groot','Prins','Kok']";

const PEOPLE = `
  with person as materialized (
    select n, uuid_v7() as id, lower(given || '.' || family) || '.' || n || '@werk.example' as mail, given, family,
      given || ' ' || family || ' ' || n as shown
    from generate_series(1, $2::int) n,
      lateral (select (${GIVEN})[1 + abs(hashint4(n)) % 20] as given, (${FAMILY})[1 + abs(hashint4(n + 7)) % 15] as family) named)
  insert into directory_user
    (tenant_id, id, origin, status, external_id, user_name, user_name_key, match_email_key, display_name,
     display_name_key, name, title, emails, employee_number, employee_number_key, department, manager_id, manager_value,
     manager_key, version, created_at, updated_at)
  select $1::uuid, p.id, 'SCIM', 'ACTIVE', 'entra-' || p.n, p.mail, fold(p.mail), fold(p.mail), p.shown, fold(p.shown),
    jsonb_build_object('givenName', p.given, 'familyName', p.family), 'Inkoper',
    jsonb_build_array(jsonb_build_object('primary', true, 'type', 'work', 'value', p.mail)),
    'E-' || p.n, 'e-' || p.n, 'Afdeling ' || p.n % 500, m.id, m.id, m.id, 1, now(), now()
  from person p left join person m
    on m.n = case when p.n = 1 then 0 when p.n = 2 then 1 when p.n > $2 / 2 then 2 else (p.n + 7) / 10 end
  order by p.n`;

const EMAIL_KEYS = `insert into user_email (tenant_id, key, user_id)
  select tenant_id, match_email_key, id from directory_user where tenant_id = $1 order by id`;

const WORDS = `insert into user_word (tenant_id, key, user_id)
  select tenant_id, word, id from directory_user
    cross join lateral search_words(array[display_name, user_name]) as words (word) where tenant_id = $1`;

const GROUPS = `insert into directory_group
    (tenant_id, id, origin, display_name, display_name_key, version, created_at, updated_at)
  select $1, uuid_v7(), 'SCIM', 'Team ' || n, 'team ' || n, 1, now(), now() from generate_series(0, 1000) n`;

const MEMBERS = `
  with team as (select id, substr(display_name, 6)::int as number from directory_group where tenant_id = $1),
    person as (select id, substr(employee_number, 3)::int as n from directory_user where tenant_id = $1)
  insert into membership (tenant_id, group_id, user_id, added_at)
  select $1, t.id, p.id, now() from person p join team t on t.number = 0
  union all
  select $1, t.id, p.id, now() from person p join team t on t.number = 1 + p.n % 1000`;

/** Fills a new tenant with so many people; answers how long each table took, in milliseconds. */
export async function populateOrganisation(
  owner: Client,
  tenantId: string,
  people: number,
): Promise<ReadonlyMap<string, number>> {
  // An owner who is no superuser is behind the wall too.
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  const steps: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['people', PEOPLE, [tenantId, people]],
    ['e-mail addresses', EMAIL_KEYS, [tenantId]],
    ['words', WORDS, [tenantId]],
    ['groups', GROUPS, [tenantId]],
    ['members', MEMBERS, [tenantId]],
  ];
  const took = new Map<string, number>();
  for (const [name, text, values] of steps) {
    const start = performance.now();
    await owner.query(text, [...values]);
    took.set(name, performance.now() - start);
  }
  await owner.query('vacuum (analyze) directory_user, user_email, user_word, directory_group, membership');
  return took;
}

// The self-test at start-up: a serving role must be the one asked for and unable to pass row-level security, which must
// stand on every table of tenants. Each refusal says what is wrong and what puts it right.
import { type Pool } from 'pg';

interface Found {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly owned: string[];
  /** Roles it can become that could pass the wall. */
  readonly becomes: string[];
  readonly unforced: string[];
  /** Tables without a policy that names the tenant. */
  readonly without: string[];
  /** Policies open to the role that do not ask for what the transaction is set to. */
  readonly open: string[];
}

/** Of tables with a tenant; partitioned ones too. */
const TABLES = `(select c.oid, c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as forced
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
  where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace)`;

const ASKS_FOR_TENANT = `pg_get_expr(p.polqual, p.polrelid) like '%current_setting(''app.tenant''%'`;

const LOOK = `select current_user as name,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    (select rolbypassrls from pg_roles where rolname = current_user) as bypasses,
    array(select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname = current_user and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1) as owned,
    array(select r.rolname::text from pg_roles r where r.rolname <> current_user and pg_has_role(current_user, r.oid, 'member')
      and (r.rolsuper or r.rolbypassrls or exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace))
      order by 1) as becomes,
    array(select t.name from ${TABLES} t where not t.forced order by 1) as unforced,
    array(select t.name from ${TABLES} t where not exists (select from pg_policy p where p.polrelid = t.oid and p.polpermissive
      and p.polroles = '{0}' and p.polcmd = '*' and p.polwithcheck is null and ${ASKS_FOR_TENANT}) order by 1) as without,
    array(select p.polname || ' on ' || t.name from pg_policy p join ${TABLES} t on t.oid = p.polrelid
      where p.polpermissive and pg_get_expr(p.polqual, p.polrelid) not like '%current_setting(''app.%'
        and exists (select from unnest(p.polroles) as role (id) where role.id = 0 or pg_has_role(current_user, role.id, 'member'))
      order by 1) as open`;

/** Throws what an operator has to put right; the process must not serve then. */
export async function assertWalled(pool: Pool, role: string): Promise<void> {
  const { rows } = await pool.query<Found>(LOOK);
  const wrong = rows[0] && whatIsWrong(rows[0], role);
  if (wrong !== undefined) throw new Error(`${wrong} Nothing would keep tenants apart: refusing to start.`);
}

function whatIsWrong({ name, ...found }: Found, role: string): string | undefined {
  if (name !== role) return `The database login may not work as role ${role}, but works as ${name}.`;
  if (found.superuser) return `Role ${role} is a superuser: take that away with "alter role ${role} nosuperuser".`;
  if (found.bypasses) {
    return `Role ${role} may bypass row-level security: take that away with "alter role ${role} nobypassrls".`;
  }
  if (found.owned.length > 0) {
    return `Role ${role} owns ${listed(found.owned)}: give them back with "alter table … owner to" the login of DATABASE_URL.`;
  }
  if (found.becomes.length > 0) {
    return `Role ${role} may become ${listed(found.becomes)}, who can pass row-level security: take that away with "revoke … from ${role}".`;
  }
  if (found.unforced.length > 0) {
    return `No forced row-level security on ${listed(found.unforced)}: "alter table … enable row level security, force row level security".`;
  }
  if (found.without.length > 0) {
    return `No policy tenant_wall on ${listed(found.without)}: make it again as the file in schema/postgres does that makes the table.`;
  }
  if (found.open.length > 0) {
    return `Policy ${listed(found.open)} lets role ${role} see every tenant: drop it, or keep it to another role.`;
  }
  return undefined;
}

const listed = (names: readonly string[]): string => names.join(', ');

// What the database says of its own walls: keys, policies, grants and functions, read from PostgreSQL's catalogue.
import { expect } from 'chai';
import { Client } from 'pg';
import { withOwnerUrl } from '../support/owner.js';

/** Of the service, not of a tenant. */
const TENANTLESS = [
  'change_seal',
  'graphql_budget',
  'schema_migration',
  'service_state',
  'signing_key',
  'tenant',
  'token_failure',
];

/** Unique indexes without the tenant: of what names an integration before the tenant is known, client ids and subjects. */
const UNIQUE_BEYOND_TENANTS = ['federated_credential_subject_unique', 'integration_id_unique'];

/** Exactly what each role may do. Whoever adds a table says here what may be done with it. */
const GRANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  speakup_app: {
    changed_hour: 'DELETE INSERT SELECT UPDATE',
    change_position: 'SELECT',
    change_record: 'INSERT SELECT',
    deactivation_brake: 'INSERT SELECT UPDATE',
    deactivation_held: 'DELETE INSERT SELECT UPDATE',
    directory_group: 'DELETE INSERT SELECT UPDATE',
    directory_user: 'INSERT SELECT UPDATE',
    federated_credential: 'DELETE INSERT SELECT',
    graphql_budget: 'DELETE INSERT SELECT UPDATE',
    group_word: 'DELETE INSERT SELECT',
    integration: 'INSERT SELECT UPDATE',
    integration_activity: 'INSERT SELECT UPDATE',
    integration_secret: 'INSERT SELECT UPDATE',
    membership: 'DELETE INSERT SELECT UPDATE',
    provisioning_entry: 'INSERT SELECT',
    service_state: 'INSERT SELECT UPDATE',
    sign_in_lock: 'DELETE INSERT SELECT',
    signing_key: 'INSERT SELECT',
    tenant: 'INSERT SELECT UPDATE',
    token_failure: 'DELETE INSERT SELECT UPDATE',
    used_assertion: 'DELETE INSERT SELECT UPDATE',
    user_email: 'DELETE INSERT SELECT UPDATE',
    user_word: 'DELETE INSERT SELECT',
  },
  speakup_analyst: {
    changed_hour: 'SELECT',
    directory_group: 'SELECT',
    directory_user: 'SELECT',
    group_word: 'SELECT',
    membership: 'SELECT',
    user_email: 'SELECT',
    user_word: 'SELECT',
  },
  speakup_sealer: {
    change_position: 'INSERT SELECT',
    change_record: 'SELECT',
    change_seal: 'SELECT UPDATE',
    integration_activity: 'INSERT SELECT UPDATE',
  },
  speakup_counter: { change_record: 'SELECT' },
  speakup_keeper: { provisioning_entry: 'DELETE' },
  speakup_eraser: { change_record: 'SELECT UPDATE', directory_user: 'SELECT', provisioning_entry: 'SELECT UPDATE' },
};

/** Single columns that a role may read. */
const COLUMNS = {
  'speakup_app on signing_key': 'UPDATE retired_at signs_from',
  'speakup_keeper on provisioning_entry': 'SELECT at id tenant_id',
  'speakup_keeper on tenant': 'SELECT id',
};

/** Functions that work as another role than their caller's, and as which. None of these roles can do anything else. */
const DEFINERS = {
  blank_erased_values: 'speakup_eraser',
  delete_old_provisioning_entries: 'speakup_keeper',
  people_flow: 'speakup_counter',
  seal_changes: 'speakup_sealer',
};

/** Policies over every tenant, each for one role that nobody works as. */
const OPEN_POLICIES = [
  'keeper_deletes_what_is_old on provisioning_entry to speakup_keeper',
  'keeper_sees_what_is_old on provisioning_entry to speakup_keeper',
  'sealer_reads on change_record to speakup_sealer',
  'sealer_writes on change_position to speakup_sealer',
  'sealer_writes on integration_activity to speakup_sealer',
];

describe("the database's own account of its walls", () => {
  const rows = <Row extends object>(sql: string): Promise<Row[]> =>
    withOwnerUrl(async (url) => {
      const owner = new Client(url);
      await owner.connect();
      try {
        return (await owner.query<Row>(sql)).rows;
      } finally {
        await owner.end();
      }
    });
  const OF_TENANTS = `select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'`;
  const HERE = `c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;

  it('names the tenant in every table but those of the service itself', async () => {
    const found = await rows<{ name: string }>(
      `select c.relname as name from pg_class c where ${HERE} and not exists (${OF_TENANTS}) order by 1`,
    );
    expect(found.map(({ name }) => name)).to.deep.equal(TENANTLESS);
  });

  it('leads every primary key, every unique index and every other index of such a table with the tenant', async () => {
    const found = await rows<{ name: string; unique: boolean; first: string | null }>(
      `select i.indexrelid::regclass::text as name, i.indisunique as unique,
         (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) as first
       from pg_index i join pg_class c on c.oid = i.indrelid where ${HERE} and exists (${OF_TENANTS}) order by 1`,
    );
    expect(found.length).to.be.above(30);
    const other = found.filter(({ first }) => first !== 'tenant_id');
    // The sealer reads every tenant's records, by the transaction that wrote them.
    const known = [...UNIQUE_BEYOND_TENANTS, 'change_record_xid'];
    expect(other.map(({ name }) => name).sort()).to.deep.equal(known.sort());
    const unique = other.filter((index) => index.unique).map(({ name }) => name);
    expect(unique).to.deep.equal(UNIQUE_BEYOND_TENANTS);
  });

  it('has no foreign key into another tenant: each one takes the tenant along, on both sides', async () => {
    const found = await rows<{ name: string; text: string; target: string }>(
      `select f.conname as name, pg_get_constraintdef(f.oid) as text, f.confrelid::regclass::text as target
       from pg_constraint f where f.contype = 'f' and f.connamespace = 'public'::regnamespace order by 1`,
    );
    expect(found.length).to.be.above(8);
    for (const { name, text, target } of found) {
      const shape =
        target === 'tenant'
          ? /^FOREIGN KEY \(tenant_id\) REFERENCES tenant\(id\)/
          : /^FOREIGN KEY \(tenant_id, \w+\) REFERENCES \w+\(tenant_id, id\)/;
      expect(text, name).to.match(shape);
    }
  });

  it('has forced row-level security on every table of tenants, for reading and for writing', async () => {
    const found = await rows<{ name: string; forced: boolean; command: string; using: string; check: string | null }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced, p.polcmd as command,
         pg_get_expr(p.polqual, c.oid) as using, pg_get_expr(p.polwithcheck, c.oid) as check
       from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polname = 'tenant_wall' and p.polroles = '{0}' and p.polpermissive
       where ${HERE} and exists (${OF_TENANTS}) order by 1`,
    );
    for (const { name, forced, command, using, check } of found) {
      expect(forced, name).to.equal(true);
      expect(using, name).to.equal("(tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)");
      // For all commands: without a check of its own, what is written must fit what may be seen.
      expect([command, check], name).to.deep.equal(['*', null]);
    }
  });

  it('has no other policy than the wall, than that a client and an issuer find what is theirs, and than those of the sealer and the keeper', async () => {
    const found = await rows<{ name: string; using: string; command: string; roles: string }>(
      `select p.polname || ' on ' || c.relname as name, p.polcmd as command, pg_get_expr(p.polqual, c.oid) as using,
         (select string_agg(role::regrole::text, ' ') from unnest(p.polroles) role) as roles
       from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname <> 'tenant_wall' order by 1`,
    );
    const isOpen = ({ using }: { using: string }) => !using.includes("current_setting('app.");
    const open = found.filter(isOpen);
    expect(open.map(({ name, roles }) => `${name} to ${roles}`)).to.deep.equal(OPEN_POLICIES);
    // The keeper's are over what is old.
    for (const { name, using } of open) {
      expect(using, name).to.equal(name.startsWith('keeper') ? "(at < (now() - '1 day'::interval))" : 'true');
    }
    const others = found.filter((policy) => !isOpen(policy));
    expect(others.map(({ name, command }) => `${name} for ${command}`)).to.deep.equal([
      'client_reads_its_credentials on federated_credential for r',
      'client_reads_its_secrets on integration_secret for r',
      'client_reads_itself on integration for r',
      'issuer_finds_its_subject on federated_credential for r',
    ]);
    const OWN = /^\((integration_)?id = .*'app\.client'.*\)::uuid\)$/;
    const SUBJECT = /\(issuer = NULLIF\(.*'app\.issuer'.*\) AND \(subject = NULLIF\(.*'app\.subject'/;
    for (const { name, using } of others) expect(using).to.match(name.startsWith('issuer') ? SUBJECT : OWN);
  });

  it('lets each role do exactly what it needs, to whole tables and to single columns', async () => {
    const found = await rows<{ role: string; name: string; may: string }>(
      `select grantee as role, table_name as name, string_agg(privilege_type, ' ' order by privilege_type) as may
       from information_schema.role_table_grants
       where table_schema = 'public' and (grantee like 'speakup\\_%' or grantee = 'PUBLIC') group by 1, 2 order by 1, 2`,
    );
    const granted: Record<string, Record<string, string>> = {};
    for (const { role, name, may } of found) (granted[role] ??= {})[name] = may;
    expect(granted).to.deep.equal(GRANTS);
    const columns = await rows<{ role: string; name: string; columns: string; may: string }>(
      `select acl.grantee::regrole::text as role, c.relname as name, string_agg(a.attname, ' ' order by a.attname) as columns,
         string_agg(distinct acl.privilege_type, ' ') as may
       from pg_attribute a join pg_class c on c.oid = a.attrelid cross join aclexplode(a.attacl) acl where ${HERE} group by 1, 2`,
    );
    expect(
      Object.fromEntries(columns.map((one) => [`${one.role} on ${one.name}`, `${one.may} ${one.columns}`])),
    ).to.deep.equal(COLUMNS);
  });

  it('has roles that cannot sign in, own no table, and can become nobody', async () => {
    const found = await rows<Record<string, unknown>>(
      `select rolname as name, rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as may,
         exists (select from pg_auth_members where member = r.oid) as becomes,
         exists (select from pg_class where relowner = r.oid) as owns,
         has_schema_privilege(r.oid, 'public', 'create') as makes
       from pg_roles r where rolname like 'speakup\\_%' order by 1`,
    );
    const nothing = { may: false, becomes: false, owns: false, makes: false };
    expect(found).to.deep.equal(
      Object.keys(GRANTS)
        .sort()
        .map((name) => ({ name, ...nothing })),
    );
  });

  it('has no function that works as the owner; those that work as another role find nothing but by its own schema', async () => {
    const found = await rows<{ name: string; owner: string; settings: string[] | null; open: boolean }>(
      `select proname as name, proowner::regrole::text as owner, proconfig as settings, has_function_privilege('public', oid, 'execute') as open
       from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by 1`,
    );
    expect(Object.fromEntries(found.map(({ name, owner }) => [name, owner]))).to.deep.equal(DEFINERS);
    for (const { name, settings, open } of found) {
      // pg_temp last: else a caller's temporary table would be taken for the real one.
      expect(
        settings?.some((one) => /^search_path=(pg_catalog, )?public, pg_temp$/.test(one)),
        name,
      ).to.equal(true);
      expect(open, `${name} is for the service's roles only`).to.equal(false);
    }
  });

  it('has no view, which would read as its owner', async () => {
    expect(
      await rows(`select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace`),
    ).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { Client } from 'pg';
import { APP_ROLE } from '../../src/database/open.js';
import { allGroups, shownUsers } from '../../src/directory/sources.js';
import { findPage } from '../../src/directory/page.js';
import { type ReadScope, requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { withOwnerUrl } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { askGroups, askUsers, enterprise } from './asking.js';

const PEOPLE = 5000;
const LATELY = new Date(Date.now() - 30 * 3_600_000).toISOString();
const TABLES = ['directory_user', 'directory_group', 'membership', 'user_email'];
/** Reading more rows than this in vain is reading the tenant. */
const FEW = 100;

describe('the filters that Entra asks all the time', function () {
  this.timeout(120_000);
  let tenant: TestTenant;
  let person: Subject;
  before(async () => {
    tenant = await aTenant();
    person = await withOwnerUrl((url) => populate(url, tenant.tenant.id));
  });

  interface Question {
    readonly of: 'Users' | 'Groups';
    readonly asks: string;
    readonly filter: (of: Subject) => string;
    /** How many it finds, where it is not one. */
    readonly finds?: number;
  }
  const QUESTIONS: readonly Question[] = [
    { of: 'Users', asks: 'userName eq', filter: ({ mail }) => `userName eq "${mail.toUpperCase()}"` },
    { of: 'Users', asks: 'externalId eq', filter: ({ externalId }) => `externalId eq "${externalId}"` },
    {
      of: 'Users',
      asks: 'emails[type eq "work"].value eq',
      filter: ({ mail }) => `emails[type eq "work"].value eq "${mail}"`,
    },
    { of: 'Users', asks: 'emails.value eq', filter: ({ mail }) => `emails.value eq "${mail}"` },
    { of: 'Users', asks: 'employeeNumber eq', filter: ({ number }) => `${enterprise}:employeeNumber eq "${number}"` },
    {
      of: 'Users',
      asks: 'id eq and manager eq',
      filter: ({ id, managerId }) => `id eq "${id}" and ${enterprise}:manager eq "${managerId}"`,
    },
    { of: 'Groups', asks: 'displayName eq', filter: () => 'displayName eq "TEAM 7"' },
    { of: 'Users', asks: 'displayName eq', filter: ({ mail }) => `displayName eq "${mail}"` },
    { of: 'Users', asks: 'active eq false', filter: () => 'active eq false' },
    { of: 'Users', asks: 'meta.lastModified gt', filter: () => `meta.lastModified gt "${LATELY}"`, finds: 61 },
    { of: 'Groups', asks: 'meta.lastModified gt', filter: () => `meta.lastModified gt "${LATELY}"` },
    {
      of: 'Users',
      asks: 'manager eq',
      filter: ({ managerId }) => `${enterprise}:manager eq "${managerId}"`,
      finds: 10,
    },
    { of: 'Users', asks: 'groups eq', filter: ({ groupId }) => `groups eq "${groupId}"`, finds: 5 },
    { of: 'Groups', asks: 'members eq', filter: ({ id }) => `members eq "${id}"` },
    { of: 'Groups', asks: 'members[value eq]', filter: ({ id }) => `members[value eq "${id}"]` },
    {
      of: 'Groups',
      asks: 'id eq and members eq',
      filter: ({ id, groupId }) => `id eq "${groupId}" and members eq "${id}"`,
    },
  ];
  for (const { of, asks, filter, finds = 1 } of QUESTIONS) {
    it(`reads no table from end to end for ${of} ${asks}`, async () => {
      const { rows, faults, lines } = await explained(tenant, of, filter(person));
      expect(rows, lines).to.equal(finds);
      expect(faults, lines).to.deep.equal([]);
    });
  }

  it('reads no table from end to end for the shortest way to a userName', async () => {
    const { pool } = tenant.server.deps.db;
    const client = await pool.connect();
    // What the connection did before may not be counted elsewhere yet.
    const scans = async () =>
      (await client.query('select relname, seq_scan from pg_stat_xact_user_tables where relname = any ($1)', [TABLES]))
        .rows;
    try {
      await client.query('begin');
      const before = await scans();
      const { rows } = await client.query('select * from user_by_user_name($1, $2)', [tenant.tenant.id, person.mail]);
      expect(rows).to.have.length(1);
      expect(await scans()).to.have.deep.members(before);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('reads the groups of a page by the plan of the page, not by a function for each person', async () => {
    const { lines } = await explained(tenant, 'Users', 'active eq false');
    expect(lines).to.match(/Index (Only )?Scan using membership_user on membership/);
  });

  it('starts no processes and compiles no code to count, though statistics may make it expect millions', async () => {
    const client = await tenant.server.deps.db.pool.connect();
    try {
      await client.query(`begin; set local app.tenant = '${tenant.tenant.id}'`);
      // Everything that makes PostgreSQL hesitate.
      for (const name of [
        'parallel_setup_cost',
        'parallel_tuple_cost',
        'min_parallel_index_scan_size',
        'jit_above_cost',
      ])
        await client.query(`set local ${name} = 0`);
      await client.query('set local min_parallel_table_scan_size = 0');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        'explain (analyze) select count(*) from directory_user',
      );
      const lines = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(lines).to.not.match(/Gather|Workers|JIT/);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('would be told of a filter that no index serves', async () => {
    const { faults } = await explained(tenant, 'Users', 'title eq "Inkoper 7"');
    expect(faults).to.not.be.empty;
  });
});

interface Explained {
  readonly rows: number;
  readonly faults: readonly string[];
  /** The plan, to be shown when it is wrong. */
  readonly lines: string;
}

/** The plan of the list's statement, as the application's role in the tenant. */
async function explained({ server, tenant }: TestTenant, of: 'Users' | 'Groups', filter: string): Promise<Explained> {
  const { text, params } = await statementOf(tenant.id, tenant.slug, of, filter);
  const client = await server.deps.db.pool.connect();
  try {
    await client.query(`begin; set local app.tenant = '${tenant.id}'`);
    const { rows: roles } = await client.query<{ role: string }>('select current_user as role');
    expect(roles[0]?.role).to.equal(APP_ROLE);
    const { rows } = await client.query(text, params);
    // Prepared, because a statement that is explained with its values at once gets another plan than one that is run.
    await client.query(`prepare asked as ${text}`);
    const values = params.map((value) => client.escapeLiteral(String(value))).join(', ');
    const plan = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) execute asked (${values})`);
    const lines = plan.rows.map((row) => row['QUERY PLAN']);
    return { rows: rows.length, faults: faultsIn(lines), lines: `${text}\n${lines.join('\n')}` };
  } finally {
    await client.query('rollback; deallocate all');
    client.release(true);
  }
}

interface Sent {
  readonly text: string;
  readonly params: unknown[];
}

/** The statement that a list request takes, caught on its way to the database. */
async function statementOf(tenantId: string, slug: string, of: 'Users' | 'Groups', filter: string): Promise<Sent> {
  const sent: Sent[] = [];
  const scope: ReadScope = {
    actor: systemActor(tenantId, slug),
    tenantId,
    request: requestContext(),
    send: ({ text }, params) => {
      sent.push({ text, params: [...params] });
      return Promise.resolve([]);
    },
  };
  const request = { sort: [], withDeleted: false, offset: 0, limit: 100 };
  if (of === 'Users') await findPage(scope, shownUsers, { ...request, filter: askUsers(filter) });
  else await findPage(scope, allGroups, { ...request, filter: askGroups(filter) });
  const [statement] = sent;
  if (!statement) throw new Error('nothing was sent');
  return statement;
}

/** A table read from end to end; an index that is used, but thrown away again for most rows, is the same. */
function faultsIn(lines: readonly string[]): string[] {
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.slice(1, 2) ?? []);
  const scanned = found(/Seq Scan on (\w+)/).filter((table) => TABLES.includes(table));
  const removed = found(/Rows Removed by (?:Filter|Index Recheck): (\d+)/).filter((rows) => Number(rows) > FEW);
  return [...scanned, ...removed.map((rows) => `${rows} rows in vain`)];
}

/** A person somewhere in the middle. */
interface Subject {
  readonly id: string;
  readonly mail: string;
  readonly externalId: string;
  readonly number: string;
  readonly managerId: string;
  readonly groupId: string;
}

const INSERT_PEOPLE = `with person as materialized (
    select n, uuid_v7() as id, 'person.' || n || '@werk.example' as mail from generate_series(1, $2::int) n)
  insert into directory_user
    (tenant_id, id, origin, status, external_id, user_name, user_name_key, match_email_key, title, emails,
     employee_number, employee_number_key, display_name, display_name_key, manager_id, manager_value, manager_key,
     version, created_at, updated_at)
  select $1::uuid, p.id, 'SCIM', case p.n when 2500 then 'DEACTIVATED' else 'ACTIVE' end, 'entra-' || p.n, p.mail, p.mail,
    p.mail, 'Inkoper ' || p.n, jsonb_build_array(jsonb_build_object('type', 'work', 'value', p.mail)), 'E-' || p.n,
    'e-' || p.n, p.mail, p.mail, m.id, m.id, m.id, 1, now(), now() - abs(p.n - 2500) * interval '1 hour'
  from person p left join person m on m.n = p.n / 10`;

const INSERT_KEYS = `insert into user_email (tenant_id, key, user_id)
  select tenant_id, match_email_key, id from directory_user where tenant_id = $1`;

const INSERT_GROUPS = `insert into directory_group (tenant_id, id, origin, display_name, display_name_key, version, created_at, updated_at)
  select $1, uuid_v7(), 'SCIM', 'Team ' || n, 'team ' || n, 1, now(), now() - n * interval '1 day'
  from generate_series(1, 1000) n`;

const INSERT_MEMBERS = `insert into membership (tenant_id, group_id, user_id, added_at)
  select $1, g.id, u.id, now() from directory_group g, directory_user u
  where g.tenant_id = $1 and u.tenant_id = $1 and substr(u.external_id, 7)::int % 1000 = substr(g.display_name, 6)::int % 1000`;

const SUBJECT = `select u.id, u.user_name as mail, u.external_id as "externalId", u.employee_number as number,
    u.manager_id as "managerId", m.group_id as "groupId"
  from directory_user u join membership m on m.tenant_id = u.tenant_id and m.user_id = u.id
  where u.tenant_id = $1 and u.external_id = 'entra-2500'`;

async function populate(url: string, tenantId: string): Promise<Subject> {
  const owner = new Client(url);
  await owner.connect();
  try {
    // An owner who is no superuser is behind the wall too.
    await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
    await owner.query(INSERT_PEOPLE, [tenantId, PEOPLE]);
    for (const text of [INSERT_KEYS, INSERT_GROUPS, INSERT_MEMBERS]) await owner.query(text, [tenantId]);
    await owner.query(`analyze ${TABLES.join(', ')}`);
    const { rows } = await owner.query<Subject>(SUBJECT, [tenantId]);
    if (!rows[0]) throw new Error('nobody is there');
    return rows[0];
  } finally {
    await owner.end();
  }
}

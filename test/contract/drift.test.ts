import { MikroORM } from '@mikro-orm/postgresql';
import { expect } from 'chai';
import { Client } from 'pg';
import { ownerOptions } from '../../src/database/open.js';
import { withOwnerUrl } from '../support/owner.js';

// Entities hold keys, not relations: a relation would own the tenant's column a second time. So MikroORM would drop
// the foreign keys, which are the migrations' alone: exactly these, each of them led by the tenant.
const FOREIGN_KEYS = [
  'change_record_tenant_fkey (tenant_id)',
  'deactivation_brake_tenant_fkey (tenant_id)',
  'deactivation_held_user_fkey (tenant_id, user_id)',
  'directory_group_tenant_fkey (tenant_id)',
  'directory_user_manager_fkey (tenant_id, manager_id)',
  'directory_user_tenant_fkey (tenant_id)',
  'federated_credential_integration_fkey (tenant_id, integration_id)',
  'integration_secret_integration_fkey (tenant_id, integration_id)',
  'integration_tenant_fkey (tenant_id)',
  'membership_group_fkey (tenant_id, group_id)',
  'membership_user_fkey (tenant_id, user_id)',
  'provisioning_entry_tenant_fkey (tenant_id)',
  'sign_in_lock_user_fkey (tenant_id, user_id)',
  'used_assertion_integration_fkey (tenant_id, integration_id)',
];

// Triggers, too, are the migrations' alone: they keep the hours of changes, and tell other processes whose access has
// changed. MikroORM would have a function for each; these share two.
const TRIGGERS = [
  'directory_group_changed on directory_group',
  'directory_group_made on directory_group',
  'directory_user_changed on directory_user',
  'directory_user_made on directory_user',
  'directory_user_tells on directory_user',
  'integration_tells on integration',
  'integration_secret_tells on integration_secret',
  'sign_in_lock_tells on sign_in_lock',
  'tenant_tells on tenant',
];

describe('entities and migrations', () => {
  it('agree on every table, column, index, check and policy', async () => {
    const difference = await withOwnerUrl(async (url) => {
      const orm = await MikroORM.init(ownerOptions(url));
      try {
        return await orm.schema.getUpdateSchemaSQL({ wrap: false, safe: false, dropTables: false });
      } finally {
        await orm.close();
      }
    });
    const lines = difference.split('\n').filter((line) => line !== '');
    const keys = FOREIGN_KEYS.map((key) => `drop constraint "${nameOf(key)}";`);
    const triggers = TRIGGERS.map((trigger) => `drop trigger if exists "${nameOf(trigger)}"`);
    const functions = TRIGGERS.map((trigger) => `_${nameOf(trigger)}_fn"();`);
    const expected = (line: string) =>
      [...keys, ...functions].some((end) => line.endsWith(end)) || triggers.some((start) => line.startsWith(start));
    expect(lines.filter((line) => !expected(line))).to.deep.equal([]);
    expect(lines.length).to.equal(FOREIGN_KEYS.length + 2 * TRIGGERS.length);
  });

  it('lead every foreign key and every primary key of a tenant’s table with the tenant', async () => {
    const keys = await withOwnerUrl(async (url) => {
      const client = new Client(url);
      await client.connect();
      try {
        const { rows } = await client.query<{ kind: string; text: string }>(
          `select contype as kind, conname || ' ' || substring(pg_get_constraintdef(c.oid) from '\\([^)]*\\)') as text
           from pg_constraint c where contype in ('f', 'p') and connamespace = 'public'::regnamespace
             and exists (select from pg_attribute a where a.attrelid = conrelid and a.attname = 'tenant_id')`,
        );
        return rows;
      } finally {
        await client.end();
      }
    });
    const foreign = keys.filter(({ kind }) => kind === 'f').map(({ text }) => text);
    expect(foreign.sort()).to.deep.equal(
      [
        ...FOREIGN_KEYS,
        'group_word_group_fkey (tenant_id, group_id)',
        'user_email_user_fkey (tenant_id, user_id)',
      ].sort(),
    );
    expect(keys.filter(({ text }) => !text.includes('(tenant_id'))).to.deep.equal([]);
  });
});

const nameOf = (text: string): string => text.split(' ')[0] ?? '';

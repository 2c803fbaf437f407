// Migrations are plain SQL in schema/postgres, run in order by MikroORM's migrator. They are written by hand and never
// edited after a release; a test holds entities and migrations together.
import { Migration } from '@mikro-orm/migrations';
import { type MigrationObject } from '@mikro-orm/core';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../projectRoot.js';

/** Every file of schema/postgres as a migration of the same name, in the order of their numbers. */
export function sqlMigrations(): MigrationObject[] {
  const folder = join(projectRoot(), 'schema', 'postgres');
  return readdirSync(folder)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      name: file.replace(/\.sql$/, ''),
      class: migrationOf(readFileSync(join(folder, file), 'utf8')),
    }));
}

const migrationOf = (sql: string) =>
  class extends Migration {
    override up(): void {
      this.addSql(sql);
    }
  };

// user import: people made in SpeakUp from a file, so that there is somebody for provisioning to take over.
import { type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { requestContext, writeIn } from '../directory/scope.js';
import { checkImport, importUsers, type LineMistake } from '../directory/user/importUsers.js';
import { EXIT } from '../exit.js';
import { Refusal } from '../refusal.js';
import { atWork, operatorIn } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { COLUMNS, type PeopleFile, readPeopleFile } from './peopleFile.js';
import { print } from './print.js';

interface Options {
  readonly tenant: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function userImport(parent: Command): void {
  parent
    .command('import')
    .description(
      `Makes people of origin SPEAKUP from a CSV file in UTF-8: all of them, or none when a line is wrong. Columns: ${COLUMNS.join(', ')}.`,
    )
    .argument('<file>', 'the file; its first line names the columns')
    .addOption(tenantOption())
    .option('--dry-run', 'only say what would be done')
    .addOption(jsonOption())
    .action(importFile);
}

async function importFile(path: string, { tenant, dryRun = false, json }: Options): Promise<void> {
  const file = readPeopleFile(await bytesOf(path));
  const mistakes = await importInto(tenant, file, dryRun);
  const imported = dryRun || mistakes.length > 0 ? 0 : file.people.length;
  const people = file.people.length + file.mistakes.length;
  if (mistakes.length > 0) {
    process.exitCode = EXIT.failed;
    if (!json) console.error(mistakes.map(inWords).join('\n'));
  }
  print(json, { dryRun, people, imported, errors: mistakes }, summary({ dryRun, people, imported, mistakes }));
}

/** What is wrong; nothing is written when anything is. */
function importInto(slug: string, { people, mistakes }: PeopleFile, dryRun: boolean): Promise<readonly LineMistake[]> {
  return atWork(async (deps) => {
    const actor = await operatorIn(slug, deps);
    return writeIn(deps.db, actor, requestContext(), async (scope) => {
      const all = [...mistakes, ...(await checkImport(scope, people))].sort((a, b) => a.line - b.line);
      if (all.length === 0 && !dryRun) await importUsers(scope, people);
      return () => all;
    });
  });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Refusal('notFound', `The file cannot be read: ${(error as Error).message}`);
  }
}

const inWords = ({ line, column, message }: LineMistake): string =>
  `Line ${line}${column === null ? '' : `, ${column}`}: ${message}`;

interface Outcome {
  readonly dryRun: boolean;
  readonly people: number;
  readonly imported: number;
  readonly mistakes: readonly LineMistake[];
}

function summary({ dryRun, people, imported, mistakes }: Outcome): string {
  if (mistakes.length > 0) return `Nothing was imported: ${mistakes.length} lines are wrong.`;
  return dryRun ? `${people} people would be imported; nothing is wrong.` : `${imported} people are imported.`;
}

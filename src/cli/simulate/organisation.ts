// simulate organisation: makes up the people and groups of an Entra ID tenant.
import { type Command } from 'commander';
import { type OrganisationWanted, generateOrganisation } from '../../simulator/organisation/generate.js';
import { writeOrganisation } from '../../simulator/organisation/file.js';
import { jsonOption } from '../options.js';
import { print } from '../print.js';
import { locales, whole } from './options.js';
import { ending } from './outcome.js';

interface Options extends OrganisationWanted {
  readonly out: string;
  readonly locale: OrganisationWanted['locales'];
  readonly json?: boolean;
}

/** Adds the command. */
export function simulateOrganisation(parent: Command): void {
  parent
    .command('organisation')
    .description(
      'Makes up people, managers and security groups, and writes them to a file. The same seed makes the same.',
    )
    .option('--people <number>', 'how many people', whole(1, 1_000_000), 250)
    .option('--groups <number>', 'how many security groups', whole(0, 100_000), 24)
    .option('--seed <number>', 'where chance begins', whole(0, 999_999_999), 42)
    .option('--locale <languages>', "languages of people's names and addresses", locales, locales('nl,de,en'))
    .option('--dirt', 'also duplicate e-mail addresses, managers that are not there, managers in a circle')
    .requiredOption('--out <file>', 'the file to write')
    .addOption(jsonOption())
    .action(ending(make));
}

async function make({ out, locale, json, ...wanted }: Options): Promise<void> {
  const organisation = await generateOrganisation({ ...wanted, locales: locale });
  await writeOrganisation(out, organisation);
  const { people, groups } = organisation;
  const memberships = [...groups.values()].reduce((sum, { members }) => sum + members.size, 0);
  const made = { file: out, people: people.size, groups: groups.size, memberships };
  print(json, made, `${people.size} people and ${groups.size} groups with ${memberships} members are in ${out}.`);
}

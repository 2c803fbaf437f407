// `npm run schema:breaking [-- COMMIT]`: names what breaks for users of the GraphQL schema since a commit, HEAD unless one
// is named. Exit code 1 when something breaks, 2 when the commit has no schema.
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { projectRoot } from '../src/projectRoot.js';
import { schemaChanges } from './breakingChanges.js';
import { contracts } from './contracts.js';

const FILE = 'graphql/directory.graphql';
const [commit = 'HEAD'] = process.argv.slice(2);
const { status, stdout, stderr } = spawnSync('git', ['show', `${commit}:schema/${FILE}`], {
  cwd: projectRoot(),
  encoding: 'utf8',
});
if (status !== 0) {
  console.error(`${commit} has no schema/${FILE}: ${stderr.trim()}`);
  process.exit(2);
}
const { breaking, dangerous } = schemaChanges(stdout, contracts()[FILE] ?? '');
for (const change of breaking) console.log(`breaks: ${change}`);
for (const change of dangerous) console.log(`careful: ${change}`);
if (breaking.length + dangerous.length === 0) console.log(`Nothing breaks since ${commit}.`);
process.exitCode = breaking.length > 0 ? 1 : 0;

// `npm test [files]`: runs mocha with the Node this project brings, and ends with `N passed, N failed`. With `--deep` only
// what compares the service with a second reading of the rules (`*.oracle.test.ts`), and many more runs of that.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const mocha = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const deep = process.argv.includes('--deep');
const given = process.argv.slice(2).filter((argument) => argument !== '--deep');
const files = given.length > 0 ? given : [deep ? 'test/**/*.oracle.test.ts' : 'test/**/*.test.ts'];
const env = deep ? { ...process.env, TEST_DEEP: '1' } : process.env;
const result = spawnSync(process.execPath, [mocha, ...files], { stdio: 'inherit', env });
process.exit(result.status ?? 1);

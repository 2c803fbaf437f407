// `npm test [files]`: runs mocha with the Node this project brings, and ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const mocha = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const given = process.argv.slice(2);
const files = given.length > 0 ? given : ['test/**/*.test.ts'];
const result = spawnSync(process.execPath, [mocha, ...files], { stdio: 'inherit' });
process.exit(result.status ?? 1);

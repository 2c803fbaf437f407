// `node scripts/securityFloor.mjs [package-lock.json]`: refuses what `security-floor.json` names as broken, in any place
// of the lock file, and packages that nothing vouches for. Exit code 1 when it finds some. Works offline.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const besides = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

const { atLeast, never } = read(besides('security-floor.json'));
const { packages } = read(process.argv[2] ?? besides('package-lock.json'));
const installed = Object.entries(packages).filter(([place]) => place !== '');

const mistakes = installed.flatMap(([place, { name = place.replace(/^.*node_modules\//, ''), version, integrity }]) => {
  const floor = atLeast[name];
  const refused = never[name] ?? never[`${name}@${version}`];
  return [
    ...(floor && isLower(version, floor.version) ? [`is lower than ${floor.version} (${floor.why})`] : []),
    ...(refused ? [`may not be used (${refused})`] : []),
    ...(/^sha512-/.test(integrity ?? '') ? [] : ['has no sha512 integrity']),
  ].map((mistake) => `${place} ${version} ${mistake}`);
});

for (const mistake of mistakes) console.error(mistake);
console.log(`${installed.length} packages, ${mistakes.length} refused`);
process.exitCode = mistakes.length > 0 ? 1 : 0;

/** Whether a version comes before another: SemVer section 11, a version before its release being lower than it. */
function isLower(version, least) {
  const [numbers, floor] = [version, least].map((text) => text.split(/[-+]/)[0].split('.').map(Number));
  const differs = floor.findIndex((number, at) => number !== numbers[at]);
  return differs < 0 ? /-/.test(version.split('+')[0]) : !(numbers[differs] > floor[differs]);
}

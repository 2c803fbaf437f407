// What reading a filter costs, of those Entra sends: text to tokens to filter to resolved filter. Processor time, so that
// what else the machine does counts little. Run by `npx tsx test/bench/parse.ts`.
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { type ResourceType } from '../../src/attribute/resourceType.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { resolveFilter } from '../../src/filter/resolveFilter.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ID = '0190a5c2-7b1e-7c3d-8e4f-1a2b3c4d5e6f';

const FILTERS: readonly (readonly [ResourceType, string])[] = [
  [userType, 'userName eq "mara.vos@fabriek.example"'],
  [userType, 'externalId eq "mvos"'],
  [userType, 'emails[type eq "work"].value eq "mara.vos@fabriek.example"'],
  [userType, `id eq "${ID}" and manager eq "${ID}"`],
  [userType, `id eq "${ID}" and ${ENTERPRISE}:manager eq "${ID}"`],
  [groupType, `id eq "${ID}" and members eq "${ID}"`],
  [groupType, 'displayName eq "Inkoop Noord"'],
];

const GOAL = 20;
const WARM_UP = 20_000;
const TIMES = 50_000;
const ROUNDS = 5;

/** As profile ENTRA reads it. */
function read(type: ResourceType, text: string, times: number): void {
  const used = new Set<string>();
  const note = (leniency: string) => void used.add(leniency);
  for (let time = 0; time < times; time += 1) {
    resolveFilter(parseFilter(text, { unquotedStrings: true, note }), type, { shortNames: true, note });
  }
}

/** Microseconds of this process for one filter: the median of some rounds. */
function cost(type: ResourceType, text: string): number {
  read(type, text, WARM_UP);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    read(type, text, TIMES);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / TIMES;
  });
  return rounds.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? Infinity;
}

for (const [type, text] of FILTERS) {
  const microseconds = cost(type, text);
  const verdict = microseconds < GOAL ? 'within' : 'above';
  console.log(`${microseconds.toFixed(2).padStart(7)} µs  ${verdict} ${GOAL} µs  ${text}`);
}

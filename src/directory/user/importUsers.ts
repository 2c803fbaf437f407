// Makes many people of origin SPEAKUP at once: all of them, or none where any of them cannot be made.
import { type Values } from '../../attribute/change.js';
import { FieldRefusal } from '../fieldRefusal.js';
import { type ReadScope, type WriteScope } from '../scope.js';
import { keysOf, matchKeys, soughtKeys } from './matching.js';
import { peopleByKeys } from './peopleByKeys.js';
import { provisionUser } from './provisionUser.js';
import { takenBy } from './localUser.js';

export interface ImportedPerson {
  /** Where the person stands in the file. */
  readonly line: number;
  readonly values: Values;
}

export interface LineMistake {
  readonly line: number;
  /** Null where no column is to blame alone. */
  readonly column: string | null;
  readonly message: string;
}

/** Who of these cannot be made: taken by somebody here, or by an earlier line. */
export async function checkImport(
  scope: ReadScope,
  people: readonly ImportedPerson[],
): Promise<readonly LineMistake[]> {
  const here = await takenKeys(scope, people);
  const earlier = new Map<string, number>();
  return people.flatMap(({ line, values }) => {
    const wrong = mistakeOf(values, here, earlier);
    for (const key of soughtKeys(matchKeys(values))) if (!earlier.has(key)) earlier.set(key, line);
    return wrong ? [{ line, ...wrong }] : [];
  });
}

/** Makes them. The caller has checked them in the same scope; whoever came between is refused as a whole. */
export async function importUsers(scope: WriteScope, people: readonly ImportedPerson[]): Promise<void> {
  for (const { line, values } of people) {
    const { how } = await provisionUser(scope, values, 'SPEAKUP');
    if (how !== 'CREATED') throw new FieldRefusal('TAKEN', [], `Line ${line}: somebody else just made this person.`);
  }
}

function mistakeOf(
  values: Values,
  here: ReadonlySet<string>,
  earlier: ReadonlyMap<string, number>,
): Omit<LineMistake, 'line'> | undefined {
  const { userName, email } = matchKeys(values);
  for (const [column, key] of [['userName', userName] as const, ['email', email] as const]) {
    if (key === null) continue;
    if (here.has(key)) return { column, message: takenBy(key) };
    const line = earlier.get(key);
    if (line !== undefined) return { column, message: `"${key}" stands in line ${line} already.` };
  }
  return undefined;
}

async function takenKeys(scope: ReadScope, people: readonly ImportedPerson[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(people.flatMap(({ values }) => soughtKeys(matchKeys(values))));
  return new Set((await peopleByKeys(scope, [...wanted])).flatMap(keysOf));
}

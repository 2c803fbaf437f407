// The threats that were thought of, by number: each that applies has a test whose title says its number. I: tenant
// isolation. S: SCIM. G: GraphQL. T: the token endpoint, J: tokens.
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';

/** How many of each kind there are. */
const THREATS = { I: 13, S: 22, G: 10, T: 10, J: 11 } as const;

/** Those that need no test, and why. */
const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  G9: "It is a hole of Apollo's standalone server, which is not used here; bodies are read by our own code.",
  G10: 'Small numbers are not hidden from analysts, because an analyst may read each person anyway (roles, section 7 of the contract).',
};

const folder = join(projectRoot(), 'test');
const texts = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'));

/** Numbers at the beginning of titles, also of those that are made from a table. */
const tested = new Set(
  texts.flatMap((text) =>
    [...text.matchAll(/['"`]((?:[TJISG]\d+)(?:, [TJISG]\d+)*): /g)].flatMap(([, numbers = '']) => numbers.split(', ')),
  ),
);

describe('the threats', () => {
  const all = Object.entries(THREATS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, at) => `${kind}${at + 1}`),
  );

  it('that apply have a test with their number each', () => {
    expect(all.filter((number) => !tested.has(number) && !(number in NOT_APPLICABLE))).to.deep.equal([]);
  });

  it('that do not apply are listed with a reason', () => {
    for (const [number, why] of Object.entries(NOT_APPLICABLE)) {
      expect(all).to.include(number);
      expect(why).to.match(/^[A-Z].{40,}\.$/);
    }
  });
});

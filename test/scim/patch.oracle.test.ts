// PATCH against a second, separately written reading of RFC 7644 section 3.5.2 and SPEC.md: what succeeds, what is stored,
// what is refused and how, and when the version moves. Where the documents leave a choice, the interpreter says so.
import { expect } from 'chai';
import { DEEP, runsOf, SEED } from '../support/property.js';
import { BROKEN } from './patchOracle/broken.js';
import { agree, firstDisagreement } from './patchOracle/chain.js';
import { subjectsOf } from './patchOracle/subject.js';

const RUNS = runsOf({ usual: 5000, deep: 100_000 });

/** Tenants at once, each with a resource of its own. */
const WORKERS = 3;

describe(`PATCH, read twice (seed ${SEED})`, function () {
  this.timeout(DEEP ? 7_200_000 : 240_000);

  for (const profile of ['ENTRA', 'RFC'] as const) {
    for (const [of, share] of [
      ['user', 0.35],
      ['group', 0.15],
    ] as const) {
      it(`does to a ${of} what the documents say, in profile ${profile}`, async () => {
        const runs = Math.ceil((RUNS * share) / WORKERS);
        const succeeded = await Promise.all(
          Array.from({ length: WORKERS }, async (_, worker) =>
            agree((await subjectsOf(profile))[of], { runs, seed: SEED + worker }),
          ),
        );
        // A generator whose requests are all refused, or never, would prove little.
        const portion = succeeded.reduce((sum, one) => sum + one, 0) / (runs * WORKERS);
        expect(portion, 'the portion of requests that succeeded').to.be.within(0.25, 0.75);
      });
    }
  }

  describe('would be seen if the service', () => {
    for (const { what, of, wire } of BROKEN) {
      it(what, async () => {
        const subject = (await subjectsOf('ENTRA'))[of];
        const seen = await firstDisagreement({ ...subject, wire: wire(subject.wire) }, { runs: 300, seed: SEED });
        expect(seen, 'a disagreement within 300 requests').to.not.equal(undefined);
      });
    }
  });
});

// `npm run test:walk`: the whole walk, as figures; `npm run test:walk -- 3000`: so many of it. TEST_SEED repeats a choice.
// Ends with 1 where something leaked or failed.
import 'reflect-metadata';
import { stopEverything, theServer } from '../../support/server.js';
import { SEED } from '../../support/property.js';
import { allProbes, everyOne, sampleOf } from './probes.js';
import { prepare, walk } from './walk.js';

const started = performance.now();
try {
  const ground = await prepare(await theServer());
  const every = await allProbes(ground.there.tenant);
  const probes = process.argv[2] ? sampleOf(every, Number(process.argv[2]), SEED) : everyOne(every);
  const { leaks, faults, live, reads, byStatus } = await walk(ground, probes);
  for (const leak of leaks.slice(0, 50)) console.error(leak);
  for (const fault of faults.slice(0, 50)) console.error(fault);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log({
    seed: SEED,
    probes: probes.length,
    leaks: leaks.length,
    faults: faults.length,
    reads,
    live,
    byStatus,
    seconds,
  });
  process.exitCode = leaks.length + faults.length > 0 ? 1 : 0;
} finally {
  await stopEverything();
}

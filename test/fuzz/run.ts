// `npm run fuzz [-- --requests 100000] [-- --seed N] [-- --scene K] [-- --json]`: mutated requests against a running
// service. Exit code 1 when something was found, 2 for wrong usage.
import { parseArgs } from 'node:util';
import { attack } from './attack.js';
import { closeAll, setService, type Closers } from './service.js';
import { summaryOf } from './summary.js';

const MOST_MINUTES = 20;
/** What is left of the time for looking again and taking down. */
const LAST_MINUTES = 4;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    scene: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const numbers = [options.requests, options.seed, options.scene ?? '0'].map(Number);
if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error('--requests, --seed and --scene are whole numbers.');
  process.exit(2);
}
const [requests = 0, seed = 0, scene] = numbers;
const say = (text: string): void => (options.json ? console.error(text) : console.log(text));

const closers: Closers = [];
const deadline = performance.now() + (MOST_MINUTES - LAST_MINUTES) * 60_000;
const watchdog = setTimeout(() => void abandon(`stopped after ${MOST_MINUTES} minutes`), MOST_MINUTES * 60_000);
process.once('SIGINT', () => void abandon('interrupted')).once('SIGTERM', () => void abandon('interrupted'));
try {
  say(`… seed ${seed}: starting the service`);
  const service = await setService(closers);
  const result = await attack(service, {
    requests,
    seed,
    scene: options.scene === undefined ? undefined : scene,
    deadline,
    say,
  });
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else say(summaryOf(result).join('\n'));
  process.exitCode = result.reports.length + result.confirmed.length > 0 ? 1 : 0;
} finally {
  clearTimeout(watchdog);
  await closeAll(closers);
}

async function abandon(why: string): Promise<void> {
  console.error(`The run was ${why}.`);
  await closeAll(closers);
  process.exit(1);
}

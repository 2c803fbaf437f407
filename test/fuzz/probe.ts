// Loaded into the service before it starts (`--import`): tells over a socket how its process is. Imports nothing but
// Node's own, and has no syntax that Node could not strip.
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface ProbeReport {
  /** The longest the event loop was held since the last report, in ms. */
  readonly heldMs: number;
  /** The most the loop's own thread computed in one go, in ms: on a crowded machine a loop is held by others too. */
  readonly busyMs: number;
  /** Members that somebody added to the prototypes of everything; they are removed again. */
  readonly polluted: readonly string[];
  readonly heapMiB: number;
  readonly externalMiB: number;
  readonly rssMiB: number;
}

const address = process.env.FUZZ_PROBE;
// Programs that the service starts inherit its options.
if (address !== undefined && /scripts\/run\.mjs$/.test(process.argv[1] ?? '')) listen(address);

function listen(path: string): void {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const busy = { last: cpuMs(), mostMs: 0 };
  setInterval(() => {
    const now = cpuMs();
    busy.mostMs = Math.max(busy.mostMs, now - busy.last);
    busy.last = now;
  }, 5).unref();
  const known = prototypes().map(([, prototype]) => Object.getOwnPropertyDescriptors(prototype));
  const polluted = () =>
    prototypes().flatMap(([name, prototype], n) =>
      Reflect.ownKeys(prototype).flatMap((key) => {
        const was = Object.getOwnPropertyDescriptor(known[n], key)?.value as PropertyDescriptor | undefined;
        if (was && was.value === Object.getOwnPropertyDescriptor(prototype, key)?.value) return [];
        if (was) Reflect.defineProperty(prototype, key, was);
        else Reflect.deleteProperty(prototype, key);
        return [`${name}.${String(key)}`];
      }),
    );
  rmSync(path, { force: true });
  createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => socket.destroy());
    socket.on('data', (order: string) => {
      const heldMs = delay.max / 1e6;
      if (order.includes('collect')) (globalThis as { gc?: () => void }).gc?.();
      const { heapUsed, external, rss } = process.memoryUsage();
      const MiB = (bytes: number) => Math.round((bytes / 2 ** 20) * 10) / 10;
      const report: ProbeReport = {
        heldMs: Number.isFinite(heldMs) ? Math.round(heldMs) : 0,
        busyMs: Math.round(busy.mostMs),
        polluted: polluted(),
        heapMiB: MiB(heapUsed),
        externalMiB: MiB(external),
        rssMiB: MiB(rss),
      };
      socket.write(`${JSON.stringify(report)}\n`);
      // Later than the sample that sees the collection, which held the loop by order of the test.
      setTimeout(() => {
        delay.reset();
        busy.mostMs = 0;
      }, 20).unref();
    });
  })
    .listen(path)
    .unref();
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function prototypes(): readonly (readonly [string, object])[] {
  return [
    ['Object.prototype', Object.prototype],
    ['Array.prototype', Array.prototype],
    ['Function.prototype', Function.prototype],
    ['String.prototype', String.prototype],
    ['Object', Object],
  ];
}

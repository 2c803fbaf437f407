// A run's result for people.
import { type Result } from './attack.js';

/** Lines: findings first, figures last. */
export function summaryOf(result: Result): string[] {
  const { seed, reports, confirmed, kinds, memory, statuses } = result;
  const live = ({ heapMiB, externalMiB }: Result['memory']['base']) => (heapMiB + externalMiB).toFixed(1);
  return [
    ...reports.flatMap(({ faults, scene, base, mutations, isReproduced, history, request }) => [
      `\n── ${faults.join('; ')}`,
      `   npm run fuzz -- --seed ${seed} --scene ${scene}   (${base}; ${mutations.join(', ') || 'not mutated'})`,
      isReproduced ? '   reduced to:' : '   as it was sent; it was not seen again in a fresh tenant:',
      ...history.map((before) => indented(`before: ${before}`)),
      indented(request),
    ]),
    ...confirmed.flatMap(({ fault, request }) => [
      `\n── ${fault}`,
      ...(request === undefined ? [] : [indented(request)]),
    ]),
    '',
    ...Object.entries(kinds).map(([kind, times]) => `${times} × ${kind}`),
    `${result.requests} requests in ${result.seconds} s with seed ${seed}; statuses: ${Object.entries(statuses)
      .map(([status, times]) => `${status} ${times}`)
      .join(', ')}`,
    `slowest ${result.slowestMs} ms (${result.slowAtFirst} above a second in the crowd); event loop held ${result.heldMs} ms at most, ${result.busyMs} ms of it by its own work (${result.heldAtFirst} times too long in the crowd)`,
    `memory in use ${live(memory.base)} MiB after the warm-up, ${live(memory.end)} MiB in the end; resident ${memory.peakMiB} MiB at most`,
    `${reports.length + confirmed.length} findings`,
  ];
}

const indented = (text: string): string => text.replace(/^/gm, '      ');

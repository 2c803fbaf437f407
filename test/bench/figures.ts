// From measurements to figures: quantiles, ratios and the table.

export interface SideFigures {
  readonly side: string;
  /** Median over the windows. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU microseconds per operation of the server's process tree. */
  readonly cpuMicros: number;
  /** The same of its PostgreSQL backends. */
  readonly postgresMicros: number;
  /** MiB, the most within the case. */
  readonly peakMemory: number;
  /** Of one answer. */
  readonly bytes: number;
}

export interface CaseFigures {
  readonly name: string;
  /** The service and the bare program, or whatever is compared. */
  readonly sides: readonly [SideFigures, SideFigures];
  /** The rate of the first by that of the second: median of the pairs. */
  readonly ratio: number;
  /** Of each pair. */
  readonly ratios: readonly number[];
}

export interface Verdict {
  readonly target: string;
  readonly figure: string;
  readonly met: boolean;
}

/** The value below which a share `q` of the values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const COLUMNS = [
  'case',
  'side',
  'ops/s',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'CPU µs/op',
  'PG µs/op',
  'peak MiB',
  'bytes',
  'ratio',
];

/** The table, for people. */
export function tableOf(cases: readonly CaseFigures[]): string {
  const rows = cases.flatMap(({ name, sides: [first, second], ratio, ratios }) => [
    [name, ...cells(first), `${ratio.toFixed(2)}  (${ratios.map((one) => one.toFixed(2)).join(' ')})`],
    ['', ...cells(second), ''],
  ]);
  const widths = COLUMNS.map((column, n) => Math.max(column.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, n) =>
        n < 2 || n === COLUMNS.length - 1 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0),
      )
      .join('  ');
  return [COLUMNS, ...rows].map((row) => line(row).trimEnd()).join('\n');
}

const cells = (side: SideFigures): string[] => [
  side.side,
  side.perSecond.toFixed(0),
  side.p50.toFixed(2),
  side.p95.toFixed(2),
  side.p99.toFixed(2),
  side.cpuMicros.toFixed(0),
  side.postgresMicros.toFixed(0),
  side.peakMemory.toFixed(0),
  side.bytes.toFixed(0),
];

/** The line of a target. */
export const verdictLine = ({ target, figure, met }: Verdict): string =>
  `${met ? 'met   ' : 'MISSED'}  ${target}: ${figure}`;

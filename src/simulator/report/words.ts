// The report for people.
import { type Difference } from '../verify/difference.js';
import { type PhaseFigures } from './meter.js';
import { type CycleReport, MICROSOFT_REQUESTS_PER_SECOND, type RunReport, type VerdictReport } from './report.js';

export const NOT_COMPARED = 'Both sides could not be compared';

/** `width`: of the terminal, in columns. */
export function reportInWords(report: RunReport, width = Infinity): string {
  return [
    ...phaseTable(report.phases, width),
    '',
    ...endsOf(report.cycles),
    ...refusalLines(report),
    ...report.verdicts.flatMap(verdictLines),
    ...(report.hindrance === undefined ? [] : [`${NOT_COMPARED}: ${report.hindrance}`, '']),
    ...speedLines(report),
  ]
    .map((line) => folded(line, width))
    .join('\n');
}

const HEAD = [
  'phase',
  'objects',
  'failed',
  'requests',
  'seconds',
  'req/s',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'retries',
  'answers',
];

/** What belongs to what when the table is too wide: counts, then times and answers. */
const HALVES = [HEAD.filter((name) => !/ms|answers/.test(name)), HEAD.filter((name) => /phase|ms|answers/.test(name))];

function phaseTable(phases: readonly PhaseFigures[], width: number): string[] {
  const rows = phases.map((one) => [
    one.phase,
    ...[one.objects, one.failed, one.requests].map(String),
    one.seconds.toFixed(1),
    (one.seconds > 0 ? one.requests / one.seconds : 0).toFixed(0),
    ...[one.p50, one.p95, one.p99].map((ms) => ms.toFixed(1)),
    String(one.retries),
    Object.entries(one.statuses)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
  ]);
  const table = (names: readonly string[]) =>
    aligned([HEAD, ...rows].map((row) => names.map((name) => row[HEAD.indexOf(name)] ?? '')));
  const whole = table(HEAD);
  if (whole.every(({ length }) => length <= width)) return whole;
  return HALVES.flatMap((half, n) => [...(n > 0 ? [''] : []), ...table(half)]);
}

/** Columns of numbers to the right; the first and the answers are text. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const isText = (column: number) => column === 0 || rows[0]?.[column] === 'answers';
  return rows.map((row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Broken between words; what goes on is indented. */
function folded(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines = [indent];
  for (const word of line.slice(indent.length).split(' ')) {
    const last = lines.at(-1) ?? '';
    const isFirst = last.trim() === '';
    if (isFirst || last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last}${isFirst ? '' : ' '}${word}`;
    else lines.push(`${indent}  ${word}`);
  }
  return line.length <= width ? line : lines.join('\n');
}

/** Cycles that did not come to their end. */
const endsOf = (cycles: readonly CycleReport[]): string[] =>
  cycles.flatMap(({ cycle, end }) => {
    switch (end.kind) {
      case 'completed':
        return [];
      case 'stopped':
        return [`Cycle ${cycle} was stopped: ${end.why}. The next cycle goes on from there.`];
      case 'quarantine':
        return [`Cycle ${cycle} put the job into quarantine: ${end.why}`];
    }
  });

function refusalLines({ refusals }: RunReport): string[] {
  if (refusals.length === 0) return [];
  return [
    'What the server refused, in its own words:',
    ...refusals.map(
      ({ count, status, request, detail, about }) =>
        `  ${count} × ${status} on ${request}, such as for ${about}: ${detail}`,
    ),
    '',
  ];
}

const SHOWN = 20;

function verdictLines(verdict: VerdictReport): string[] {
  const { witness, people, groups, memberships, others, differences, byKind, first } = verdict;
  const read = `${people} people, ${groups} groups and ${memberships} memberships by ${witness}`;
  const own = others > 0 ? ` (${others} of them the service's own)` : '';
  if (differences === 0) return [`Both sides agree: ${read}${own}, no difference.`];
  const rest = differences - Math.min(SHOWN, first.length);
  return [
    `${differences} differences, looking at ${read}${own}:`,
    ...Object.entries(byKind).map(([kind, count]) => `  ${count} × ${kind}`),
    ...first.slice(0, SHOWN).map((one) => `    ${differenceInWords(one)}`),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
    '',
  ];
}

export function differenceInWords(one: Difference): string {
  switch (one.kind) {
    case 'missing':
      return `missing ${one.what} ${one.name}${one.why === undefined ? '' : `: ${one.why}`}`;
    case 'extra':
      return `extra ${one.what} ${one.name}`;
    case 'different':
      return `${one.what} ${one.name}: ${one.attribute} should be ${one.expected}, and is ${one.shown}`;
  }
}

function speedLines({ requests, requestsPerSecond, fastEnough, mostInFlight, memory, machine }: RunReport): string[] {
  if (requests === 0) return [];
  const target = `Microsoft asks for ${MICROSOFT_REQUESTS_PER_SECOND} requests/s per tenant`;
  const verdict = fastEnough === undefined ? 'too few requests to tell' : fastEnough ? 'met' : 'NOT met';
  return [
    `${requestsPerSecond.toFixed(0)} requests/s with at most ${mostInFlight} in flight. ${target}: ${verdict}.`,
    `Simulator: at most ${memory.toFixed(0)} MiB, on ${machine}.`,
  ];
}

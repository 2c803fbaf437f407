// `npm run bench -- fairness` and `-- overload`: what a loud tenant does to a quiet one, and what three times the load
// that can be served does to those who are served. Each with the same figures without the queue, which must be bad.
import { median, quantile, type Verdict, verdictLine } from '../figures.js';
import { type Closers } from '../ground.js';
import { type Stream, type StreamReport } from './generator.js';
import { type LoadStage, setLoadStage, sum } from './stage.js';

export interface LoadFigures {
  readonly lines: readonly string[];
  readonly verdicts: readonly Verdict[];
}

const SECONDS = 6;
/** Of a quiet tenant there are few requests. */
const QUIET_SECONDS = 15;
const QUIET_ROUNDS = 5;
/** A burst is waited out for a second; then comes what lasts. */
const BURST = 4;
/** Later than this an answer is no good any more: it is as long as somebody waits to be admitted. */
const GOOD_MS = 1000;
const p99 = ({ served }: StreamReport): number => quantile(served, 0.99);
const figureOf = (ms: number): string => `${ms.toFixed(1)} ms`;

interface Served {
  /** Answered with what was asked for, a second. */
  readonly rate: number;
  /** Of these, within a second. */
  readonly good: number;
  readonly p99: number;
}

function servedIn(reports: readonly StreamReport[], seconds: number): Served {
  const served = reports.flatMap((report) => report.served);
  const good = served.filter((ms) => ms <= GOOD_MS).length;
  return { rate: served.length / seconds, good: good / seconds, p99: quantile(served, 0.99) };
}

/** With 60 requests under way, as many as there are, of all tenants alike. */
const peakOf = async ({ run, parties }: LoadStage, seconds = SECONDS, before = 4): Promise<Served> =>
  servedIn(
    await run(
      'fair',
      before + seconds,
      parties.map((party) => ({ ...party, sockets: 6 })),
      before,
    ),
    seconds,
  );

export async function benchFairness(say: (text: string) => void, closers: Closers): Promise<LoadFigures> {
  // What is refused to one is little beside what is served.
  const stage = await setLoadStage(closers, false);
  const { run, parties } = stage;
  const peak = await peakOf(stage);
  const [first, second] = parties;
  if (!first || !second) throw new Error('No tenants');
  const share = peak.rate / parties.length;
  const quiet: Stream = { ...first, rate: share / 2, sockets: 16 };
  const loud: Stream = { ...second, rate: 20 * share, sockets: 256 };
  const beside = async (which: 'fair' | 'open', streams: readonly Stream[]) => {
    const [quietly, loudly] = await run(which, BURST + QUIET_SECONDS, streams, BURST);
    if (!quietly) throw new Error('No report');
    return { quietly, loudServed: (loudly?.served.length ?? 0) / QUIET_SECONDS };
  };
  const rounds: { alone: StreamReport; withLoud: StreamReport; loudServed: number }[] = [];
  for (let round = 0; round < QUIET_ROUNDS; round += 1) {
    const { quietly: alone } = await beside('fair', [quiet]);
    const { quietly: withLoud, loudServed } = await beside('fair', [quiet, loud]);
    rounds.push({ alone, withLoud, loudServed });
  }
  const { quietly: control } = await beside('open', [quiet, loud]);
  const equal = await run(
    'fair',
    SECONDS,
    parties.map((party) => ({ ...party, sockets: 8 })),
  );
  const counts = equal.map(({ served }) => served.length);
  const jain = sum(counts) ** 2 / (counts.length * sum(counts.map((count) => count ** 2)));
  const quietP99 = median(rounds.map(({ alone }) => p99(alone)));
  const times = median(rounds.map(({ alone, withLoud }) => p99(withLoud) / p99(alone)));
  const lost = sum(rounds.map(({ withLoud }) => (withLoud.statuses[429] ?? 0) + (withLoud.statuses[503] ?? 0)));
  const percentiles = (report: StreamReport) =>
    [0.5, 0.95, 0.99].map((part) => quantile(report.served, part).toFixed(0)).join('/');
  const lines = [
    `peak ${peak.rate.toFixed(0)}/s of ${parties.length} tenants; a share is ${share.toFixed(0)}/s`,
    `quiet tenant at half a share, p50/p95/p99 in ms: ${rounds.map(({ alone, withLoud }) => `${percentiles(alone)} alone, ${percentiles(withLoud)} beside one at 20 shares`).join('; ')}; ${percentiles(control)} without the queue`,
    `the one at 20 shares: ${median(rounds.map(({ loudServed }) => loudServed)).toFixed(0)}/s served beside the quiet one`,
    `served of equal tenants: ${counts.join(', ')}`,
  ];
  const verdicts: Verdict[] = [
    { target: 'p99 of the quiet tenant at most 2 times its own', figure: times.toFixed(2), met: times <= 2 },
    { target: 'the quiet tenant is never refused', figure: String(lost), met: lost === 0 },
    { target: 'Jain index of equal tenants at least 0.95', figure: jain.toFixed(3), met: jain >= 0.95 },
    {
      target: 'control: without the queue p99 is over 2 times',
      figure: (p99(control) / quietP99).toFixed(2),
      met: p99(control) > 2 * quietP99,
    },
  ];
  return told(say, stage, lines, verdicts);
}

/** Rounds of both, one after the other, so that whatever else the machine does meets both. */
const ROUNDS = 5;

export async function benchOverload(say: (text: string) => void, closers: Closers): Promise<LoadFigures> {
  const stage = await setLoadStage(closers, true);
  const { run, parties, memory } = stage;
  const { rate: first } = await peakOf(stage);
  const at = (rate: number, sockets: number) =>
    parties.map((party): Stream => ({ ...party, rate: rate / parties.length, sockets }));
  const over = async (which: 'fair' | 'open', rate: number) =>
    servedIn(await run(which, BURST + SECONDS, at(3 * rate, 100), BURST), SECONDS);
  await over('fair', first);
  const before = await memory();
  const rounds: { peak: Served; fair: Served; control: Served }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const peak = await peakOf(stage, SECONDS, 1);
    const fair = await over('fair', peak.rate);
    rounds.push({ peak, fair, control: round === 0 ? await over('open', peak.rate) : fair });
  }
  const grown = (await memory()) - before;
  const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure));
  const [peak, peakP99] = [of((round) => round.peak.rate), of((round) => round.peak.p99)];
  const after = await run('fair', 6, at(peak / 2, 20));
  const lastSecond = sum(after.map(({ perSecond }) => perSecond[4] ?? 0)) / (peak / 2);
  const [{ control, peak: peakBesideControl }] = rounds as [(typeof rounds)[number]];
  const each = (figure: (round: (typeof rounds)[number]) => number, digits: number) =>
    rounds.map((round) => figure(round).toFixed(digits)).join(' ');
  const lines = [
    `peak ${peak.toFixed(0)}/s, normal p99 (at the peak) ${figureOf(peakP99)}; medians of ${ROUNDS} rounds`,
    `at 3 times the peak: ${of(({ fair }) => fair.good).toFixed(0)}/s served within a second, ${of(({ fair }) => fair.rate).toFixed(0)}/s in all, p99 of them ${figureOf(of(({ fair }) => fair.p99))}; memory grew by ${grown.toFixed(0)} MiB`,
    `goodput by round ${each(({ fair, peak }) => fair.good / peak.rate, 2)}; p99 ${each(({ fair, peak }) => fair.p99 / peak.p99, 2)} times`,
    `without the queue: ${control.good.toFixed(0)}/s served within a second, ${control.rate.toFixed(0)}/s in all, p99 of them ${figureOf(control.p99)}`,
  ];
  const goodput = of(({ fair, peak }) => fair.good / peak.rate);
  const slower = of(({ fair, peak }) => fair.p99 / peak.p99);
  const [lost, late] = [control.good / peakBesideControl.rate, control.p99 / peakBesideControl.p99];
  const verdicts: Verdict[] = [
    { target: 'goodput at least 0.8 of the peak', figure: goodput.toFixed(2), met: goodput >= 0.8 },
    { target: 'p99 of admitted at most 2 times normal', figure: slower.toFixed(2), met: slower <= 2 },
    { target: 'memory grows by at most 50 MiB', figure: grown.toFixed(0), met: grown <= 50 },
    {
      target: 'in the fifth second after, all of half the peak is served',
      figure: lastSecond.toFixed(2),
      met: lastSecond >= 0.95,
    },
    {
      target: 'control: without the queue goodput is under 0.8 of the peak',
      figure: lost.toFixed(2),
      met: lost < 0.8,
    },
    {
      target: 'control: without the queue p99 is over 2 times normal',
      figure: late.toFixed(2),
      met: late > 2,
    },
  ];
  return told(say, stage, lines, verdicts);
}

function told(
  say: (text: string) => void,
  { ownCore }: LoadStage,
  figures: readonly string[],
  verdicts: readonly Verdict[],
): LoadFigures {
  const where = ownCore
    ? 'the load is made on a core of its own'
    : 'the load is made on the same cores: what it takes is missing where it is served';
  const lines = [where, ...figures];
  lines.forEach(say);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { lines, verdicts };
}

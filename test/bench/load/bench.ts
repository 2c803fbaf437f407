// `npm run bench -- fairness` and `-- overload`: what a loud tenant does to a quiet one, and what three times the load
// that can be served does to those who are served. Each with the same figures without the queue, which must be bad.
import { quantile, type Verdict, verdictLine } from '../figures.js';
import { type Closers } from '../ground.js';
import { type Stream, type StreamReport } from './generator.js';
import { type LoadStage, setLoadStage, sum } from './stage.js';

export interface LoadFigures {
  readonly lines: readonly string[];
  readonly verdicts: readonly Verdict[];
}

const SECONDS = 10;
/** A burst is waited out for a second; then comes what lasts. */
const BURST = 4;
/** Later than this an answer is no good any more: it is as long as somebody waits to be admitted. */
const GOOD_MS = 1000;
const p99 = ({ served }: StreamReport): number => quantile(served, 0.99);
const figureOf = (ms: number): string => `${ms.toFixed(1)} ms`;

/** Served a second with 60 requests under way, and the 99th percentile then. */
async function peakOf({ run, parties }: LoadStage): Promise<{ readonly rate: number; readonly p99: number }> {
  const streams = parties.map((party) => ({ ...party, sockets: 6 }));
  await run('fair', 4, streams);
  const reports = await run('fair', SECONDS, streams);
  const served = reports.flatMap((report) => report.served);
  return { rate: served.length / SECONDS, p99: quantile(served, 0.99) };
}

export async function benchFairness(say: (text: string) => void, closers: Closers): Promise<LoadFigures> {
  const stage = await setLoadStage(closers);
  const { run, parties } = stage;
  const peak = await peakOf(stage);
  const [first, second] = parties;
  if (!first || !second) throw new Error('No tenants');
  const share = peak.rate / parties.length;
  const quiet: Stream = { ...first, rate: share / 2, sockets: 16 };
  const loud: Stream = { ...second, rate: 20 * share, sockets: 256 };
  const beside = async (which: 'fair' | 'open', streams: readonly Stream[]) => {
    const [report] = await run(which, SECONDS, streams);
    if (!report) throw new Error('No report');
    return report;
  };
  const alone = await beside('fair', [quiet]);
  const withLoud = await beside('fair', [quiet, loud]);
  const control = await beside('open', [quiet, loud]);
  const equal = await run(
    'fair',
    SECONDS,
    parties.map((party) => ({ ...party, sockets: 8 })),
  );
  const counts = equal.map(({ served }) => served.length);
  const jain = sum(counts) ** 2 / (counts.length * sum(counts.map((count) => count ** 2)));
  const times = p99(withLoud) / p99(alone);
  const lost = (withLoud.statuses[429] ?? 0) + (withLoud.statuses[503] ?? 0);
  const lines = [
    `peak ${peak.rate.toFixed(0)}/s of ${parties.length} tenants; a share is ${share.toFixed(0)}/s`,
    `quiet tenant at half a share: p99 ${figureOf(p99(alone))} alone, ${figureOf(p99(withLoud))} beside one at 20 shares, ${figureOf(p99(control))} without the queue`,
    `served of equal tenants: ${counts.join(', ')}`,
  ];
  const verdicts: Verdict[] = [
    { target: 'p99 of the quiet tenant at most 2 times its own', figure: times.toFixed(2), met: times <= 2 },
    { target: 'the quiet tenant is never refused', figure: String(lost), met: lost === 0 },
    { target: 'Jain index of equal tenants at least 0.95', figure: jain.toFixed(3), met: jain >= 0.95 },
    {
      target: 'control: without the queue p99 is over 2 times',
      figure: (p99(control) / p99(alone)).toFixed(2),
      met: p99(control) > 2 * p99(alone),
    },
  ];
  return told(say, lines, verdicts);
}

export async function benchOverload(say: (text: string) => void, closers: Closers): Promise<LoadFigures> {
  const stage = await setLoadStage(closers);
  const { run, parties, memory } = stage;
  const peak = await peakOf(stage);
  const at = (rate: number, sockets: number) =>
    parties.map((party): Stream => ({ ...party, rate: rate / parties.length, sockets }));
  const over = async (which: 'fair' | 'open') => {
    const reports = await run(which, BURST + SECONDS, at(3 * peak.rate, 100), BURST);
    const served = reports.flatMap((report) => report.served);
    const good = served.filter((ms) => ms <= GOOD_MS).length;
    return { goodput: good / SECONDS, served: served.length / SECONDS, p99: quantile(served, 0.99) };
  };
  await over('fair');
  const before = await memory();
  const fair = await over('fair');
  const grown = (await memory()) - before;
  const after = await run('fair', 6, at(peak.rate / 2, 20));
  const lastSecond = sum(after.map(({ perSecond }) => perSecond[4] ?? 0)) / (peak.rate / 2);
  const control = await over('open');
  const lines = [
    `peak ${peak.rate.toFixed(0)}/s, normal p99 (at the peak) ${figureOf(peak.p99)}`,
    `at 3 times the peak: ${fair.goodput.toFixed(0)}/s served within a second, ${fair.served.toFixed(0)}/s in all, p99 of them ${figureOf(fair.p99)}; memory grew by ${grown.toFixed(0)} MiB`,
    `without the queue: ${control.goodput.toFixed(0)}/s served within a second, ${control.served.toFixed(0)}/s in all, p99 of them ${figureOf(control.p99)}`,
  ];
  const goodput = fair.goodput / peak.rate;
  const slower = fair.p99 / peak.p99;
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
      figure: (control.goodput / peak.rate).toFixed(2),
      met: control.goodput < 0.8 * peak.rate,
    },
    {
      target: 'control: without the queue p99 is over 2 times normal',
      figure: (control.p99 / peak.p99).toFixed(2),
      met: control.p99 > 2 * peak.p99,
    },
  ];
  return told(say, lines, verdicts);
}

function told(say: (text: string) => void, lines: readonly string[], verdicts: readonly Verdict[]): LoadFigures {
  lines.forEach(say);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { lines, verdicts };
}

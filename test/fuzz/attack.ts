// A whole run against a service: a warm-up that gives memory its base, the campaign, and the second looks afterwards.
import { setTimeout as sleep } from 'node:timers/promises';
import { bases } from './bases.js';
import { standBy } from './bystander.js';
import { runCampaign, type Finding } from './campaign.js';
import { complaintFaults, type Confirmed, confirmSlow, memoryFaults, settledMemory } from './confirm.js';
import { printed, reportOf, type Report } from './findings.js';
import { type ProbeReport } from './probe.js';
import { type Service } from './service.js';
import { createStatistics, type Statistics } from './statistics.js';
import { findCulprits, watch, type Watch } from './watch.js';

export interface Orders {
  readonly requests: number;
  readonly seed: number;
  /** Only this one, to see a finding again. */
  readonly scene: number | undefined;
  /** Sending ends here, whatever is left; performance.now(). */
  readonly deadline: number;
  readonly say: (line: string) => void;
}

export interface Result {
  readonly seed: number;
  readonly requests: number;
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly mutations: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly slowAtFirst: number;
  readonly heldMs: number;
  readonly busyMs: number;
  /** How often the event loop was busy too long, by whatever requests together. */
  readonly heldAtFirst: number;
  readonly memory: { readonly base: ProbeReport; readonly end: ProbeReport; readonly peakMiB: number };
  /** How often each kind of finding was seen. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly reports: readonly Report[];
  readonly confirmed: readonly (Omit<Confirmed, 'request'> & { readonly request?: string })[];
}

const IN_FLIGHT = 16;
const WARM_UP = 3000;
/** Scenes of the run itself have numbers that the warm-up does not reach. */
const FIRST_SCENE = 1000;
const PROGRESS_MS = 5000;

export async function attack(service: Service, orders: Orders): Promise<Result> {
  const { requests, seed, scene, deadline, say } = orders;
  const began = performance.now();
  const all = bases();
  const quiet = all.find(({ name }) => name === 'lists and searches');
  if (!quiet) throw new Error('There is no base for the untouched tenant');
  const bystander = await standBy(service, quiet);
  const statistics = createStatistics();
  // The start of the service was no request's doing.
  await service.report();
  await sleep(50);
  const watching = watch(service, statistics);
  const isOver = () => watching.isLost || performance.now() > deadline;
  const campaign = (limit: number, firstScene: number, lastScene = Infinity): Promise<readonly Finding[]> =>
    runCampaign({
      target: service,
      bases: all,
      seed,
      requests: limit,
      firstScene,
      lastScene,
      inFlight: IN_FLIGHT,
      statistics,
      isOver,
    });
  const progress = setInterval(() => say(progressLine(statistics, watching, began)), PROGRESS_MS);
  const warm = scene === undefined ? await campaign(Math.min(WARM_UP, Math.ceil(requests / 5)), 0) : [];
  if (watching.isLost) throw stopped(statistics);
  const base = await settledMemory(service);
  const found = await campaign(requests, scene ?? FIRST_SCENE, scene);
  clearInterval(progress);
  await watching.stop();
  if (watching.isLost) throw stopped(statistics);
  const seconds = Math.round((performance.now() - began) / 1000);
  const end = await settledMemory(service);
  say('… looking again, alone, at what was suspected');
  const confirmed: Confirmed[] = [
    ...[...new Set(statistics.failedScenes)].map((why) => ({ fault: `a tenant could not be set up: ${why}` })),
    ...(await confirmSlow(service.port, statistics.slow)),
    ...(await heldOrPolluted(service, watching)),
    ...memoryFaults(base, end),
    ...(await bystander.changes()).map((fault) => ({ fault })),
    ...complaintFaults(await service.complaints()),
  ];
  const reports: Report[] = [];
  const first = new Map([...found, ...warm].map((finding) => [finding.kind, finding]));
  for (const finding of first.values()) reports.push(await reportOf(service, finding));
  return {
    seed,
    requests: statistics.sent,
    seconds,
    statuses: statistics.histogram(),
    mutations: statistics.mutations(),
    slowestMs: statistics.slowestMs,
    slowAtFirst: statistics.slow.length,
    heldMs: watching.heldMs,
    busyMs: watching.busyMs,
    heldAtFirst: watching.suspicions.length,
    memory: { base, end, peakMiB: watching.peakMiB },
    kinds: statistics.findings,
    reports,
    confirmed: confirmed.map(({ fault, request }) => ({ fault, ...(request ? { request: printed(request) } : {}) })),
  };
}

/** Nothing can be asked of such a service any more, so this ends the run. */
function stopped({ hung, sent }: Statistics): Error {
  const candidates = hung.map(
    ({ request, scene }) => `${request.mutations.join(', ')}:\n${printed(request, scene.names)}`,
  );
  return new Error(
    `After ${sent} requests the service has stopped. One of these did it:\n\n${candidates.join('\n\n')}`,
  );
}

/** Pollution is a finding even when nobody can say who did it; a held loop, only when it is seen again. */
async function heldOrPolluted(service: Service, { suspicions }: Watch): Promise<Confirmed[]> {
  const polluted = [...new Set(suspicions.flatMap(({ report }) => report.polluted))];
  const culprits = await findCulprits(service, suspicions);
  return [
    ...polluted.map((name) => ({ fault: `${name} was changed` })),
    ...culprits.slice(0, 10).map(({ request, report }) => ({
      fault:
        report.polluted.length > 0
          ? `${report.polluted.join()} is changed by this`
          : `the event loop is held ${report.busyMs} ms by this alone`,
      request,
    })),
  ];
}

const progressLine = (statistics: Statistics, { heldMs }: Watch, began: number): string => {
  const seconds = (performance.now() - began) / 1000;
  const found = Object.keys(statistics.findings).length;
  return `… ${statistics.sent} requests in ${Math.round(seconds)} s (${Math.round(statistics.sent / seconds)}/s), ${found} kinds of findings, slowest ${statistics.slowestMs} ms, event loop ${heldMs} ms`;
};

// What has to be looked at again when nobody else is asking: slow answers, held event loops, memory, the log.
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './campaign.js';
import { type FuzzRequest } from './fuzzRequest.js';
import { isSlow } from './oracles.js';
import { type ProbeReport } from './probe.js';
import { rawClient } from './raw.js';
import { type Service } from './service.js';
import { type SlowSuspect } from './statistics.js';

/** A finding that is no single answer. `request`: what brings it about, where one does. */
export interface Confirmed {
  readonly fault: string;
  readonly request?: FuzzRequest;
}

/** Those that are slow three times out of three. */
export async function confirmSlow(port: number, suspects: readonly SlowSuspect[]): Promise<Confirmed[]> {
  const client = rawClient(port);
  const confirmed: Confirmed[] = [];
  for (const { request, ms } of suspects) {
    const times = [await send(client, request), await send(client, request), await send(client, request)];
    if (times.every((outcome) => isSlow(request, outcome))) {
      confirmed.push({
        fault: `an answer takes more than a second, alone too (${Math.round(ms)} ms in the run)`,
        request,
      });
    }
  }
  client.close();
  return confirmed;
}

/** What is live after a collection. Twice, because the first may leave what finalizers free. */
export async function settledMemory(service: Service): Promise<ProbeReport> {
  await sleep(1500);
  await service.report('collect');
  await sleep(200);
  return service.report('collect');
}

/** Memory comes back to its base: within a third, and what caches may hold. */
export function memoryFaults(base: ProbeReport, end: ProbeReport): Confirmed[] {
  const live = ({ heapMiB, externalMiB }: ProbeReport) => heapMiB + externalMiB;
  const most = live(base) * 1.3 + 20;
  return live(end) <= most
    ? []
    : [
        {
          fault: `memory grew from ${live(base).toFixed(1)} to ${live(end).toFixed(1)} MiB (at most ${most.toFixed(1)})`,
        },
      ];
}

/** Complaints of the service in its own log, one of each kind. */
export function complaintFaults(lines: readonly string[]): Confirmed[] {
  const kinds = new Map(lines.map((line) => [kindOfComplaint(line), line]));
  return [...kinds].slice(0, 20).map(([kind, line]) => ({
    fault: `the service logged ${lines.filter((one) => kindOfComplaint(one) === kind).length} times: ${line.slice(0, 1500)}`,
  }));
}

/** Message, error and where it came from; lines that are no JSON are their own kind. */
function kindOfComplaint(line: string): string {
  try {
    const { msg, reason, err } = JSON.parse(line) as Record<string, unknown> & {
      err?: { message?: string; stack?: string };
    };
    return [msg, reason, err?.message, err?.stack?.split('\n').slice(1, 4)].join('\n').replace(/[0-9a-f-]{12,}/g, '#');
  } catch {
    return line;
  }
}

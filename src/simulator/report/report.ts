// What a run was: per phase how much, how fast, what failed and why, and whether both sides agree now.
import { cpus } from 'node:os';
import { type CycleEnd, type CycleKind } from '../cycle/runCycle.js';
import { type State } from '../cycle/state.js';
import { type Difference, type Verdict } from '../verify/difference.js';
import { type MeterFigures, type PhaseFigures } from './meter.js';

/** What Microsoft asks of a service, per tenant, before it takes the app into its gallery. */
export const MICROSOFT_REQUESTS_PER_SECOND = 25;

export interface CycleReport {
  readonly cycle: number;
  readonly kind: CycleKind;
  readonly end: CycleEnd;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly people: number;
  readonly enabled: number;
  /** Undefined when nobody looked. */
  readonly differences?: number;
}

/** A verdict with its differences counted; the first of them are kept. */
export interface VerdictReport extends Omit<Verdict, 'differences'> {
  readonly differences: number;
  /** `missing person`, `different title`. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly first: readonly Difference[];
}

export interface RunReport extends MeterFigures {
  readonly command: string;
  readonly tenantUrl: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly organisation: { readonly people: number; readonly groups: number; readonly memberships: number };
  readonly cycles: readonly CycleReport[];
  /** Of the last look. */
  readonly verdicts: readonly VerdictReport[];
  /** Undefined when nobody looked. */
  readonly converged?: boolean;
  /** Why somebody wanted to look and could not. */
  readonly hindrance?: string;
  /** While provisioning, without looking. */
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Undefined for a run so short that its speed says nothing. */
  readonly fastEnough?: boolean;
  /** The most the simulator took, in MiB. */
  readonly memory: number;
  readonly machine: string;
}

/** Names of the phases that only look. */
const LOOKING = /^verify/;
/** A run of fewer requests says nothing about speed. */
const ENOUGH = 100;
const FIRST = 200;

export interface ReportParts {
  readonly command: string;
  readonly tenantUrl: string;
  readonly startedAt: Date;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly figures: MeterFigures;
  readonly cycles: readonly CycleReport[];
  readonly verdicts: readonly Verdict[];
  readonly hindrance?: string;
}

export function reportOf(parts: ReportParts): RunReport {
  const { command, tenantUrl, startedAt, settings, figures, cycles, verdicts, hindrance } = parts;
  const { people, groups } = parts.state.organisation;
  const { requests, perSecond } = speedOf(figures.phases);
  return {
    command,
    tenantUrl,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    settings,
    organisation: {
      people: people.size,
      groups: groups.size,
      memberships: [...groups.values()].reduce((sum, { members }) => sum + members.size, 0),
    },
    ...figures,
    cycles,
    verdicts: verdicts.map(verdictReport),
    ...(hindrance === undefined ? {} : { hindrance }),
    ...(verdicts.length > 0 && hindrance === undefined
      ? { converged: verdicts.every(({ differences }) => differences.length === 0) }
      : {}),
    requests,
    requestsPerSecond: perSecond,
    ...(requests >= ENOUGH ? { fastEnough: perSecond >= MICROSOFT_REQUESTS_PER_SECOND } : {}),
    memory: process.resourceUsage().maxRSS / 1024,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`,
  };
}

/** Of the phases that provision. */
export function speedOf(phases: readonly PhaseFigures[]): { readonly requests: number; readonly perSecond: number } {
  const provisioning = phases.filter(({ phase }) => !LOOKING.test(phase));
  const sum = (of: (figures: PhaseFigures) => number) => provisioning.reduce((all, one) => all + of(one), 0);
  const requests = sum((one) => one.requests);
  const seconds = sum((one) => one.seconds);
  return { requests, perSecond: seconds > 0 ? requests / seconds : 0 };
}

function verdictReport({ differences, ...verdict }: Verdict): VerdictReport {
  const byKind: Record<string, number> = {};
  for (const one of differences) {
    const kind = one.kind === 'different' ? `different ${one.attribute}` : `${one.kind} ${one.what}`;
    byKind[kind] = (byKind[kind] ?? 0) + 1;
  }
  return { ...verdict, differences: differences.length, byKind, first: differences.slice(0, FIRST) };
}

// Many scenes at the same time, each with its own tenant and its own choices, until enough requests were sent.
import { type Base } from './bases.js';
import { bytesOf, isMisframed, type FuzzRequest } from './fuzzRequest.js';
import { mutated } from './mutate.js';
import { faultsOf, isSlow, kindOf } from './oracles.js';
import { random } from './random.js';
import { rawClient, type Outcome, type RawClient } from './raw.js';
import { openScene, type Scene, type Target } from './scene.js';
import { type Statistics } from './statistics.js';

export interface Settings {
  readonly target: Target;
  readonly bases: readonly Base[];
  readonly seed: number;
  /** How many, with those that `statistics` has counted before. */
  readonly requests: number;
  readonly firstScene: number;
  /** The end of it all, whatever was sent. */
  readonly lastScene: number;
  readonly inFlight: number;
  readonly statistics: Statistics;
  /** Asked before each request. */
  readonly isOver: () => boolean;
}

export interface Finding {
  readonly kind: string;
  readonly faults: readonly string[];
  readonly seed: number;
  readonly number: number;
  readonly scene: Scene;
  /** What was sent to the same tenant before. */
  readonly history: readonly FuzzRequest[];
  readonly request: FuzzRequest;
}

/** How many requests a tenant gets before a new one takes its place: longer, and everybody in it is deleted. */
export const PER_SCENE = 40;
/** More kinds than this say no more. */
const MOST_FINDINGS = 40;

/** Returns the first finding of each kind. */
export async function runCampaign(settings: Settings): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  const next = { scene: settings.firstScene };
  const { statistics } = settings;
  const isDone = () =>
    settings.isOver() ||
    statistics.sent >= settings.requests ||
    findings.size >= MOST_FINDINGS ||
    statistics.failedScenes.length >= MOST_FINDINGS ||
    next.scene > settings.lastScene;
  const worker = async () => {
    const client = rawClient(settings.target.port);
    while (!isDone()) {
      const number = next.scene++;
      for (const finding of await playScene(settings, number, client)) {
        if (!findings.has(finding.kind)) findings.set(finding.kind, finding);
        statistics.found(finding.kind);
      }
    }
    client.close();
  };
  await Promise.all(Array.from({ length: settings.inFlight }, worker));
  return [...findings.values()];
}

/** The requests of one scene, one after the other; at the end its tenant must be readable. */
async function playScene(settings: Settings, number: number, client: RawClient): Promise<Finding[]> {
  const { bases, seed, statistics, target } = settings;
  const base = bases[number % bases.length];
  if (!base) throw new Error('There is nothing to mutate');
  const scene = await openScene(target, client, base).catch((error: unknown) => {
    statistics.sceneFailed(`${base.name}: ${String(error)}`);
  });
  if (!scene) return [];
  const choices = random(seed, number);
  const history: FuzzRequest[] = [];
  const findings: Finding[] = [];
  const play = async (request: FuzzRequest, mustRead: boolean) => {
    const outcome = await send(client, request);
    statistics.count(request, outcome, scene);
    const status = outcome.answers[0]?.status ?? 0;
    const faults = [
      ...faultsOf(request, outcome),
      ...(mustRead && status !== 200 ? [`a plain read is ${status}`] : []),
    ];
    if (faults.length > 0) {
      findings.push({ kind: kindOf(faults, outcome), faults, seed, number, scene, history: [...history], request });
    }
    if (isSlow(request, outcome)) statistics.suspectSlow(request, outcome, number);
    history.push(request);
  };
  for (let n = 0; n < PER_SCENE && !settings.isOver() && statistics.sent < settings.requests; n += 1)
    await play(mutated(choices.pick(scene.requests), choices), false);
  for (const read of READS) await play(scene.ask(read), true);
  return findings;
}

/** What every tenant must answer in the end, with everything that the requests left behind in it. */
const READS = [
  { method: 'GET', path: '/Users' },
  { method: 'GET', path: '/Groups' },
  {
    face: 'graphql',
    by: 'administrator',
    method: 'POST',
    path: '/graphql',
    body: {
      query:
        '{ users(first: 100, includeDeleted: true) { nodes { id userName displayName email emails { value type } phoneNumbers { value } active status origin managerReference { __typename } manager { id } groups { nodes { id } } } } groups { nodes { id displayName } } }',
    },
  },
] as const;

export const send = (client: RawClient, request: FuzzRequest): Promise<Outcome> =>
  client.send({ bytes: bytesOf(request), isHead: request.method === 'HEAD', mayWait: isMisframed(request) });

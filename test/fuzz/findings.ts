// What a finding looks like on paper: a small request that brings it about, and how to see it again.
import { type Finding, send } from './campaign.js';
import { bytesOf, type FuzzRequest, isMisframed } from './fuzzRequest.js';
import { faultsOf, kindOf } from './oracles.js';
import { rawClient } from './raw.js';
import { type Candidate, reduced } from './reduce.js';
import { openScene, type Target, transplanted } from './scene.js';

export interface Report {
  readonly faults: readonly string[];
  readonly seed: number;
  readonly scene: number;
  readonly base: string;
  /** Of the first finding. */
  readonly mutations: readonly string[];
  readonly isReproduced: boolean;
  /** Sent before, to the same tenant. */
  readonly history: readonly string[];
  readonly request: string;
}

/** Reduces a finding in fresh tenants. */
export async function reportOf(target: Target, finding: Finding): Promise<Report> {
  const { faults, seed, number, scene, history, request } = finding;
  const isSame = (candidate: Candidate) => isSeenAgain(target, finding, candidate);
  const smallest = await reduced({ history, request }, isSame);
  const shown = (one: FuzzRequest) => printed(one, scene.names);
  return {
    faults,
    seed,
    scene: number,
    base: scene.base.name,
    mutations: request.mutations,
    isReproduced: smallest.isReproduced,
    history: smallest.isReproduced ? smallest.history.map(shown) : [],
    request: shown(smallest.request),
  };
}

async function isSeenAgain(
  target: Target,
  { scene, kind }: Finding,
  { history, request }: Candidate,
): Promise<boolean> {
  const client = rawClient(target.port);
  try {
    const fresh = await openScene(target, client, scene.base);
    for (const before of history) await send(client, transplanted(before, scene, fresh));
    const moved = transplanted(request, scene, fresh);
    const outcome = await send(client, moved);
    return kindOf(faultsOf(moved, outcome), outcome) === kind;
  } finally {
    client.close();
  }
}

const MOST_SHOWN = 3000;

/** The bytes of a request as text; secrets by name. */
export function printed(request: FuzzRequest, names: readonly string[] = []): string {
  const NAMES = ['$CLIENT_ID', '$CLIENT_SECRET', '$TOKEN', '$ADMINISTRATOR'];
  const bytes = bytesOf(request);
  const isText = bytes.equals(Buffer.from(bytes.toString()));
  const text = names.reduce(
    (shown, name, n) => shown.replaceAll(name, NAMES[n] ?? name),
    bytes.toString(isText ? 'utf8' : 'latin1'),
  );
  const escaped = [...text].map(visible).join('');
  const cut = escaped.length > MOST_SHOWN ? `${escaped.slice(0, MOST_SHOWN)}… (${bytes.length} bytes)` : escaped;
  return isMisframed(request) ? `${cut}\n(then the client closes its side)` : cut;
}

/** Line breaks stay, carriage returns go, other control characters are named. */
function visible(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  if (letter === '\n' || (code >= 0x20 && code < 0x7f) || code > 0xa0) return letter;
  return letter === '\r' ? '' : `\\x${code.toString(16).padStart(2, '0')}`;
}

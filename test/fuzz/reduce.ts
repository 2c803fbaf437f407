// Makes a finding small: less of what went before, fewer headers, less of the address and of the body, as long as the
// same fault is seen.
import { type FuzzRequest } from './fuzzRequest.js';

export interface Candidate {
  readonly history: readonly FuzzRequest[];
  readonly request: FuzzRequest;
}

export interface Effort {
  readonly tries: number;
  readonly ms: number;
}

/** The smallest candidate found with the same fault; the given one where it cannot be reproduced at all. */
export async function reduced(
  whole: Candidate,
  isSame: (candidate: Candidate) => Promise<boolean>,
  { tries, ms }: Effort = { tries: 250, ms: 20_000 },
): Promise<Candidate & { readonly isReproduced: boolean }> {
  const deadline = performance.now() + ms;
  const left = { tries };
  const holds = async (candidate: Candidate) => {
    left.tries -= 1;
    return isSame(candidate);
  };
  const alone = { history: [], request: whole.request };
  const start = (await holds(alone)) ? alone : (await holds(whole)) ? whole : undefined;
  if (!start) return { ...whole, isReproduced: false };
  let best: Candidate = start;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of smaller(best)) {
      if (left.tries <= 0 || performance.now() > deadline) return { ...best, isReproduced: true };
      if (!(await holds(candidate))) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return { ...best, isReproduced: true };
}

/** Candidates a step smaller, the biggest steps first. */
function* smaller({ history, request }: Candidate): Generator<Candidate> {
  for (const shorter of without(history)) yield { history: shorter, request };
  if (request.framing.kind === 'chunked') yield { history, request: { ...request, framing: { kind: 'length' } } };
  for (const headers of withoutEach(request.headers)) yield { history, request: { ...request, headers } };
  if (request.body) {
    const { body, ...rest } = request;
    yield { history, request: rest };
    for (const less of smallerBodies(body)) yield { history, request: { ...request, body: less } };
  }
  const [path = '', ...query] = request.target.split('?');
  for (const less of without([...query.join('?')])) {
    yield { history, request: { ...request, target: less.length > 0 ? `${path}?${less.join('')}` : path } };
  }
  for (const less of without([...path])) {
    if (less.length > 0) yield { history, request: { ...request, target: [less.join(''), ...query].join('?') } };
  }
}

function* smallerBodies(body: Buffer): Generator<Buffer> {
  const parsed = jsonOf(body);
  if (parsed !== undefined) for (const less of withoutPlaces(parsed)) yield Buffer.from(JSON.stringify(less));
  // Latin-1 keeps bytes that are no UTF-8.
  for (const less of without([...body.toString('latin1')])) yield Buffer.from(less.join(''), 'latin1');
}

/** JSON that says the same when it is written again; anything else is cut as text. */
function jsonOf(body: Buffer): unknown {
  try {
    const text = body.toString();
    const value: unknown = JSON.parse(text);
    return text.length < 20_000 && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value without each of its members, however deep. */
function* withoutPlaces(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length; n += 1) {
      yield value.filter((_, other) => other !== n);
      for (const less of withoutPlaces(value[n]))
        yield value.map((element: unknown, other) => (other === n ? less : element));
    }
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    for (const [key, inner] of members) {
      yield Object.fromEntries(members.filter(([other]) => other !== key));
      for (const less of withoutPlaces(inner)) {
        yield Object.fromEntries(members.map(([other, kept]) => [other, other === key ? less : kept]));
      }
    }
  }
}

/** The list without halves, quarters, eighths and so on of it. */
function* without<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length === 0) return;
  for (let size = list.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < list.length; at += size) yield [...list.slice(0, at), ...list.slice(at + size)];
    // A long text is not cut letter by letter.
    if (list.length / size > 64) return;
  }
}

const withoutEach = <T>(list: readonly T[]): (readonly T[])[] =>
  list.map((_, n) => list.filter((__, other) => other !== n));

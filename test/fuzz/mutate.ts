// One recorded request, changed in one or two ways. The same seed changes it in the same way.
import { type FuzzRequest } from './fuzzRequest.js';
import { BYTE_MUTATIONS } from './mutateBytes.js';
import { EXPRESSION_MUTATIONS } from './mutateExpression.js';
import { HEADER_MUTATIONS } from './mutateHeaders.js';
import { JSON_MUTATIONS } from './mutateJson.js';
import { TARGET_MUTATIONS } from './mutateTarget.js';
import { type Mutation } from './mutation.js';
import { type Random } from './random.js';

/** What a body says reaches deepest into the service, so it is changed most often. */
const KINDS: readonly (readonly Mutation[])[] = [
  JSON_MUTATIONS,
  JSON_MUTATIONS,
  JSON_MUTATIONS,
  BYTE_MUTATIONS,
  EXPRESSION_MUTATIONS,
  EXPRESSION_MUTATIONS,
  TARGET_MUTATIONS,
  HEADER_MUTATIONS,
];

export const MUTATIONS: readonly Mutation[] = [...new Set(KINDS)].flat();

/** A changed request; now and then an unchanged one, so that there is always something to change in the directory. */
export function mutated(request: FuzzRequest, random: Random): FuzzRequest {
  const fresh = random.once(3) ? request : renewed(request, random);
  if (random.once(12)) return fresh;
  const once = changed(fresh, random);
  return random.once(4) ? changed(once, random) : once;
}

/** Creates somebody else than the last time: else most would be refused as known before they are looked at. */
function renewed(request: FuzzRequest, random: Random): FuzzRequest {
  if (request.method !== 'POST' || !request.body || !request.target.startsWith('/scim')) return request;
  const number = random.below(1_000_000);
  const text = request.body.toString();
  const body = text
    .replaceAll('fabriek.example', `f${number}.example`)
    .replace(/("displayName":"[^"]*)"/, `$1 ${number}"`);
  return { ...request, body: Buffer.from(body) };
}

function changed(request: FuzzRequest, random: Random): FuzzRequest {
  // Many do not apply to a request without a body: enough tries find one that does.
  for (let tries = 0; tries < 20; tries += 1) {
    const mutation = random.pick(random.pick(KINDS));
    const result = mutation.apply(request, random);
    if (result) return { ...result, mutations: [...request.mutations, mutation.name] };
  }
  return request;
}

// What is wrong with an answer, whatever was asked: RFC 7644 section 3.12, RFC 6749 section 5.2, and SPEC section 6.
import { type FuzzRequest } from './fuzzRequest.js';
import { internalsIn } from './internals.js';
import { type RawAnswer } from './rawAnswer.js';

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** RFC 7644 table 9, and RFC 9865 section 2.4. */
const SCIM_TYPES = new Set(
  `invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive
  invalidCursor expiredCursor invalidCount`.split(/\s+/),
);
/** RFC 6749 section 5.2. */
const OAUTH_ERRORS = new Set(
  `invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope
  temporarily_unavailable`.split(/\s+/),
);

/** Sentences, none when the answer is in order. */
export function answerFaults(request: FuzzRequest, answer: RawAnswer): string[] {
  const { status, headers } = answer;
  const faults = [
    ...(status >= 500 && !mayBe5xx(request, status) ? [`the status is ${status}`] : []),
    ...(status < 200 ? ['this is not an HTTP answer'] : []),
    ...(status === 405 && !headers.has('allow') ? ['405 without Allow'] : []),
    ...(status === 401 && !headers.has('www-authenticate') && !isToken(request)
      ? ['401 without WWW-Authenticate']
      : []),
  ];
  if (request.method === 'HEAD' || status === 204 || status === 304) return faults;
  const body = parsed(answer);
  if (body === undefined) return [...faults, 'the body is not JSON'];
  const face =
    isScim(request) || headers.get('content-type')?.includes('scim+json')
      ? scimFaults(answer, body)
      : otherFaults(request, answer, body);
  return [...faults, ...face];
}

/** SPEC section 6: "No 5xx for what a client sends: only 501 for /Me". */
const mayBe5xx = ({ target }: FuzzRequest, status: number): boolean =>
  status === 501 && /\bme\b/i.test(decoded(target));

function scimFaults({ status, headers }: RawAnswer, body: unknown): string[] {
  const type = headers.get('content-type');
  const media = type === 'application/scim+json; charset=utf-8' ? [] : [`the media type is ${type}`];
  if (!isObject(body)) return [...media, 'the body is no object'];
  return [...media, ...(status >= 400 ? scimErrorFaults(status, body) : successFaults(status, headers, body))];
}

function scimErrorFaults(
  status: number,
  { schemas, status: said, scimType, detail }: Readonly<Record<string, unknown>>,
) {
  return [
    ...(Array.isArray(schemas) && schemas.length === 1 && schemas[0] === ERROR_URN
      ? []
      : ['the error has no right schemas']),
    ...(said === String(status) ? [] : [`the error says status ${JSON.stringify(said)}`]),
    ...(scimType === undefined || (typeof scimType === 'string' && SCIM_TYPES.has(scimType))
      ? []
      : [`the error has scimType ${JSON.stringify(scimType)}`]),
    ...(typeof detail === 'string' && detail.trim() !== '' ? [] : ['the error has no detail']),
  ];
}

function successFaults(
  status: number,
  headers: RawAnswer['headers'],
  body: Readonly<Record<string, unknown>>,
): string[] {
  const { schemas, Resources, totalResults } = body;
  if (!Array.isArray(schemas) || schemas.length === 0) return ['the body has no schemas'];
  if (schemas.includes(LIST_URN)) {
    if (!Array.isArray(Resources)) return ['Resources is no list'];
    if (typeof totalResults !== 'number' || totalResults < Resources.length)
      return [`totalResults is ${String(totalResults)}`];
    return Resources.every((one) => isObject(one) && Array.isArray(one.schemas)) ? [] : ['a resource has no schemas'];
  }
  const isResource = schemas.some((urn) => /:core:2\.0:(User|Group)$/.test(String(urn)));
  return [
    ...(isResource && typeof body.id !== 'string' ? ['the resource has no id'] : []),
    ...(status === 201 && !headers.get('location')?.endsWith(`/${String(body.id)}`)
      ? ['201 without its Location']
      : []),
  ];
}

function otherFaults(request: FuzzRequest, { status }: RawAnswer, body: unknown): string[] {
  if (!isObject(body)) return ['the body is no object'];
  if (isToken(request) && 'error' in body) {
    return OAUTH_ERRORS.has(String(body.error)) ? [] : [`the error is ${JSON.stringify(body.error)}`];
  }
  if (!Array.isArray(body.errors)) return [];
  return body.errors.flatMap((error: unknown) => {
    const code = isObject(error) && isObject(error.extensions) ? error.extensions.code : undefined;
    if (code === 'INTERNAL') return [`a field ended in an incident (status ${status})`];
    return typeof code === 'string' ? [] : ['a GraphQL error has no code'];
  });
}

/** What of our insides is in an error; what the request itself said is no leak. */
export function leaks(request: FuzzRequest, { status, body }: RawAnswer): string[] {
  return status < 400 && !/"errors"/.test(body.toString('latin1', 0, 2000))
    ? []
    : internalsIn(body.toString(), request);
}

function parsed({ body }: RawAnswer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Below /scim/v2, and with no way out: what an address with `..` in any encoding names is a matter of opinion. */
const isScim = ({ target }: FuzzRequest): boolean =>
  /^\/scim\/v2(\/|$|\?)/.test(target) && !/\.\.|%25|%2e/i.test(target.split('?')[0] ?? '');
const isToken = ({ target }: FuzzRequest): boolean => target.startsWith('/oauth2/token');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// In front of everything: a request that would certainly be refused is refused before anything is done for it. At three
// times the load that can be served, what refusing costs is what serving loses.
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { isScimPath } from '../normalPath.js';
import { type Gate } from './gate.js';
import { type Reason } from './lane.js';
import { OVER_SHARE, OVERLOADED, retryAfter } from './refusals.js';

/** Whether a request was answered here; then nobody else may. */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Settings {
  readonly gate: Gate;
  /** The tenant of a token that was seen to be good lately; asks nobody. */
  readonly tenantOf: (authorization: string | undefined) => string | undefined;
}

export function createFront({ gate, tenantOf }: Settings): Front {
  return (request, response) => {
    if (!gate.isBusy() || !isScimPath(pathOf(request))) return false;
    const tenant = tenantOf(request.headers.authorization);
    const why = tenant === undefined ? undefined : gate.refuseEarly(tenant);
    if (!why) return false;
    answer(response, why);
    return true;
  };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
};

const STATUS = { share: 429, overload: 503 } as const;

const scimBody = (status: number, detail: string): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail });

const BODIES = { share: scimBody(429, OVER_SHARE), overload: scimBody(503, OVERLOADED) } as const;

function answer(response: ServerResponse, why: Reason): void {
  response.writeHead(STATUS[why], [
    ...HEADERS,
    'Content-Length',
    String(Buffer.byteLength(BODIES[why])),
    'Retry-After',
    retryAfter(),
    'X-Request-Id',
    randomUUID(),
  ]);
  response.end(BODIES[why]);
}

/** As every answer has them. */
const HEADERS = [
  'Content-Type',
  'application/scim+json; charset=utf-8',
  'Content-Security-Policy',
  "default-src 'none';frame-ancestors 'none'",
  'X-Content-Type-Options',
  'nosniff',
];

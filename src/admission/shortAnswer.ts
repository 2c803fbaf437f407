// Answers of requests that are refused in front of everything, ready made, in the form of the face that was asked.
import { randomUUID } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import { SCIM_JSON, scimErrorBody } from '../scimErrorBody.js';
import { type Reason } from './lane.js';
import { OVER_SHARE, OVERLOADED, retryAfter } from './refusals.js';

/** Who was asked. */
export type Face = 'scim' | 'graphql' | 'token';

const STATUS = { share: 429, overload: 503 } as const satisfies Record<Reason, number>;
const DETAIL = { share: OVER_SHARE, overload: OVERLOADED } as const satisfies Record<Reason, string>;

/** Answers and ends; what is left of the request is not read. */
export function answerShortly(response: ServerResponse, face: Face, why: Reason): void {
  const requestId = randomUUID();
  const body = bodyOf(face, why, requestId);
  response.writeHead(STATUS[why], [
    ...HEADERS,
    'Content-Type',
    face === 'scim' ? SCIM_JSON : 'application/json; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Retry-After',
    retryAfter(),
    'X-Request-Id',
    requestId,
  ]);
  response.end(body);
}

/** As every answer has them. */
const HEADERS = [
  'Content-Security-Policy',
  "default-src 'none';frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy',
  'same-origin',
  'Referrer-Policy',
  'no-referrer',
  'Strict-Transport-Security',
  'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options',
  'nosniff',
  'X-Frame-Options',
  'SAMEORIGIN',
  'Cache-Control',
  'no-store',
];

function bodyOf(face: Face, why: Reason, requestId: string): string {
  switch (face) {
    case 'scim':
      return SCIM[why];
    case 'graphql': {
      const code = why === 'share' ? 'RATE_LIMITED' : 'UNAVAILABLE';
      return JSON.stringify({ errors: [{ message: DETAIL[why], extensions: { code, requestId } }] });
    }
    case 'token':
      return JSON.stringify({ error: 'temporarily_unavailable', error_description: DETAIL[why] });
  }
}

const scim = (why: Reason): string => JSON.stringify(scimErrorBody(STATUS[why], DETAIL[why]));
const SCIM = { share: scim('share'), overload: scim('overload') } as const;

// In front of everything: a request that would certainly be refused is refused before anything is done for it. At three
// times the load that can be served, what refusing costs is what serving loses.
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { isScimPath, normalPath, pathOf } from '../normalPath.js';
import { type Gate } from './gate.js';
import { type Pressure, type RequestClass } from './pressure.js';
import { answerShortly, type Face } from './shortAnswer.js';

/** Whether a request was answered here; then nobody else may. */
export type Front = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Whom a token stands for that was seen to be good lately. */
export interface KnownBearer {
  readonly tenantId: string;
  readonly analyst: boolean;
}

/** Who was refused: a class, because the process is overloaded, or a tenant that has its share. */
export type Refused = { readonly shed: RequestClass } | { readonly tenantId: string };

interface Settings {
  readonly gate: Gate;
  readonly pressure: Pressure;
  /** Asks nobody. */
  readonly bearerOf: (authorization: string | undefined) => KnownBearer | undefined;
  readonly onRefused: (request: IncomingMessage, status: number, whom: Refused) => void;
}

export function createFront({ gate, pressure, bearerOf, onRefused }: Settings): Front {
  return (request, response) => {
    if (pressure.level() === 0 && !gate.isBusy()) return false;
    const face = faceOf(request);
    if (!face) return false;
    const bearer = face === 'token' ? undefined : bearerOf(request.headers.authorization);
    const asks = classOf(face, request, bearer);
    if (pressure.sheds(asks)) {
      answerShortly(response, face, 'overload');
      onRefused(request, response.statusCode, { shed: asks });
      return true;
    }
    const why = face === 'scim' && bearer ? gate.refuseEarly(bearer.tenantId) : undefined;
    if (!why || !bearer) return false;
    answerShortly(response, face, why);
    onRefused(request, response.statusCode, { tenantId: bearer.tenantId });
    return true;
  };
}

function faceOf({ url = '/' }: IncomingMessage): Face | undefined {
  const path = pathOf(url);
  if (isScimPath(path)) return 'scim';
  const normal = normalPath(path);
  return normal === '/graphql' ? 'graphql' : normal === '/oauth2/token' ? 'token' : undefined;
}

function classOf(face: Face, { method, url = '' }: IncomingMessage, bearer: KnownBearer | undefined): RequestClass {
  switch (face) {
    case 'token':
      return 'token';
    case 'graphql':
      return bearer?.analyst ? 'analyst' : 'frontend';
    case 'scim':
      return method === 'GET' || method === 'HEAD' || url.includes('.search') ? 'scimRead' : 'scimWrite';
  }
}

// One SCIM request on its way through the handlers, and what is answered to it.
import { type IncomingMessage } from 'node:http';
import { type Readable } from 'node:stream';
import { type IntegrationActor } from '../directory/actor.js';
import { type RequestContext } from '../directory/scope.js';
import { type Deps } from '../deps.js';
import { Refusal } from '../refusal.js';
import { type Reading } from './canonical.js';

export interface Call {
  readonly deps: Deps;
  readonly actor: IntegrationActor;
  readonly request: RequestContext;
  readonly reading: Reading;
  readonly method: string;
  readonly query: URLSearchParams;
  /** The parsed body; undefined where the verb has none. */
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** The address of the SCIM face. */
  readonly base: string;
  /** Who asks, asked again: a Bulk request may outlive its permission. Refuses as the start of a request does. */
  readonly renewActor: () => Promise<IntegrationActor>;
  /** `performance.now()` when the request came in. */
  readonly started: number;
}

/** What answers a method at a path. */
export interface Route {
  /** Null where it is not one type of resource. */
  readonly resourceType: 'User' | 'Group' | null;
  readonly id: string | null;
  readonly hasBody: boolean;
  /** Needs full access. */
  readonly writes: boolean;
  /** What it counts for in its tenant's turn; 1 is a person read or changed. */
  readonly weight: (request: IncomingMessage) => number;
  readonly handle: (call: Call) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, whole or as a stream. */
  readonly body?: string | Readable;
}

/** RFC 7644 section 3.14 and RFC 9110 section 13.1.1. A value that is no ETag of this version never matches. */
export function refuseOtherVersion({ ifMatch }: Call, etag: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (ifMatch.split(',').some((one) => one.trim() === etag)) return;
  throw new Refusal(
    'versionMismatch',
    `The resource has changed meanwhile: it is now ${etag}. Read it again, then repeat the change.`,
  );
}

/** Whether the client has this version already. */
export const isKnownVersion = ({ ifNoneMatch }: Call, etag: string): boolean =>
  ifNoneMatch !== undefined && ifNoneMatch.split(',').some((one) => one.trim() === etag || one.trim() === '*');

// Speaks SCIM as Entra ID does: bearer token, no User-Agent, no Accept, a pause of everything when the server says
// 429, or 503 for a short time.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Meter } from '../report/meter.js';
import { SimulatorError } from '../simulatorError.js';
import { LostAnswer, type Method, type Transport, type WireAnswer } from './exchange.js';
import { CredentialsRefused, type TokenSource } from './token.js';

/** A JSON object as a server sends it. */
export type Json = Readonly<Record<string, unknown>>;

export interface Ask {
  /** What it is for, in the report: `create user`. */
  readonly kind: string;
  readonly method: Method;
  /** Appended to the Tenant URL as it is. */
  readonly path: string;
  readonly body?: unknown;
  /** Statuses that are an answer; any other is a Refused. */
  readonly wants: readonly number[];
}

export interface ScimAnswer {
  readonly status: number;
  /** Undefined where the answer has no body. */
  readonly body: Json | undefined;
}

export interface ScimClient {
  readonly tenantUrl: string;
  /** Throws Refused, LostAnswer, CredentialsRefused, or a SimulatorError. */
  ask(request: Ask): Promise<ScimAnswer>;
}

/** The server said no; `detail` are its own words. */
export class Refused extends Error {
  /** It said that this object is not to be tried again soon. */
  readonly later: boolean;

  constructor(
    readonly request: string,
    readonly status: number,
    readonly detail: string,
    { later = false } = {},
  ) {
    super(`${request}: ${status} ${detail}`);
    this.name = 'Refused';
    this.later = later;
  }
}

/** The server asks to wait for longer than a run can. */
export class AskedToWait extends Error {
  constructor(readonly seconds: number) {
    super(`the server asked to wait for ${seconds} s`);
  }
}

export interface ScimConnection {
  readonly tenantUrl: string;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly meter: Meter;
  /** Told of a pause the server asked for. */
  readonly paused?: (seconds: number, why: string) => void;
}

/** Entra's own limit is not known; a run in front of somebody cannot wait for longer. */
const LONGEST_PAUSE = 60;
const PAUSES = 10;
/** A server that is started again is waited for. */
const AWAY = { tries: 20, ms: 500 };

export function scimClient(connection: ScimConnection): ScimClient {
  const state: State = { pausedUntil: 0, reached: false };
  return {
    tenantUrl: connection.tenantUrl,
    async ask(request) {
      for (let pauses = 0; ; pauses += 1) {
        await untilResumed(state);
        const answer = await withToken(connection, state, request);
        const seconds = retryAfter(answer);
        if (seconds === undefined || pauses === PAUSES) return read(request, answer);
        if (seconds > LONGEST_PAUSE) throw heldOrWait(request, answer, seconds);
        connection.meter.retry();
        connection.paused?.(seconds, detailOf(answer));
        state.pausedUntil = Math.max(state.pausedUntil, performance.now() + seconds * 1000);
      }
    },
  };
}

/** 429 is about the whole job. A 503 for so long is about this object: the others go on, as other failures let them. */
const heldOrWait = (request: Ask, answer: WireAnswer, seconds: number): Error =>
  answer.status === 503
    ? new Refused(nameOf(request), answer.status, detailOf(answer), { later: true })
    : new AskedToWait(seconds);

const nameOf = ({ method, path }: Ask): string => `${method} ${path.split('?')[0] ?? ''}`;

interface State {
  pausedUntil: number;
  /** Whether the server has ever answered. */
  reached: boolean;
}

async function untilResumed(state: State): Promise<void> {
  for (let left = state.pausedUntil - performance.now(); left > 0; left = state.pausedUntil - performance.now()) {
    await sleep(left);
  }
}

/** Undefined unless the server asks to wait: 429, or 503 with Retry-After. */
function retryAfter({ status, headers }: WireAnswer): number | undefined {
  const given = Number(headers['retry-after'] ?? NaN);
  if (status === 429) return Number.isFinite(given) ? Math.max(given, 0.1) : 1;
  return status === 503 && Number.isFinite(given) ? given : undefined;
}

/** A token that is refused is asked for once more: it may have expired on the way. */
async function withToken(connection: ScimConnection, state: State, request: Ask): Promise<WireAnswer> {
  for (let tries = 0; ; tries += 1) {
    const token = await connection.tokens.token();
    const answer = await onceReached(connection, state, request, token);
    if (answer.status !== 401) return answer;
    connection.tokens.refused(token);
    connection.meter.retry();
    if (tries === 2) throw new CredentialsRefused(`${request.method} ${request.path}: 401 ${detailOf(answer)}`);
  }
}

async function onceReached(connection: ScimConnection, state: State, request: Ask, token: string): Promise<WireAnswer> {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await send(connection, request, token);
      state.reached = true;
      return answer;
    } catch (error) {
      const away = error instanceof SimulatorError && error.kind === 'notReachable';
      if (!away || !state.reached || tries === AWAY.tries) throw error;
      connection.meter.retry();
      await sleep(AWAY.ms);
    }
  }
}

async function send(connection: ScimConnection, ask: Ask, token: string): Promise<WireAnswer> {
  const { meter, transport, tenantUrl } = connection;
  const { kind, method, path } = ask;
  const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json; charset=utf-8' }),
  };
  const sent = body === undefined ? 0 : Buffer.byteLength(body);
  const started = performance.now();
  meter.inFlight(1);
  try {
    const answer = await transport.send({
      method,
      url: tenantUrl + path,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const received = Buffer.byteLength(answer.body);
    meter.request({ kind, status: answer.status, ms: performance.now() - started, sent, received });
    return answer;
  } catch (error) {
    if (error instanceof LostAnswer) {
      meter.request({ kind, status: 'lost', ms: performance.now() - started, sent, received: 0 });
    }
    throw error;
  } finally {
    meter.inFlight(-1);
  }
}

function read(ask: Ask, answer: WireAnswer): ScimAnswer {
  const { wants } = ask;
  const request = nameOf(ask);
  if (!wants.includes(answer.status)) throw new Refused(request, answer.status, detailOf(answer));
  if (answer.body === '') return { status: answer.status, body: undefined };
  const body = objectFrom(answer.body);
  if (!body) throw new Refused(request, answer.status, `The answer is no JSON object: ${answer.body.slice(0, 200)}`);
  return { status: answer.status, body };
}

/** The `detail` of a SCIM error, else whatever there is. */
function detailOf({ body }: WireAnswer): string {
  const { detail } = objectFrom(body) ?? {};
  return typeof detail === 'string' ? detail : body.slice(0, 300);
}

export function objectFrom(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

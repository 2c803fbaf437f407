// One request that carries values of another tenant, and what asks and answers it.
import http from 'node:http';
import { type Caller } from './inhabit.js';
import { type Values } from './values.js';

export interface Asked {
  readonly method: string;
  /** With the query, as it goes out. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; a string goes out as a form. */
  readonly body?: unknown;
}

export interface Probe {
  readonly name: string;
  readonly as: Caller;
  /** Whether it may change something. */
  readonly writes: boolean;
  /** The request with values of somebody, asked by a tenant with values of its own. */
  readonly ask: (given: Values, own: Values) => Asked;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Ends the connections that were kept. */
export const hangUp = (): void => agent.destroy();

/** Sends a request exactly as it is: neither path nor headers are put in order on their way. */
export function send(url: string, { method, path, headers = {}, body }: Asked, token: string): Promise<Answered> {
  const { hostname, port } = new URL(url);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const all = {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(text === undefined ? {} : { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(text)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, hostname, port, method, path, headers: all, timeout: 20_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('timeout', () => request.destroy(new Error(`No answer to ${method} ${path}`)));
    request.on('error', reject);
    request.end(text);
  });
}

// A server with one known fault: stands before the real one and changes or swallows what passes.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Json } from '../support/tenant.js';

export interface Passing {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; the text of a form; undefined where there is none. */
  readonly body: Json;
}

export interface Given {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** Answers in the server's place, or lets pass what it returns as body. */
export type Fault = (request: Passing, pass: (body?: Json) => Promise<Given>) => Promise<Given>;

export interface FaultyServer {
  readonly url: string;
  readonly seen: readonly Passing[];
  stop(): Promise<void>;
}

export async function faultyServer(behind: string, fault: Fault): Promise<FaultyServer> {
  const seen: Passing[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const passing: Passing = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: text.startsWith('{') ? JSON.parse(text) : text || undefined,
    };
    seen.push(passing);
    const given = await fault(passing, (body) => send(behind, passing, body ?? passing.body));
    response.writeHead(given.status, { 'Content-Type': 'application/scim+json', ...given.headers });
    response.end(given.body === undefined ? undefined : JSON.stringify(given.body));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

async function send(behind: string, { method, path, headers }: Passing, body: Json): Promise<Given> {
  const { authorization, 'content-type': type } = headers;
  const response = await fetch(behind + path, {
    method,
    headers: { ...(authorization && { authorization }), ...(type && { 'Content-Type': type }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : { body: JSON.parse(text) }) };
}

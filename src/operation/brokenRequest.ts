// Requests that Node's HTTP parser gives up on, and those it should: they never reach a face, but are answered with a
// body that says why.
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Middleware } from 'koa';
import { answerError, errorBody } from './errorAnswer.js';

type Reason = readonly [status: number, detail: string];

const REASONS: Readonly<Record<string, Reason>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request line and headers may have 40 KiB together. A long filter fits into POST /.search.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** Answers what the server's parser refuses, on the path that it was about as far as that is known. */
export function answerBrokenRequests(server: Server): void {
  // A body can be broken long after its head; its packet does not say whose it is.
  const latest = new WeakMap<Duplex, { readonly url: string; readonly response: ServerResponse }>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
    latest.set(request.socket, { url: request.url ?? '/', response }),
  );
  server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex) => {
    const { url, response } = latest.get(socket) ?? {};
    // A second answer to one request would be taken for the answer to the next.
    const isAnswered = response?.headersSent === true && !response.req.complete;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswered) return void socket.destroy();
    const reason = REASONS[error.code ?? ''] ?? [400, 'This is not a valid HTTP request.'];
    const [, path = url?.replace(/\?.*/s, '') ?? '/'] =
      /^[^ ]* (\/[^ ?]*)/.exec(error.rawPacket?.toString('latin1', 0, 8192) ?? '') ?? [];
    end(socket, path, reason);
  });
  // Node would close the connection without a word.
  server.on('connect', ({ url = '' }, socket: Duplex) => {
    const path = url.startsWith('/') ? url.replace(/\?.*/s, '') : '/';
    end(socket, path, [405, 'This is no proxy.'], { Allow: 'GET, HEAD, POST' });
  });
}

function end(socket: Duplex, path: string, [status, detail]: Reason, more: Readonly<Record<string, string>> = {}) {
  const { type, body } = errorBody(path, status, detail);
  const headers = { Connection: 'close', 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

const MOST_HEADERS = 100;

/** RFC 9112 section 3.2: one Host, a valid one, in HTTP/1.1. And no more headers than anybody has use for. */
export const soundHead: Middleware = async (ctx, next) => {
  const { rawHeaders, httpVersion } = ctx.req;
  // Node leaves out what is above its own limit, whatever it says: a second Content-Length, or who asks.
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    return answerError(ctx, 431, `A request may have ${MOST_HEADERS} headers.`, { Connection: 'close' });
  }
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host');
  if (hosts.length === 0 && httpVersion === '1.1')
    return answerError(ctx, 400, 'A request of HTTP/1.1 needs a Host header.');
  if (hosts.length > 1) return answerError(ctx, 400, 'A request may have one Host header.');
  if (!HOST.test(ctx.req.headers.host ?? ''))
    return answerError(ctx, 400, 'The Host header is a host name and perhaps a port.');
  await next();
};

/** RFC 3986 sections 3.2.2 and 3.2.3, without user information. */
const HOST = /^(?:[\w.~%!$&'()*+,;=-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

// Requests that Node's HTTP parser gives up on: they never reach Koa, but are answered with a body that says why.
import { type Server, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Middleware } from 'koa';
import { answerError, errorBody } from './errorAnswer.js';

const REASONS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request line and headers may have 40 KiB together. A long filter fits into POST /.search.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** Answers what the server's parser refuses, on the path that it was about as far as that is known. */
export function answerBrokenRequests(server: Server): void {
  // A body can be broken long after its head; its packet does not say whose it is.
  const paths = new WeakMap<Duplex, string>();
  server.prependListener('request', ({ socket, url }) => paths.set(socket, url ?? '/'));
  server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, detail] = REASONS[error.code ?? ''] ?? [400, 'This is not a valid HTTP request.'];
    const [, path = paths.get(socket)?.replace(/\?.*/s, '') ?? '/'] =
      /^[^ ]* (\/[^ ?]*)/.exec(error.rawPacket?.toString('latin1', 0, 8192) ?? '') ?? [];
    const { type, body } = errorBody(path, status, detail);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

/** RFC 9112 section 3.2: a request of HTTP/1.1 without a Host is 400. */
export const requireHost: Middleware = async (ctx, next) => {
  if (ctx.req.headers.host !== undefined || ctx.req.httpVersion !== '1.1') await next();
  else answerError(ctx, 400, 'A request of HTTP/1.1 needs a Host header.');
};

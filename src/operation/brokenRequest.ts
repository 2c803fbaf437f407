// Requests that Node's HTTP parser gives up on: they never reach Koa, but are answered with a body that says why.
import { STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { errorBody } from './errorAnswer.js';

const REASONS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request line and headers may have 40 KiB together. A long filter fits into POST /.search.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** Listener of the server's `clientError`. */
export function answerBrokenRequest(error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, detail] = REASONS[error.code ?? ''] ?? [400, 'This is not a valid HTTP request.'];
  const [, path = '/'] = /^[A-Z]+ ([^ ?]*)/.exec(error.rawPacket?.toString('latin1', 0, 512) ?? '') ?? [];
  const { type, body } = errorBody(path, status, detail);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

// The smallest HTTP/1.1 client that does: one kept-alive connection, one request at a time, nothing but the status and
// the body. The load generator shares two cores with what it measures, so it must cost little.
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Header lines sent with every request, each ending in CRLF. */
  readonly headers: string;
  /** Of bodies; that of SCIM where it is absent. */
  readonly contentType?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export interface Connection {
  /** Rejects when the connection ends before the answer is complete. */
  send(method: string, path: string, body?: string): Promise<Reply>;
  close(): void;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export async function openConnection(target: Target): Promise<Connection> {
  const { host, port, headers, contentType = 'application/scim+json' } = target;
  const socket = await connected(host, port);
  socket.setNoDelay(true).setEncoding('latin1');
  const state: { received: string; waiting?: Waiting } = { received: '' };
  socket.on('data', (chunk: string) => {
    state.received += chunk;
    const reply = replyFrom(state.received);
    if (!reply) return;
    state.received = '';
    state.waiting?.resolve(reply);
  });
  const fail = (error: Error) => state.waiting?.reject(error);
  socket.on('error', fail).on('close', () => fail(new Error('The server closed the connection')));
  const common = `HTTP/1.1\r\nHost: ${host}:${port}\r\n${headers}`;
  return {
    send: (method, path, body) =>
      new Promise<Reply>((resolve, reject) => {
        state.waiting = { resolve, reject };
        const content =
          body === undefined
            ? '\r\n'
            : `Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
        socket.write(`${method} ${path} ${common}${content}`, 'utf8');
      }),
    close: () => socket.destroy(),
  };
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    socket.once('error', reject).once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Undefined while something of the answer is missing. */
function replyFrom(received: string): Reply | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const status = Number(received.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end))?.[1];
  const body = received.slice(end + 4);
  if (length !== undefined) return body.length >= Number(length) ? { status, body } : undefined;
  if (status === 204 || status === 304) return { status, body: '' };
  return body.endsWith('0\r\n\r\n') ? { status, body: joined(body) } : undefined;
}

/** The chunks of a streamed body: RFC 9112 section 7.1. */
function joined(chunks: string): string {
  const parts: string[] = [];
  for (let at = 0; ;) {
    const begin = chunks.indexOf('\r\n', at) + 2;
    const length = parseInt(chunks.slice(at, begin), 16);
    if (!(length > 0)) return parts.join('');
    parts.push(chunks.slice(begin, begin + length));
    at = begin + length + 2;
  }
}

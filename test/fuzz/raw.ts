// A client on a bare socket: it sends what node:http would refuse to send, and reads what comes back byte for byte.
import { connect, type Socket } from 'node:net';
import { parseAnswers, type RawAnswer } from './rawAnswer.js';

export interface Outcome {
  /** Several where a misframed body is read as the next request. */
  readonly answers: readonly RawAnswer[];
  /** Milliseconds from the request's last byte to the end of the answer, or of the connection. */
  readonly ms: number;
  /** How it ended: `hung` is neither answered nor closed in time. */
  readonly ended: 'answered' | 'closed' | 'hung' | 'refused';
}

export interface Sending {
  readonly bytes: Buffer;
  /** A HEAD has no body in its answer, whatever its headers say. */
  readonly isHead: boolean;
  /** Nothing of the server can be expected before the client has closed its side. */
  readonly mayWait: boolean;
}

export interface RawClient {
  send(sending: Sending): Promise<Outcome>;
  close(): void;
}

/** Whoever has not answered by then never will. What takes longer than it should is `isSlow`. */
const MOST_MS = 15_000;
/** How long a misframed request may be thought about before the client hangs up. */
const PATIENCE_MS = 60;

/** One request at a time on a connection that is kept alive, and opened again whenever the server has closed it. */
export function rawClient(port: number, mostMs = MOST_MS): RawClient {
  const kept: { socket?: Socket } = {};
  const drop = () => {
    kept.socket?.destroy();
    delete kept.socket;
  };
  return {
    async send(sending) {
      if (sending.mayWait) drop();
      if (!kept.socket || kept.socket.destroyed || kept.socket.readableEnded) {
        kept.socket = await connected(port).catch(() => undefined);
      }
      if (!kept.socket) return { answers: [], ms: 0, ended: 'refused' };
      const outcome = await exchange(kept.socket, sending, mostMs);
      const closes = outcome.answers.some(({ headers }) => headers.get('connection') === 'close');
      if (sending.mayWait || outcome.ended !== 'answered' || closes || outcome.answers.length > 1) drop();
      return outcome;
    },
    close: drop,
  };
}

function exchange(socket: Socket, { bytes, isHead, mayWait }: Sending, mostMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let began = performance.now();
    const settle = (ended: Outcome['ended']) => {
      clearTimeout(patience);
      clearTimeout(deadline);
      socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
      // A connection that is thrown away may still complain.
      socket.on('error', () => undefined);
      const { answers } = parseAnswers(Buffer.concat(chunks), isHead, ended === 'closed');
      resolve({
        answers,
        ms: performance.now() - began,
        ended: answers.length > 0 && ended === 'closed' ? 'answered' : ended,
      });
    };
    const patience = mayWait ? setTimeout(() => socket.end(), PATIENCE_MS) : undefined;
    const deadline = setTimeout(() => settle('hung'), mostMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      // What follows a misframed body is looked at too: until the server closes.
      if (!mayWait && parseAnswers(Buffer.concat(chunks), isHead, false).isComplete) settle('answered');
    });
    socket.on('close', () => settle('closed')).on('error', () => settle('closed'));
    socket.write(bytes, () => (began = performance.now()));
    began = performance.now();
  });
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setNoDelay(true);
    socket.once('error', reject).once('connect', () => {
      socket.off('error', reject).on('end', () => socket.end());
      resolve(socket);
    });
  });
}

// A caller on a bare socket, as slow and as silent as a test wants it.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAnswers, type RawAnswer } from '../fuzz/rawAnswer.js';

export interface Caller {
  readonly socket: Socket;
  /** Writes the text a character at a time, until it is written or the server has closed. */
  readonly drip: (text: string, everyMs: number) => Promise<void>;
  /** Resolves when the server has closed: with what it answered and the milliseconds since the caller came. */
  readonly closed: Promise<{ readonly answers: readonly RawAnswer[]; readonly ms: number }>;
}

export function caller(url: string, isHead = false): Caller {
  const came = performance.now();
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  // A connection that is thrown away may complain.
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<Awaited<Caller['closed']>>((resolve) =>
    socket.on('close', () => {
      const { answers } = parseAnswers(Buffer.concat(chunks), isHead, true);
      resolve({ answers, ms: performance.now() - came });
    }),
  );
  return {
    socket,
    closed,
    async drip(text, everyMs) {
      for (const character of text) {
        if (socket.destroyed || socket.readableEnded) return;
        socket.write(character);
        await sleep(everyMs);
      }
    },
  };
}

/** How long a caller who has an answer waits for one more, to something that was smuggled in. */
const ONE_MORE_MS = 60;

/** Sends the text, and hangs up when no more answers come. Those until the server has closed; none in `mostMs` is an error. */
export async function answersTo(url: string, text: string | Buffer, mostMs = 10_000): Promise<readonly RawAnswer[]> {
  const { socket, closed } = caller(url, Buffer.from(text).toString('latin1', 0, 5) === 'HEAD ');
  const late = setTimeout(() => socket.destroy(), mostMs);
  // Node forgets the answer to somebody who has hung up.
  socket.once('data', () => setTimeout(() => socket.end(), ONE_MORE_MS));
  socket.write(text);
  const { answers, ms } = await closed;
  clearTimeout(late);
  if (ms >= mostMs) throw new Error(`No answer in ${mostMs} ms`);
  return answers;
}

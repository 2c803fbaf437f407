// Requests over kept-alive connections. node:http sends no header of its own but Host, Connection and Content-Length:
// Entra ID sends neither User-Agent nor Accept, which has broken servers.
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';
import { SimulatorError } from '../simulatorError.js';
import { LostAnswer, type Transport, type WireAnswer, type WireRequest } from './exchange.js';

/** So long may an answer take. */
const PATIENCE = 60_000;

/** `ca`: certificates to trust, in PEM. */
export function httpTransport(connections: number, ca?: string): Transport {
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  const plain = new Agent(options);
  const secure = new SecureAgent({ ...options, ...(ca === undefined ? {} : { ca }) });
  return {
    send: (request) => sendOver(request, request.url.startsWith('https:') ? secure : plain),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function sendOver(request: WireRequest, agent: Agent): Promise<WireAnswer> {
  const { method, url, headers, body, fault } = request;
  const given: RequestOptions = { method, agent, timeout: PATIENCE, headers: { ...headers, ...lengthOf(body) } };
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const sending = open(url, given, (answer) => {
      if (fault?.kind === 'loseAnswer') {
        reject(new LostAnswer('the connection was cut on purpose'));
        answer.on('error', () => undefined).destroy();
      } else readAnswer(answer).then(resolve, reject);
    });
    sending.on('timeout', () => sending.destroy(new LostAnswer(`nothing came for ${PATIENCE / 1000} s`)));
    sending.on('error', (error) => reject(failureOf(error, url)));
    write(sending, request);
  });
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };

function write(sending: ClientRequest, { body = '', fault }: WireRequest): void {
  switch (fault?.kind) {
    case 'cutRequest': {
      const cut = () => sending.destroy(new LostAnswer('the request was cut on purpose'));
      if (body === '') sending.flushHeaders();
      else sending.write(halves(body)[0]);
      setTimeout(cut, 2);
      return;
    }
    case 'slow': {
      const [first, second] = halves(body);
      if (body !== '') sending.write(first);
      setTimeout(() => sending.end(second), fault.ms);
      return;
    }
    default:
      sending.end(body);
  }
}

const halves = (body: string): [string, string] => {
  const half = Math.floor(body.length / 2);
  // Not between the two parts of one character.
  const at = /[\ud800-\udbff]/.test(body[half - 1] ?? '') ? half - 1 : half;
  return [body.slice(0, at), body.slice(at)];
};

async function readAnswer(answer: IncomingMessage): Promise<WireAnswer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of answer) parts.push(part as Buffer);
  } catch (error) {
    throw new LostAnswer((error as Error).message);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString('utf8') };
}

const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

function failureOf(error: Error & { code?: string }, url: string): Error {
  if (error instanceof LostAnswer) return error;
  if (NOBODY_THERE.has(error.code ?? '')) {
    return new SimulatorError('notReachable', `Nobody answers at ${new URL(url).origin}: ${error.message}`);
  }
  return new LostAnswer(error.message);
}

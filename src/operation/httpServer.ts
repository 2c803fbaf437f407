// Node's HTTP server with limits that hold: who sends slowly, keeps silent or does not read loses the connection.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { answerBrokenRequests } from './brokenRequest.js';

/** Milliseconds. */
export interface Times {
  /** From the connection, or the answer before, to the end of the headers. */
  readonly headers: number;
  /** To the end of the body. */
  readonly request: number;
  /** Between an answer and the next request. */
  readonly idle: number;
  /** Without a byte in either direction: a caller who does not read the answer. */
  readonly silence: number;
  /** How often the first two are looked at. */
  readonly look: number;
}

const TIMES: Times = {
  headers: 10_000,
  request: 60_000,
  // Longer than a load balancer's 60 s: it, not we, ends a connection that it may be about to use.
  idle: 65_000,
  // Longer than any answer takes to begin.
  silence: 120_000,
  // Node's own is 30 s.
  look: 2000,
};

/** A server that does not listen yet. */
export function httpServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  times: Times = TIMES,
): http.Server {
  const server = http.createServer({
    headersTimeout: times.headers,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.look,
    keepAliveTimeout: times.idle,
    // Otherwise one second longer, by Node.
    keepAliveTimeoutBuffer: 0,
    maxHeaderSize: 40 * 1024,
    // `soundHead` answers with a body, Node without.
    requireHostHeader: false,
  });
  server.setTimeout(times.silence);
  // Callers come back through the load balancer, and so to new processes too.
  server.maxRequestsPerSocket = 10_000;
  server.on('request', listener);
  // RFC 9110 section 10.1.1 lets a server ignore what it does not know; Node would answer 417 without a body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  answerBrokenRequests(server);
  return server;
}

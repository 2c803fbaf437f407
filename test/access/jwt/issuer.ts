// An identity provider of our own on loopback: its keys, how often they were asked for, and how it can fail.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startServer, theDatabase, type TestServer } from '../../support/server.js';
import { temporaryFolder } from '../../support/database.js';
import { ecKeys, type Fields, type Honest, type KeyPair, rsaKeys } from './forge.js';

export interface TestIssuer extends KeyPair {
  /** Its `iss`; the keys are below it. */
  readonly url: string;
  readonly jwksUrl: string;
  readonly alg: 'RS256' | 'ES256';
  readonly kid: string;
  /** How often its keys were asked for. */
  fetches(): number;
  /** From now on it answers like this; without an argument as it should. */
  answerWith(answer?: RequestListener): void;
  close(): Promise<void>;
  /** A token like this, not signed yet. */
  honest(payload: Fields, header?: Fields): Honest;
}

/** Starts an issuer with one key. */
export async function anIssuer(alg: TestIssuer['alg'], kid = `${alg}/key+1=`): Promise<TestIssuer> {
  const pair = alg === 'RS256' ? rsaKeys() : ecKeys();
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg };
  const rightly: RequestListener = (_, response) => void response.end(JSON.stringify({ keys: [jwk] }));
  const state = { fetches: 0, answer: rightly };
  const server = createServer((request, response) => {
    state.fetches += 1;
    state.answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...pair,
    url,
    jwksUrl: `${url}/keys`,
    alg,
    kid,
    fetches: () => state.fetches,
    answerWith: (answer = rightly) => void (state.answer = answer),
    close: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
    honest(payload, header = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const claims = { iss: url, iat, exp: iat + 3600, ...payload };
      return { header: { alg, kid, ...header }, payload: claims, ...pair };
    },
  };
}

/** A server beside the run's own, on the same database, that trusts what the file says. */
export async function serverTrusting(issuers: readonly Fields[]): Promise<TestServer> {
  const { environment } = await theDatabase();
  return startServer({ ...environment, TRUSTED_ISSUERS_FILE: await issuerFile({ issuers }) });
}

/** Writes a document of trusted issuers, and returns its path. */
export async function issuerFile(document: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'issuers.json');
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

// Runs a corpus against one kind of token: the honest one first, then every attack, each its own test.
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Arsenal, type Attack, ecKeys, edKeys, type Honest, reissued, rsaKeys } from './forge.js';

/** What came back for a token. */
export interface Outcome {
  readonly status: number;
  readonly wwwAuthenticate: string | null;
  /** Whether the token gave anything: a page of people, data, an access token. */
  readonly gave: boolean;
}

/** A kind of token: how to forge one, and where it is shown. */
export interface Target {
  honest(): Honest;
  present(token: string): Promise<Outcome>;
}

interface Expected {
  readonly statuses: readonly number[];
  readonly wwwAuthenticate: RegExp;
}

export const BEARER: Expected = { statuses: [401], wwwAuthenticate: /^Bearer error="invalid_token"$/ };

export interface Listener extends Arsenal {
  connections(): number;
  close(): Promise<void>;
}

/** The attacker's keys, and a server of the attacker's that counts who connects. */
export async function attacker(): Promise<Listener> {
  const [ec, rsa, ed] = [ecKeys(), rsaKeys(), edKeys()];
  const keys = [ec, rsa].map(({ publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid: 'attacker' }));
  const count = { connections: 0 };
  const server = createServer((_, response) => void response.end(JSON.stringify({ keys })));
  server.on('connection', () => (count.connections += 1)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ec,
    rsa,
    ed,
    url: `http://127.0.0.1:${port}`,
    connections: () => count.connections,
    close: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Declares the tests. All tokens are shown at once, so that what waits for unknown keys waits together. */
export function attackWith(attacks: readonly Attack[], target: () => Target, expected: Expected = BEARER): void {
  const outcomes = new Map<string, Outcome>();
  let listener: Listener;

  before(async function () {
    this.timeout(60_000);
    listener = await attacker();
    const attacked = target();
    await Promise.all(
      attacks.map(async ({ name, token }) =>
        outcomes.set(name, await attacked.present(token(attacked.honest(), listener))),
      ),
    );
  });
  after(() => listener.close());

  it('is accepted when it is honest, and reissued by the same builder', async () => {
    const attacked = target();
    for (const changed of [{}, { exp: attacked.honest().payload.exp - 1 }]) {
      expect(await attacked.present(reissued(attacked.honest(), changed))).to.include({ status: 200, gave: true });
    }
  });

  for (const { name } of attacks) {
    it(name, () => {
      const { status, wwwAuthenticate, gave } = outcomes.get(name) ?? { status: 0, wwwAuthenticate: null, gave: true };
      expect(gave).to.equal(false);
      expect(status).to.be.oneOf([...expected.statuses]);
      if (status === 401) expect(wwwAuthenticate).to.match(expected.wwwAuthenticate);
    });
  }

  it('J3: nobody has connected to where the headers pointed', () => {
    expect(new Set(attacks.map(({ name }) => name)).size, 'every attack has a name of its own').to.equal(
      attacks.length,
    );
    expect(listener.connections()).to.equal(0);
  });
}

// A way to the database of this run that can be cut: connections end, or go silent as over a cut network.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { parse } from 'pg-connection-string';

export interface DatabaseProxy {
  /** The database's URL through the proxy. */
  readonly url: string;
  /** `silent`: nothing passes, and nobody is told. `closed`: connections end, and no new one is taken. */
  set(state: 'open' | 'silent' | 'closed'): void;
  close(): Promise<void>;
}

export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const { host, port, user, password, database } = parse(url);
  const target = host?.startsWith('/')
    ? { path: `${host}/.s.PGSQL.${port ?? '5432'}` }
    : { host: host ?? 'localhost', port: Number(port ?? 5432) };
  const sockets = new Set<Socket>();
  const now = { state: 'open' };
  const server = createServer((socket) => {
    if (now.state === 'closed') return socket.destroy();
    const onward = connect(target);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      if (now.state === 'silent') one.pause();
      one.on('data', (bytes) => void other.write(bytes));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    return socket;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `postgresql://${user}:${String(password)}@${at}/${database}?sslmode=disable`,
    set: (state) => {
      now.state = state;
      for (const socket of sockets) {
        if (state === 'closed') socket.destroy();
        else if (state === 'silent') socket.pause();
        else socket.resume();
      }
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

// A load balancer as small as one can be: each request goes to the next of its targets, and to the one after where
// nobody listens. What breaks after it was sent is 502: whether it was done is not known.
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Balancer {
  readonly url: string;
  /** Base URLs, in turn. */
  targets: readonly string[];
  /** Which target answered the requests so far, in order. */
  readonly answered: string[];
  close(): Promise<void>;
}

export async function balancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  const turn = { next: 0 };
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const first = turn.next++;
    for (const [n] of self.targets.entries()) {
      const target = self.targets[(first + n) % self.targets.length] ?? '';
      const outcome = await send(target, incoming, Buffer.concat(chunks), outgoing, agent);
      if (outcome === 'nobody listens') continue;
      self.answered.push(target);
      return;
    }
    outgoing.writeHead(502).end('nobody listens');
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: Balancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets: [],
    answered: [],
    async close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
  return self;
}

function send(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  agent: Agent,
): Promise<'answered' | 'broken' | 'nobody listens'> {
  return new Promise((resolve) => {
    const asking = request(`${target}${url}`, { method, headers, agent });
    asking.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
      response.on('end', () => resolve('answered')).on('error', () => (outgoing.destroy(), resolve('broken')));
    });
    asking.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') return resolve('nobody listens');
      if (!outgoing.headersSent) outgoing.writeHead(502).end(String(error.code));
      resolve('broken');
    });
    asking.end(body);
  });
}

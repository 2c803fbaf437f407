// The load, from a process of its own: each stream asks as one tenant, at a rate that does not care for answers (open
// loop) or with so many requests under way. A small mixed Entra load: find, create, change, read.
import { connect, type Socket } from 'node:net';

export interface Stream {
  readonly token: string;
  /** Ids of people it changes and reads. */
  readonly people: readonly string[];
  /** Requests a second, answered or not; absent: as many as the sockets allow. */
  readonly rate?: number;
  readonly sockets: number;
}

export interface LoadOrder {
  readonly port: number;
  readonly seconds: number;
  /** Of these, so many at the beginning do not count: a burst is waited out, and what is measured is what lasts. */
  readonly before?: number;
  readonly streams: readonly Stream[];
}

export interface StreamReport {
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from when a request was due to the end of its answer, of those that were served. */
  readonly served: readonly number[];
  /** For each second, how many were served. */
  readonly perSecond: readonly number[];
}

process.on('message', ({ port, seconds, before = 0, streams }: LoadOrder) => {
  void Promise.all(streams.map((stream, at) => run(stream, at, port, seconds, before))).then((reports) =>
    process.send?.(reports),
  );
});

interface Line {
  readonly socket: Socket;
  answered?: (status: number) => void;
  rest: string;
}

async function run(stream: Stream, at: number, port: number, seconds: number, before: number): Promise<StreamReport> {
  const lines = await Promise.all(Array.from({ length: stream.sockets }, () => open(port)));
  const free = [...lines];
  const due: number[] = [];
  const statuses: Record<string, number> = {};
  const served: number[] = [];
  const perSecond: number[] = Array.from({ length: seconds }, () => 0);
  const start = performance.now();
  const end = start + seconds * 1000;
  let n = 0;
  const send = (line: Line, since: number) => {
    line.answered = (status) => {
      const now = performance.now();
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status < 300) {
        if (now - start >= before * 1000 && now < end) served.push(now - since);
        const second = Math.floor((now - start) / 1000);
        if (second < seconds) perSecond[second] = (perSecond[second] ?? 0) + 1;
      }
      const next = stream.rate === undefined ? (now < end ? now : undefined) : due.shift();
      if (next === undefined) free.push(line);
      else send(line, next);
    };
    line.socket.write(request(stream, at, n++));
  };
  if (stream.rate === undefined) for (const line of free.splice(0)) send(line, start);
  else
    await arrive(stream.rate, end, (since) => {
      const line = free.pop();
      if (line) send(line, since);
      else due.push(since);
    });
  while (performance.now() < end) await wait(20);
  statuses.unsent = due.splice(0).length;
  for (const until = performance.now() + 3000; free.length < lines.length && performance.now() < until;) await wait(20);
  for (const { socket } of lines) socket.destroy();
  return { statuses, served, perSecond };
}

async function arrive(rate: number, end: number, one: (since: number) => void): Promise<void> {
  const gap = 1000 / rate;
  for (let next = performance.now(); next < end;) {
    for (const now = performance.now(); next <= now; next += gap) one(next);
    await wait(2);
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function open(port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(line));
    const line: Line = { socket, rest: '' };
    socket.setNoDelay(true).once('error', reject);
    socket.on('data', (bytes) => {
      line.rest += bytes.toString('latin1');
      const head = line.rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(line.rest.slice(0, head))?.[1] ?? 0);
      if (line.rest.length < head + 4 + length) return;
      const status = Number(line.rest.slice(9, 12));
      line.rest = line.rest.slice(head + 4 + length);
      line.answered?.(status);
    });
  });
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function request({ token, people }: Stream, at: number, n: number): string {
  const id = people[n % people.length] ?? '';
  const name = `${process.pid}.${at}.${n}.${Date.now()}@load.example`;
  const kinds = [
    () => text('GET', `/Users?filter=userName+eq+%22${name}%22`, token),
    () => text('POST', '/Users', token, { schemas: [USER], userName: name, displayName: 'Load' }),
    () => {
      const operation = { op: 'Replace', path: `${ENTERPRISE}:department`, value: `Department ${n}` };
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] };
      return text('PATCH', `/Users/${id}`, token, body);
    },
    () => text('GET', `/Users/${id}`, token),
  ];
  return kinds[n % kinds.length]?.() ?? '';
}

function text(method: string, path: string, token: string, body?: unknown): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  const about = body === undefined ? '' : `Content-Type: application/scim+json\r\nContent-Length: ${json.length}\r\n`;
  return `${method} /scim/v2${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${about}\r\n${json}`;
}

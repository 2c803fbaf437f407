import { expect } from 'chai';
import { type AddressInfo } from 'node:net';
import { createServer, request } from 'node:http';
import { type RawAnswer } from '../fuzz/rawAnswer.js';
import { rawClient } from '../fuzz/raw.js';
import { aGroup, aUser, unique } from '../support/builders.js';
import { runsOf } from '../support/property.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { spellingsOf } from './spellings.js';

interface Base {
  readonly path: string;
  readonly method: string;
  readonly body?: string;
}

interface Probe {
  readonly target: string;
  readonly base: Base;
  readonly answer: RawAnswer | undefined;
}

/** How many pairs of each two families. */
const PAIRS = runsOf({ usual: 1, deep: 6 });

describe('other spellings of a path', function () {
  this.timeout(180_000);
  let tenant: TestTenant;
  let bases: readonly Base[];
  /** In everything that is data. */
  const canary = `canary${unique()}`;
  before(async () => {
    tenant = await aTenant();
    const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;
    const person = idOf(await tenant.scim('POST', '/Users', aUser({ displayName: canary })));
    const group = idOf(
      await tenant.scim('POST', '/Groups', aGroup({ displayName: canary, members: [{ value: person }] })),
    );
    const search = JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'id pr',
    });
    bases = [
      { method: 'GET', path: '/scim/v2/Users' },
      { method: 'GET', path: `/scim/v2/Users/${person}` },
      { method: 'GET', path: `/scim/v2/Groups/${group}` },
      { method: 'POST', path: '/scim/v2/.search', body: search },
      { method: 'POST', path: '/graphql', body: '{"query":"{ users { nodes { displayName } } }"}' },
    ];
  });

  /** Asks for every spelling on connections that are kept. */
  async function walk(url: string, tokenFor: (base: Base) => string | undefined, paths = bases): Promise<Probe[]> {
    const open = paths.flatMap((base) =>
      [base.path, ...spellingsOf(base.path, PAIRS)].map((target) => ({ base, target })),
    );
    const probes: Probe[] = [];
    const ask = async () => {
      const client = rawClient(Number(new URL(url).port));
      for (let next = open.pop(); next; next = open.pop()) {
        const { base, target } = next;
        const bytes = bytesOf(base, target, tokenFor(base));
        const { answers, ended } = await client.send({ bytes, isHead: false, mayWait: false });
        expect([ended, answers.length], target).to.deep.equal(['answered', 1]);
        probes.push({ target, base, answer: answers[0] });
      }
      client.close();
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    return probes;
  }

  function bytesOf({ method, body = '' }: Base, target: string, token: string | undefined): Buffer {
    const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
    const head = `${method} ${target} HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\n`;
    return Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  const told = ({ target, answer }: Probe) => `${answer?.status} ${target}`;
  const shows = ({ answer }: Probe): boolean => answer?.body.includes(canary) ?? false;

  /** RFC 7644 section 4: these are public, and may only be read. */
  const isDocument = (target: string) => /^\/scim\/v2\/(Schemas|ResourceTypes)\/graphql$/.test(target);

  it('I10: none of them gets anything without a token', async () => {
    const probes = await walk(tenant.server.url, () => undefined);
    expect(probes.length).to.be.at.least(2000);
    expect(probes.filter(shows).map(told)).to.deep.equal([]);
    const refused = probes.filter(({ target }) => !isDocument(target));
    expect(refused.filter(({ answer }) => ![400, 401, 404].includes(answer?.status ?? 0)).map(told)).to.deep.equal([]);
    console.log(
      `      ${probes.length} spellings`,
      Object.entries(Object.groupBy(probes, ({ answer }) => String(answer?.status)))
        .map(([status, all]) => `${all?.length} × ${status}`)
        .join(', '),
    );
  });

  it('I10: with a token they are answered as the path itself, or as nothing', async () => {
    const person = await tenant.personToken();
    const tokenFor = ({ path }: Base) => (path === '/graphql' ? person : tenant.token);
    const probes = await walk(tenant.server.url, tokenFor);
    const exact = probes.filter(({ target, base }) => target === base.path);
    expect(exact.map((probe) => [probe.answer?.status, shows(probe)])).to.deep.equal(bases.map(() => [200, true]));
    expect(probes.filter((probe) => probe.answer?.status === 200 && !shows(probe)).map(told)).to.deep.equal([]);
    // A person's token is none for SCIM.
    const expected = ({ path }: Base) => (path === '/graphql' ? [200, 400, 401, 404, 405] : [200, 400, 404, 405]);
    expect(probes.filter(({ base, answer }) => !expected(base).includes(answer?.status ?? 0)).map(told)).to.deep.equal(
      [],
    );
    expect(probes.filter(shows).length).to.be.greaterThan(100);
  });

  it('has a control: a service that looks for a token at exact spellings only is found', async () => {
    const careless = createServer((incoming, outgoing) => {
      const guarded = /^\/(scim\/v2\/|graphql)/.test(incoming.url ?? '');
      const headers = { ...incoming.headers, ...(guarded ? {} : { authorization: `Bearer ${tenant.token}` }) };
      const { port } = new URL(tenant.server.url);
      const asked = request(
        { port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      asked.on('error', () => outgoing.writeHead(502).end());
      incoming.pipe(asked);
    });
    await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
    const probes = await walk(
      `http://127.0.0.1:${(careless.address() as AddressInfo).port}`,
      () => undefined,
      bases.slice(0, 1),
    );
    careless.close();
    expect(probes.filter(shows).length).to.be.greaterThan(10);
  });
});

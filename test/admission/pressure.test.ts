import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createFront } from '../../src/admission/front.js';
import { openGate } from '../../src/admission/gate.js';
import { CLASSES, createPressure } from '../../src/admission/pressure.js';
import { send } from '../support/tenant.js';

/** Pressure that is looked at by hand. */
function pressed({ crowded = true } = {}) {
  const now = { late: 0, unserved: 0 };
  const levels: number[] = [];
  const pressure = createPressure({
    lateness: { read: () => now.late, stop: () => undefined },
    unserved: () => now.unserved,
    isCrowded: () => crowded,
    onChange: (level) => levels.push(level),
  });
  const look = (times: number) => Array.from({ length: times }, () => pressure.look());
  return { now, levels, pressure, look };
}

describe('overload', () => {
  it('is what lasts two seconds, and is over when the event loop is in time again', () => {
    const { now, levels, pressure, look } = pressed();
    now.late = 150;
    look(3);
    now.late = 20;
    look(1);
    now.late = 150;
    look(3);
    expect(levels).to.deep.equal([]);
    look(1);
    expect(levels).to.deep.equal([1]);
    look(2);
    const shed = () => CLASSES.filter((one) => pressure.sheds(one));
    expect(shed()).to.deep.equal(['analyst', 'frontend']);
    look(6);
    expect(levels).to.deep.equal([1, 2, 3, 4, 5]);
    expect(shed()).to.deep.equal(['analyst', 'frontend', 'scimRead', 'scimWrite', 'token']);
    look(10);
    now.late = 70;
    look(10);
    expect(pressure.level()).to.equal(5);
    now.late = 20;
    look(5);
    expect(levels.slice(5)).to.deep.equal([4, 3, 2, 1, 0]);
  });

  it('is also that tenants wait in vain that ask for no more than their share', () => {
    const { now, levels, look } = pressed({ crowded: false });
    for (let times = 0; times < 4; times += 1) {
      now.unserved += 1;
      look(1);
    }
    expect(levels).to.deep.equal([1]);
  });

  it('is not that something else takes the time while hardly anybody asks', () => {
    const { now, levels, look } = pressed({ crowded: false });
    now.late = 5000;
    look(20);
    expect(levels).to.deep.equal([]);
  });
});

describe('what is refused under overload', () => {
  const at = { level: 0 };
  let server: Server;
  let url: string;
  before(async () => {
    const pressure = {
      level: () => at.level,
      sheds: (wanted: (typeof CLASSES)[number]) => CLASSES.indexOf(wanted) < at.level,
      look: () => undefined,
      start: () => () => undefined,
    };
    const bearerOf = (authorization?: string) => ({ tenantId: 't', analyst: authorization === 'Bearer analyst' });
    const front = createFront({ gate: openGate(), pressure, bearerOf, onRefused: () => undefined });
    server = createServer((request, response) => {
      if (!front(request, response)) response.end('served');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const ask = (method: string, path: string, who = 'frontend') =>
    send(`${url}${path}`, method, method === 'GET' ? undefined : '{}', { Authorization: `Bearer ${who}` });
  const ASKED = [
    ['analyst', 'POST', '/graphql', 'analyst'],
    ['frontend', 'POST', '/graphql', 'frontend'],
    ['SCIM read', 'GET', '/scim/v2/Users'],
    ['SCIM search', 'POST', '/SCIM//v2/Users/.search'],
    ['SCIM write', 'PATCH', '/scim/v2/Users/1'],
    ['token', 'POST', '/oauth2/token'],
    ['health', 'GET', '/readyz'],
    ['keys', 'GET', '/.well-known/jwks.json'],
  ] as const;
  const ORDER: readonly (readonly string[])[] = [
    [],
    ['analyst'],
    ['frontend'],
    ['SCIM read', 'SCIM search'],
    ['SCIM write'],
    ['token'],
  ];

  for (const level of ORDER.keys()) {
    it(`level ${level}: ${
      level === 0
        ? 'is nobody'
        : ORDER.slice(0, level + 1)
            .flat()
            .join(', ')
    }`, async () => {
      at.level = level;
      const refused: string[] = [];
      for (const [name, method, path, who] of ASKED)
        if ((await ask(method, path, who)).status === 503) refused.push(name);
      expect(refused).to.deep.equal(ORDER.slice(0, level + 1).flat());
    });
  }

  it('is so too where the whole URL is asked for, as of a proxy', async () => {
    at.level = 3;
    const asked = request(url, { path: `${url}/scim/v2/Users` }).end();
    const [{ statusCode }] = (await once(asked, 'response')) as [IncomingMessage];
    expect(statusCode).to.equal(503);
  });

  it('is told in the form of who was asked, with 2 to 5 seconds to wait at random', async () => {
    at.level = 5;
    const scim = await ask('GET', '/scim/v2/Users');
    expect(scim.body).to.include({ status: '503' });
    expect(scim.body.detail).to.match(/overloaded.*Entra repeats the request by itself/);
    expect(scim.headers.get('content-type')).to.equal('application/scim+json; charset=utf-8');
    const graphql = await ask('POST', '/graphql');
    expect(graphql.body.errors[0].extensions).to.include({ code: 'UNAVAILABLE' });
    const token = await ask('POST', '/oauth2/token');
    expect(token.body.error).to.equal('temporarily_unavailable');
    expect(token.headers.get('cache-control')).to.equal('no-store');
    const waits = new Set<string>();
    for (let times = 0; times < 60; times += 1)
      waits.add((await ask('GET', '/scim/v2/Users')).headers.get('retry-after') ?? '');
    expect([...waits].toSorted()).to.deep.equal(['2', '3', '4', '5']);
  });
});

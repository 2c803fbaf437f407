import { expect } from 'chai';
import { theServer } from '../support/server.js';
import { bases } from './bases.js';
import { runCampaign } from './campaign.js';
import { printed } from './findings.js';
import { bytesOf, type FuzzRequest } from './fuzzRequest.js';
import { mutated, MUTATIONS } from './mutate.js';
import { random } from './random.js';
import { createStatistics } from './statistics.js';

const REQUEST: FuzzRequest = {
  method: 'POST',
  target: '/scim/v2/Users',
  headers: [
    ['Host', '127.0.0.1'],
    ['Authorization', 'Bearer a.b.c'],
    ['Content-Type', 'application/scim+json'],
  ],
  body: Buffer.from('{"schemas":["x"],"userName":"mara","emails":[{"value":"m@fabriek.example","primary":true}]}'),
  framing: { kind: 'length' },
  mutations: [],
};

describe('the mutations', () => {
  const requests = (seed: number): FuzzRequest[] => {
    const choices = random(seed, 7);
    return Array.from({ length: 400 }, () =>
      mutated(choices.pick([REQUEST, { ...REQUEST, method: 'GET', body: undefined }]), choices),
    );
  };

  it('are the same for the same seed, and others for another', () => {
    const [one, again, other] = [requests(1), requests(1), requests(2)].map((made) =>
      made.map((request) => bytesOf(request).toString('latin1')),
    );
    expect(one).to.deep.equal(again);
    expect(one).to.not.deep.equal(other);
  });

  it('are all used, change the request, and come in twos as well', () => {
    const made = [1, 2, 3, 4, 5, 6].flatMap((seed) => requests(seed));
    const used = new Set(made.flatMap(({ mutations }) => mutations));
    // These need a PATCH, a search or a filter.
    const rest = MUTATIONS.map(({ name }) => name).filter((name) => !used.has(name));
    expect(rest.filter((name) => !/path$|in the message|another op/.test(name))).to.deep.equal([]);
    expect(made.filter(({ mutations }) => mutations.length === 2).length).to.be.above(300);
  });

  it('leave the recorded request as it was', () => {
    const before = bytesOf(REQUEST);
    requests(3);
    expect(bytesOf(REQUEST).equals(before)).to.equal(true);
  });

  it('write what JSON.stringify would not: 1e400, -0, keys twice, __proto__', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => requests(seed)).map(({ body }) => body?.toString() ?? '');
    for (const wanted of ['1e400', ':-0', '"__proto__":', '\\ud800', '\ufeff{']) {
      expect(
        all.some((body) => body.includes(wanted)),
        wanted,
      ).to.equal(true);
    }
  });
});

describe('a short run', () => {
  it('of 300 requests finds nothing in the service', async () => {
    const { url, deps } = await theServer();
    const statistics = createStatistics();
    const findings = await runCampaign({
      target: { port: Number(new URL(url).port), deps },
      bases: bases().filter((_, n) => n % 11 === 0 || n % 5 === 1),
      seed: 1,
      requests: 300,
      firstScene: 0,
      lastScene: Infinity,
      inFlight: 4,
      statistics,
      isOver: () => false,
    });
    const told = findings.map(({ faults, request, scene }) => `${faults.join('; ')}\n${printed(request, scene.names)}`);
    expect(told.join('\n\n')).to.equal('');
    expect(statistics.failedScenes).to.deep.equal([]);
    expect(statistics.sent).to.be.at.least(300);
    expect(Object.keys(statistics.histogram())).to.include.members(['200', '201', '400', '404']);
  });
});

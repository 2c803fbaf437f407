// Replays every recorded exchange over HTTP, each in a tenant of its own.
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { type Leniency } from '../../src/scim/notes.js';
import { bareRequest } from '../scim/bareRequest.js';
import { logged } from '../scim/records.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { type Exchange, filledIn, mismatches, type RecordedRequest, type RecordedResponse } from './exchange.js';

const FOLDER = new URL('exchanges/', import.meta.url);
const exchanges = readdirSync(FOLDER)
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Exchange) }));

/** Complete by its type: a leniency without a recorded exchange fails below. */
const EVERY_LENIENCY: Readonly<Record<Leniency, true>> = {
  stringBoolean: true,
  managerAsString: true,
  managerAsList: true,
  wrappedScalar: true,
  singleValueForList: true,
  emptyMeansUnassigned: true,
  pathAsKey: true,
  elementCreated: true,
  removeWithValueList: true,
  emptyOperations: true,
  unquotedFilterValue: true,
  enterpriseNameWithoutUrn: true,
};

describe('what identity providers send', () => {
  for (const exchange of exchanges) {
    const { why, profile = 'ENTRA' } = exchange;
    if (profile !== 'BOTH') it(why, () => replayed(exchange, profile));
    else for (const one of ['ENTRA', 'RFC'] as const) it(`${why} (profile ${one})`, () => replayed(exchange, one));
  }

  // A service provider can have every one of them, so none is left out.
  it('is recorded for every known bug of other services, 1 to 46', () => {
    const covered = new Set(exchanges.flatMap(({ bug = [] }) => bug));
    const missing = Array.from({ length: 46 }, (_, index) => index + 1).filter((bug) => !covered.has(bug));
    expect(missing).to.deep.equal([]);
  });

  it('S19: is recorded for every leniency', () => {
    const used = exchanges.flatMap(({ leniencies = [] }) => leniencies);
    expect(used).to.include.members(Object.keys(EVERY_LENIENCY));
  });

  it('is recorded with different names', () => {
    const names = exchanges.map(({ why }) => why);
    expect(new Set(names).size).to.equal(names.length);
  });
});

async function replayed(exchange: Exchange, compatibility: 'ENTRA' | 'RFC'): Promise<void> {
  const { given = [], request, response, leniencies, sentence, then = [] } = exchange;
  const player = new Player(await aTenant({ compatibility }));
  for (const before of given) await player.play(before);
  const requestId = await player.play(request, response);
  for (const after of then) await player.play(after.request, after.response);
  const [entry] = await logged(player.tenant, requestId);
  if (leniencies && request.method !== 'GET') {
    expect(entry?.leniencies ?? [], 'leniencies in the provisioning log').to.have.members(leniencies);
  }
  if (sentence !== undefined) expect(entry?.sentence).to.contain(sentence);
}

/** Sends recorded requests to one tenant, and keeps the answers that have a name. */
class Player {
  private readonly answers = new Map<string, unknown>();

  constructor(readonly tenant: TestTenant) {
    this.answers.set('service', { base: `${tenant.server.url}/scim/v2` });
  }

  /** Returns the id of the request. Without a recorded response the request must succeed. */
  async play(recorded: RecordedRequest, expected?: RecordedResponse): Promise<string> {
    const { as, method, path, headers, body } = filledIn(recorded, this.answers);
    const answer = await bareRequest(this.tenant, method, path, { headers, body });
    const told = `${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`;
    if (expected) this.compare(expected, answer, told);
    else expect(answer.status, told).to.be.within(200, 299);
    if (as !== undefined) this.answers.set(as, answer.body);
    return String(answer.headers['x-request-id']);
  }

  private compare(
    recorded: RecordedResponse,
    answer: { status: number; headers: object; body: unknown },
    told: string,
  ): void {
    const { status, headers = {}, body } = filledIn(recorded, this.answers);
    expect(answer.status, told).to.equal(status);
    expect(mismatches(headers, answer.headers, 'headers'), told).to.deep.equal([]);
    if (body === null) expect(answer.body, told).to.equal(undefined);
    else if (body !== undefined) expect(mismatches(body, answer.body), told).to.deep.equal([]);
  }
}

import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { data, group, person, reportsTo } from './asking.js';
import { type Sent, sentWhile } from './sending.js';

describe('SQL statements of a GraphQL query', function () {
  this.timeout(30_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    const bosses = await Promise.all(Array.from({ length: 10 }, () => person(tenant)));
    const people = await Promise.all(
      Array.from({ length: 90 }, (_, n) => person(tenant, reportsTo(bosses[n % 10].id))),
    );
    for (let n = 0; n < 5; n += 1)
      await group(
        tenant,
        `Group ${n}`,
        people.filter((_, at) => at % 5 >= n).map(({ id }) => id),
      );
  });
  const sentFor = async (query: string, role?: Role) => {
    // The caller's state is remembered for two seconds: it is not part of the query.
    await data(tenant, '{ viewer { kind } }', {}, role);
    return sentWhile(() => data(tenant, query, {}, role));
  };
  const statements = async (query: string) => (await sentFor(query)).map(({ text }) => text);

  it('G6: are five, with BEGIN and COMMIT, for 100 people with manager and groups', async () => {
    const sent = await statements(
      '{ users(first: 100) { nodes { userName manager { userName } groups { nodes { displayName } pageInfo { hasNextPage } } } pageInfo { endCursor } } }',
    );
    expect(sent, sent.join('\n\n')).to.have.length(5);
    expect(sent[0]).to.match(/^begin isolation level repeatable read read only/);
    expect(sent[4]).to.equal('commit');
  });

  it('are one more for each level and each kind of count', async () => {
    const sent = await statements(`{ users(first: 20) { totalCount nodes { directReports(first: 5) { totalCount nodes {
      groups(first: 5) { nodes { memberCount members(first: 2) { nodes { id } } } } } } } } }`);
    // begin, users, total, reports, totals of reports, groups, member counts, members, commit
    expect(sent, sent.join('\n\n')).to.have.length(9);
  });

  it('are none where nothing is read', async () => {
    expect(await statements('{ viewer { role } __typename }')).to.deep.equal([]);
  });

  it('leave out the rows where only the total is asked', async () => {
    const sent = await statements('{ users { totalCount } }');
    expect(sent).to.have.length(3);
    expect(sent[1]).to.match(/^select count/);
  });

  it('are sent read-only as the role that can only read people and groups, for an analyst', async () => {
    const query = '{ users(first: 1) { nodes { manager { id } groups { nodes { id } } } } }';
    const roleOf = ({ options }: Sent) => /role=(\w+)/.exec(options)?.[1];
    const analysts = await sentFor(query, 'ANALYST');
    expect(new Set(analysts.map(roleOf))).to.deep.equal(new Set(['speakup_analyst']));
    expect(analysts[0]?.text).to.match(/read only/);
    expect(new Set((await sentFor(query, 'FRONTEND')).map(roleOf))).to.deep.equal(new Set(['speakup_app']));
  });
});

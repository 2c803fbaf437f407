import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { openSnapshot } from '../../src/graphql/snapshot.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { data, person } from './asking.js';

describe('the snapshot of a GraphQL operation', function () {
  this.timeout(30_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const open = () => {
    const { db } = tenant.server.deps;
    return openSnapshot(db, systemActor(tenant.tenant.id, tenant.tenant.slug), requestContext());
  };
  const PEOPLE = { text: 'select count(*)::int as people from directory_user where tenant_id = $1' };

  /** Connections that stay held: what the service does beside, such as sealing history, gives its own back. */
  async function leastHeld(pool: { readonly totalCount: number; readonly idleCount: number }): Promise<number> {
    const deadline = Date.now() + 10_000;
    let least = Infinity;
    while (least > 0 && Date.now() < deadline) {
      least = Math.min(least, pool.totalCount - pool.idleCount);
      await sleep(5);
    }
    return least;
  }

  it('does not see what is written meanwhile', async () => {
    const snapshot = open();
    const { send, tenantId } = await snapshot.scope();
    const before = await send(PEOPLE, [tenantId]);
    await person(tenant);
    expect(await send(PEOPLE, [tenantId])).to.deep.equal(before);
    expect(await snapshot.end()).to.equal(undefined);
  });

  it('tells every reader why it failed, not only the first, and gives the connection back', async () => {
    const { pool } = tenant.server.deps.db;
    const snapshot = open();
    const { send } = await snapshot.scope();
    const reads = await Promise.allSettled([send({ text: 'select 1 / 0' }, []), send({ text: 'select 1' }, [])]);
    const reasons = reads.map((read) => (read.status === 'rejected' ? (read.reason as Error).message : 'answered'));
    expect(reasons).to.deep.equal(['division by zero', 'division by zero']);
    expect(await snapshot.end()).to.be.instanceOf(Error);
    expect(await leastHeld(pool)).to.equal(0);
  });

  it('holds no connection after an answer, be it an error', async () => {
    const { pool, analystPool } = tenant.server.deps.db;
    await data(tenant, '{ users { totalCount } }');
    await tenant.graphql('{ users(where: { title: { eq: "\\u0000" } }) { totalCount } groups { totalCount } }');
    await data(tenant, '{ users { totalCount } }', {}, 'ANALYST');
    expect(await leastHeld(pool)).to.equal(0);
    expect(await leastHeld(analystPool)).to.equal(0);
  });

  it('waits its turn where more analysts ask than there are connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => data(tenant, '{ users { nodes { groups { totalCount } } } }', {}, 'ANALYST')),
    );
    expect(answers).to.have.length(12);
  });
});

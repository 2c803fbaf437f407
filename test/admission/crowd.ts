// Many requests at once, and a way to keep connections busy for as long as a test wants.
import { withOwnerIn } from '../support/owner.js';
import { type TestServer } from '../support/server.js';
import { aTenant, type Answer, type Json, type TestTenant } from '../support/tenant.js';

/** `count` requests of a tenant, all at once. */
export const crowd = (count: number, ask: (at: number) => Promise<Answer<Json>>): Promise<readonly Answer<Json>[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => ask(at)));

export const statuses = (answers: readonly Answer<Json>[]): Readonly<Record<number, number>> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** Holds the row of a group of a tenant, so that whoever changes it waits, until the work is done. */
export const holdingGroup = <T>({ tenant }: TestTenant, id: string, work: () => Promise<T>): Promise<T> =>
  withOwnerIn(tenant.id, async (owner) => {
    await owner.query('begin');
    await owner.query('select from directory_group where id = $1 for update', [id]);
    try {
      return await work();
    } finally {
      await owner.query('rollback');
    }
  });

/** A tenant with a group. */
export async function withGroup(server: TestServer): Promise<{ tenant: TestTenant; group: string }> {
  const tenant = await aTenant({}, server);
  const { body } = await tenant.scim('POST', '/Groups', { schemas: [GROUP], displayName: 'Held' });
  return { tenant, group: (body as { id: string }).id };
}

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Renames a group. */
export const renaming = (group: string, at: number) =>
  [
    'PATCH',
    `/Groups/${group}`,
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'displayName', value: `Renamed ${at}` }],
    },
  ] as const;

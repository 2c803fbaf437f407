// Who put people into groups: `membership.added_by` is the id of a person or of an app integration.
import { type ReadScope, type Statement } from '../scope.js';

export interface Adder {
  readonly kind: 'PERSON' | 'APP_INTEGRATION';
  /** Of an app integration. */
  readonly name: string | null;
}

const PEOPLE = `select id, 'PERSON' as kind, null as name from directory_user where tenant_id = $1 and id = any ($2::uuid[])`;
const ADDERS: Statement = { name: 'adders', text: PEOPLE };
const NAMED_ADDERS: Statement = {
  name: 'named_adders',
  text: `${PEOPLE} union all
    select id, 'APP_INTEGRATION', name from integration where tenant_id = $1 and id = any ($2::uuid[])`,
};

/** The people among them, deleted ones too: the others are app integrations, which not every role may read. */
export const adders = (scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, Adder>> =>
  found(scope, ADDERS, ids);

/** People and app integrations. */
export const namedAdders = (scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, Adder>> =>
  found(scope, NAMED_ADDERS, ids);

async function found(
  { send, tenantId }: ReadScope,
  statement: Statement,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Adder>> {
  const rows = await send<Adder & { id: string }>(statement, [tenantId, ids]);
  return new Map(rows.map(({ id, kind, name }) => [id, { kind, name }]));
}

// Makes a person: a new one, or one SpeakUp already knows (adopted), or one who was deleted and comes back (revived).
import { type Values } from '../../attribute/change.js';
import { watchDeactivation } from '../brake/watch.js';
import { beforeAndAfter, recordChange } from '../history/history.js';
import { newId } from '../id.js';
import { type Statement, type WriteScope } from '../scope.js';
import { type Match, type MatchKeys, type MatchRule, matchKeys, matchPerson } from './matching.js';
import { type Saved, insertUser, updateUser } from './saveUser.js';
import { type Origin } from './User.js';
import { SELECT_USER, type UserRow, writableColumns } from './userRow.js';

// Each key is looked up by itself, and the people by an array: joined, a table without statistics (a first cycle's) is
// read as a whole.
const LIVE_BY = (key: string, parameter: string): string =>
  `(select id from directory_user where tenant_id = $1 and status <> 'DELETED' and ${key} = ${parameter})`;

const CANDIDATES: Statement = {
  name: 'match_candidates',
  text: `${SELECT_USER} where u.tenant_id = $1 and u.id = any (
      array[${LIVE_BY('user_name_key', '$2')}, ${LIVE_BY('user_name_key', '$3')},
        ${LIVE_BY('match_email_key', '$2')}, ${LIVE_BY('match_email_key', '$3')}]
      || array(select id from directory_user where tenant_id = $1 and status = 'DELETED' and user_name_key = $2)
      || array(select id from directory_user
        where tenant_id = $1 and status = 'DELETED' and match_email_key = $3 and external_id = $4))
    for update of u`,
};

export interface Provisioned {
  readonly user: UserRow;
  readonly how: 'CREATED' | 'ADOPTED' | 'REVIVED';
  /** Resolves when the person is written, with the one row of what the database found out. */
  readonly saved: Promise<readonly Saved[]>;
}

/**
 * Takes a person up. What `values` does not name is unassigned in a new or revived person and stays in an adopted one.
 * Refuses with `uniqueness`, see `matchPerson`.
 */
export async function provisionUser(scope: WriteScope, values: Values, origin: Origin = 'SCIM'): Promise<Provisioned> {
  const keys = matchKeys(values);
  const found = await findCandidates(scope, keys);
  // Only the identity provider can say that somebody deleted comes back: who is made in SpeakUp is somebody else.
  const candidates = origin === 'SCIM' ? found : found.filter(({ status }) => status !== 'DELETED');
  const match = matchPerson(keys, values.userName as string, candidates);
  const user = personFrom(scope, match, values, origin);
  switch (match.kind) {
    case 'new':
      return { user, how: 'CREATED', saved: written(scope, insertUser(scope, user), 'CREATED', {}, user) };
    case 'adopt': {
      const saved = written(scope, updateUser(scope, user, ALL), 'ADOPTED', match.user, user, match.rule);
      watchDeactivation(scope, match.user, user);
      return { user, how: 'ADOPTED', saved };
    }
    case 'revive':
      return { user, how: 'REVIVED', saved: written(scope, updateUser(scope, user, ALL), 'REVIVED', match.user, user) };
  }
}

const ALL = ['id', ...writableColumns.map(({ property }) => property)];

const findCandidates = (scope: WriteScope, { userName, email, externalId }: MatchKeys): Promise<UserRow[]> =>
  scope.send<UserRow>(CANDIDATES, [scope.tenantId, userName, email, externalId]);

/** The row as it will be; what only the database knows (the manager's name) follows with `saved`. */
function personFrom({ request }: WriteScope, match: Match, values: Values, origin: Origin): UserRow {
  const { now } = request;
  const blank = Object.fromEntries(writableColumns.map(({ property }) => [property, null]));
  const before = match.kind === 'new' ? undefined : match.user;
  const kept = match.kind === 'adopt' ? match.user : undefined;
  const active = (values.active as boolean | null | undefined) ?? kept?.active ?? true;
  return {
    ...blank,
    ...kept,
    ...values,
    id: before?.id ?? newId(now),
    origin,
    status: active ? 'ACTIVE' : 'DEACTIVATED',
    active,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    deactivatedAt: active ? null : (kept?.deactivatedAt ?? now),
    deletedAt: null,
    erasedAt: null,
    protected: values.protected ?? false,
    groups: kept?.groups ?? null,
  } as unknown as UserRow;
}

/** Records the change beside the write. */
function written(
  scope: WriteScope,
  saved: Promise<readonly Saved[]>,
  kind: Provisioned['how'],
  before: Values,
  after: UserRow,
  rule?: MatchRule,
): Promise<readonly Saved[]> {
  const named = [...ALL.slice(1), 'active', ...(after.protected ? ['protected'] : [])].filter(
    (property) => (before[property] ?? after[property] ?? null) !== null,
  );
  const changes = beforeAndAfter(named, before, after);
  recordChange(scope, {
    kind,
    resourceType: 'User',
    resourceId: after.id,
    changes: rule ? { ...changes, matchedBy: { after: rule } } : changes,
  });
  return saved;
}

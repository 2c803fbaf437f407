// Where the rows of a list come from: all people and groups of a tenant, or those of a parent.
import { type ResourceType } from '../attribute/resourceType.js';
import { peopleBelow } from '../filter/sqlRelated.js';
import { type GroupRow, groupColumns } from './group/groups.js';
import { groupType, userType } from './resourceTypes.js';
import { type Instant, shownColumns, shownColumnsWithoutGroups, userColumns, type UserRow } from './user/userRow.js';

/** A person's own columns; the others are there under the names of their properties. */
export type PersonRow = Pick<
  UserRow,
  'id' | 'userName' | 'emails' | 'phoneNumbers' | 'matchEmailKey' | 'manager' | 'managerId' | 'status' | 'origin'
>;

/** Where rows come from; `parent` is the column that says whose they are. */
export interface Source<Row> {
  readonly type: Pick<ResourceType, 'table'>;
  /** What `changed_hour` calls these rows; absent where it has none of them. */
  readonly changed?: ResourceType['name'];
  readonly row: string;
  readonly columns: string;
  /** The columns of some properties only; absent where there is no need for it. */
  readonly columnsOf?: (properties: ReadonlySet<string>) => string;
  readonly from: string;
  readonly live: string | undefined;
  readonly parent?: string;
  /** `from` itself begins at `parent.id`. */
  readonly lateral?: true;
  /** SQL of the id, where an index has it beside the parent. */
  readonly id?: string;
  /** The same rows in less time, without deleted ones and with nothing but `id` and `display_name_key`. */
  readonly brief?: string;
  /** Only says what a row is. */
  readonly of?: Row;
}

const people = {
  type: userType,
  changed: userType.name,
  row: 'u',
  columns: userColumns('u'),
  live: "u.status <> 'DELETED'",
};
const groups = { type: groupType, changed: groupType.name, row: 'g', columns: groupColumns('g'), live: undefined };

const columnsOf = (properties: ReadonlySet<string>): string => userColumns('u', properties);

export const allUsers: Source<PersonRow> = { ...people, columnsOf, from: 'directory_user u' };
/** A condition with a parameter would not be known to be that of the indexes of deleted people. */
export const deletedUsers: Source<PersonRow> = { ...allUsers, live: "u.status = 'DELETED'" };
export const allGroups: Source<GroupRow> = { ...groups, from: 'directory_group g' };
/** People with everything SCIM shows. */
export const shownUsers: Source<UserRow> = { ...people, from: 'directory_user u', columns: shownColumns };
export const shownUsersWithoutGroups: Source<UserRow> = { ...shownUsers, columns: shownColumnsWithoutGroups };
export const reportsOf: Source<PersonRow> = { ...allUsers, parent: 'u.manager_id' };
export const allReportsOf: Source<PersonRow> = {
  ...people,
  columnsOf,
  from: `${peopleBelow('array[parent.id]', '$1')} below join directory_user u on u.tenant_id = $1 and u.id = below.id`,
  brief: peopleBelow('array[parent.id]', '$1'),
  parent: 'parent.id',
  lateral: true,
};
/** A person in a group: since when, and by which app integration or person; null where that is not known. */
export interface GroupMember extends PersonRow {
  readonly addedAt: Instant;
  readonly addedBy: string | null;
}

const ADDED = 'm.added_at as "addedAt", m.added_by as "addedBy"';

export const membersOf: Source<GroupMember> = {
  ...people,
  columns: `${people.columns}, ${ADDED}`,
  columnsOf: (properties) => `${columnsOf(properties)}, ${ADDED}`,
  from: 'membership m join directory_user u on u.tenant_id = m.tenant_id and u.id = m.user_id and m.tenant_id = $1',
  parent: 'm.group_id',
  id: 'm.user_id',
};
export const groupsOf: Source<GroupRow> = {
  ...groups,
  from: 'membership m join directory_group g on g.tenant_id = m.tenant_id and g.id = m.group_id and m.tenant_id = $1',
  parent: 'm.user_id',
  id: 'm.group_id',
};

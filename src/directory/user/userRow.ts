// A person as the hot paths read one: a plain row whose keys are the properties of the attributes, so that a row is
// also its values. The SQL lists of columns come from the registry.
import { type Attribute } from '../../attribute/attribute.js';
import { type Values } from '../../attribute/change.js';
import { attributesOfType } from '../../attribute/resourceType.js';
import { userType } from '../resourceTypes.js';
import { type Origin, type MultiValue, type UserStatus } from './User.js';

export interface UserRow extends Values {
  readonly id: string;
  readonly origin: Origin;
  readonly status: UserStatus;
  readonly protected: boolean;
  readonly active: boolean;
  readonly externalId: string | null;
  readonly userName: string;
  readonly displayName: string | null;
  readonly emails: readonly MultiValue[] | null;
  /** The reference as it was sent. */
  readonly manager: string | null;
  readonly managerId: string | null;
  readonly managerDisplayName: string | null;
  readonly groups: readonly { readonly value: string; readonly display: string }[] | null;
  readonly matchEmailKey: string | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly deactivatedAt: Instant | null;
  readonly deletedAt: Instant | null;
  readonly erasedAt: Instant | null;
}

/** The driver gives instants as PostgreSQL prints them. */
export type Instant = Date | string;

/** The attributes a client may write, with the property and the column of each. JSON columns are marked. */
export const writableColumns = attributesOfType(userType).flatMap(({ attribute }) => writableColumn(attribute));

/** The columns of a person, or those of some properties, each under the name of its property: `u.user_name as "userName"`. */
export const userColumns = (row: string, properties?: ReadonlySet<string>): string =>
  [...writableColumns, ...OWN]
    .filter(({ property }) => properties?.has(property) ?? true)
    .map(({ property, column }) => `${row}.${column} as "${property}"`)
    .join(', ');

const OWN = [
  { column: 'id', property: 'id' },
  { column: 'origin', property: 'origin' },
  { column: 'status', property: 'status' },
  { column: 'active', property: 'active' },
  { column: 'protected', property: 'protected' },
  { column: 'manager_id', property: 'managerId' },
  { column: 'match_email_key', property: 'matchEmailKey' },
  { column: 'version', property: 'version' },
  { column: 'created_at', property: 'createdAt' },
  { column: 'updated_at', property: 'updatedAt' },
  { column: 'deactivated_at', property: 'deactivatedAt' },
  { column: 'deleted_at', property: 'deletedAt' },
  { column: 'erased_at', property: 'erasedAt' },
];

/** The columns of a person that SCIM shows, from a table called `u`; without the groups, which are read for each person. */
export const shownColumnsWithoutGroups = `${userColumns('u')}, ${managerDisplayName('u')} as "managerDisplayName"`;

/** The same with the groups. Not by a function: calling one for each person takes three times as long. */
export const shownColumns = `${shownColumnsWithoutGroups}, (
  select jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display_name) order by g.id)
  from membership m join directory_group g on g.tenant_id = m.tenant_id and g.id = m.group_id
  where m.tenant_id = u.tenant_id and m.user_id = u.id) as "groups"`;

/** Everything of a person that SCIM shows, from a table called `u`. */
export const SELECT_USER = `select ${shownColumns} from directory_user u`;

/** The manager's name, as a SQL expression. One's own is the one being written, which a `returning` cannot read. */
export function managerDisplayName(row: string): string {
  return `case when ${row}.manager_id = ${row}.id then ${row}.display_name else
    (select m.display_name from directory_user m where m.tenant_id = ${row}.tenant_id and m.id = ${row}.manager_id) end`;
}

interface WritableColumn {
  readonly property: string;
  readonly column: string;
  readonly json: boolean;
}

function writableColumn({ mutability, type, store }: Attribute): WritableColumn[] {
  if (mutability === 'readOnly') return [];
  switch (store.kind) {
    case 'column':
      // `active` is generated from the status.
      return type === 'boolean' ? [] : [{ property: store.property, column: store.column, json: type === 'complex' }];
    case 'list':
      return [{ property: store.property, column: store.column, json: true }];
    case 'link':
      return [{ property: store.property, column: store.received, json: false }];
    case 'edge':
    case 'part':
      return [];
  }
}

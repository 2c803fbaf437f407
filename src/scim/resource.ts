// A row as a resource: the registry read in the other direction.
import { type Attribute, type Schema } from '../attribute/attribute.js';
import { type Values } from '../attribute/change.js';
import { type Projection } from '../attribute/projection.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type UserRow } from '../directory/user/userRow.js';
import { compact, isObject } from './json.js';

/** What every row of a resource has. */
export interface ResourceRow extends Values {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date | string;
  readonly updatedAt: Date | string;
}

/** The weak ETag of a row: RFC 7644 section 3.14. */
export const etag = ({ version }: { readonly version: number }): string => `W/"${version}"`;

export const locationOf = ({ endpoint }: ResourceType, id: string, base: string): string => `${base}${endpoint}/${id}`;

/** The resource without `members`; null values are left out. `base` is the address of the SCIM face. */
export function resourceFromRow(
  type: ResourceType,
  row: ResourceRow,
  projection: Projection,
  base: string,
): Record<string, unknown> {
  const extensions = type.extensions.filter(({ attributes }) =>
    attributes.some((attribute) => hasValue(attribute, row)),
  );
  const resource: Record<string, unknown> = { schemas: [type.core.id, ...extensions.map(({ id }) => id)], id: row.id };
  for (const attribute of type.common) addCommon(resource, type, attribute, row, projection, base);
  addAttributes(resource, type.core, row, projection, base);
  for (const extension of extensions) {
    const values: Record<string, unknown> = {};
    addAttributes(values, extension, row, projection, base);
    if (Object.keys(values).length > 0) resource[extension.id] = values;
  }
  return resource;
}

function addCommon(
  resource: Record<string, unknown>,
  type: ResourceType,
  attribute: Attribute,
  row: ResourceRow,
  projection: Projection,
  base: string,
): void {
  if (!projection.shows(attribute)) return;
  if (attribute.name === 'externalId' && row.externalId !== null) resource.externalId = row.externalId;
  if (attribute.name !== 'meta') return;
  const meta = {
    resourceType: type.name,
    created: instant(row.createdAt),
    lastModified: instant(row.updatedAt),
    location: locationOf(type, row.id, base),
    version: etag(row),
  };
  const shown = parted(meta, projection.parts(attribute));
  if (shown !== null) resource.meta = shown;
}

function addAttributes(
  target: Record<string, unknown>,
  { attributes }: Schema,
  row: ResourceRow,
  projection: Projection,
  base: string,
): void {
  for (const attribute of attributes) {
    const value = valueOf(attribute, row, base);
    if (value === null || value === undefined || !projection.shows(attribute)) continue;
    const shown = projection.isDefault ? value : parted(value, projection.parts(attribute));
    if (shown !== null) target[attribute.name] = shown;
  }
}

const hasValue = (attribute: Attribute, row: ResourceRow): boolean => {
  const { store } = attribute;
  return store.kind === 'column' || store.kind === 'list' || store.kind === 'link'
    ? (row[store.property] ?? null) !== null
    : false;
};

function valueOf({ store }: Attribute, row: ResourceRow, base: string): unknown {
  switch (store.kind) {
    case 'column':
    case 'list':
      return row[store.property];
    case 'link':
      return manager(row as UserRow, base);
    case 'edge':
      return store.edge === 'groups' ? groups(row as UserRow, base) : null;
    case 'part':
      return null;
  }
}

/** Always an object under the enterprise URN: Entra cannot read a manager that is bare text. */
function manager({ manager, managerId, managerDisplayName }: UserRow, base: string): unknown {
  if (manager === null) return null;
  return {
    value: manager,
    ...(managerId ? { $ref: `${base}/Users/${managerId}` } : {}),
    ...(managerDisplayName ? { displayName: managerDisplayName } : {}),
  };
}

const groups = ({ groups }: UserRow, base: string): unknown =>
  groups?.map(({ value, display }) => ({ value, $ref: `${base}/Groups/${value}`, display, type: 'direct' })) ?? null;

/** A value with only the named parts; null where none of them is there. */
function parted(value: unknown, parts: ReadonlySet<string> | undefined): unknown {
  if (!parts) return value;
  const shown = (one: unknown) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).filter(([name]) => parts.has(name))) : one;
  return compact(Array.isArray(value) ? value.map(shown) : shown(value));
}

/** In UTC, PostgreSQL prints a moment nearly as RFC 7643 wants it; reading every date again would cost a list dearly. */
function instant(at: Date | string): string {
  if (at instanceof Date) return at.toISOString();
  const isUsual = at.length === '2026-11-22 03:45:00.123+00'.length && at[10] === ' ' && at.endsWith('+00');
  return isUsual ? `${at.slice(0, 10)}T${at.slice(11, 23)}Z` : new Date(at).toISOString();
}

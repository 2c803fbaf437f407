// What an `orderBy` means.
import { type Attribute } from '../attribute/attribute.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type SortTerm } from '../directory/keyset.js';
import { groupType, userType } from '../directory/resourceTypes.js';
import { Refusal } from '../refusal.js';
import { targetOf } from './describe.js';
import { type GroupOrder, type GroupOrderField, type UserOrder, type UserOrderField } from './listArgs.js';
import { EMAIL } from './where.js';

const MOST_TERMS = 4;

const sortedBy = (type: ResourceType, path: string): Attribute => {
  const { attribute, sub } = targetOf(type, path);
  return sub ?? attribute;
};

const USER_FIELDS: Readonly<Record<keyof typeof UserOrderField, Attribute>> = {
  DISPLAY_NAME: sortedBy(userType, 'displayName'),
  USER_NAME: sortedBy(userType, 'userName'),
  EMAIL: EMAIL.attribute,
  TITLE: sortedBy(userType, 'title'),
  DEPARTMENT: sortedBy(userType, 'department'),
  DIVISION: sortedBy(userType, 'division'),
  COST_CENTER: sortedBy(userType, 'costCenter'),
  EMPLOYEE_NUMBER: sortedBy(userType, 'employeeNumber'),
  // Ids are in order of creation, and there is an index of them.
  CREATED_AT: sortedBy(userType, 'id'),
  UPDATED_AT: sortedBy(userType, 'meta.lastModified'),
};

const GROUP_FIELDS: Readonly<Record<keyof typeof GroupOrderField, Attribute>> = {
  DISPLAY_NAME: sortedBy(groupType, 'displayName'),
  CREATED_AT: sortedBy(groupType, 'id'),
  UPDATED_AT: sortedBy(groupType, 'meta.lastModified'),
};

/** The order of people; by `otherwise` where none is given. */
export const userSort = (
  orderBy: readonly UserOrder[] | null | undefined,
  otherwise: keyof typeof USER_FIELDS,
): readonly SortTerm[] => terms(orderBy ?? [], ({ field }) => USER_FIELDS[field], USER_FIELDS[otherwise]);

/** The order of groups; by name where none is given. */
export const groupSort = (orderBy: readonly GroupOrder[] | null | undefined): readonly SortTerm[] =>
  terms(orderBy ?? [], ({ field }) => GROUP_FIELDS[field], GROUP_FIELDS.DISPLAY_NAME);

function terms<Order extends { readonly direction: 'ASC' | 'DESC' }>(
  orderBy: readonly Order[],
  attributeOf: (order: Order) => Attribute,
  otherwise: Attribute,
): readonly SortTerm[] {
  if (orderBy.length > MOST_TERMS) {
    throw new Refusal('invalidValue', `orderBy takes ${MOST_TERMS} fields at most.`);
  }
  if (orderBy.length === 0) return [{ attribute: otherwise, descending: false }];
  return orderBy.map((order) => ({ attribute: attributeOf(order), descending: order.direction === 'DESC' }));
}

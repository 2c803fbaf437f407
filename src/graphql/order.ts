// What an `orderBy` means.
import { type Target } from '../attribute/attributePath.js';
import { type SortTerm } from '../directory/keyset.js';
import { groupType, userType } from '../directory/resourceTypes.js';
import { Refusal } from '../refusal.js';
import { targetOf } from './describe.js';
import { type GroupOrder, type GroupOrderField, type UserOrder, type UserOrderField } from './listArgs.js';
import { EMAIL } from './where.js';

const MOST_TERMS = 4;

const USER_FIELDS: Readonly<Record<keyof typeof UserOrderField, Target>> = {
  DISPLAY_NAME: targetOf(userType, 'displayName'),
  USER_NAME: targetOf(userType, 'userName'),
  EMAIL,
  TITLE: targetOf(userType, 'title'),
  DEPARTMENT: targetOf(userType, 'department'),
  DIVISION: targetOf(userType, 'division'),
  COST_CENTER: targetOf(userType, 'costCenter'),
  EMPLOYEE_NUMBER: targetOf(userType, 'employeeNumber'),
  // Ids are in order of creation, and there is an index of them.
  CREATED_AT: targetOf(userType, 'id'),
  UPDATED_AT: targetOf(userType, 'meta.lastModified'),
};

const GROUP_FIELDS: Readonly<Record<keyof typeof GroupOrderField, Target>> = {
  DISPLAY_NAME: targetOf(groupType, 'displayName'),
  CREATED_AT: targetOf(groupType, 'id'),
  UPDATED_AT: targetOf(groupType, 'meta.lastModified'),
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
  targetOf: (order: Order) => Target,
  otherwise: Target,
): readonly SortTerm[] {
  if (orderBy.length > MOST_TERMS) {
    throw new Refusal('invalidValue', `orderBy takes ${MOST_TERMS} fields at most.`);
  }
  if (orderBy.length === 0) return [{ target: otherwise, descending: false }];
  return orderBy.map((order) => ({ target: targetOf(order), descending: order.direction === 'DESC' }));
}

// What must be true of the resource that a PATCH leaves: SPEC 4 "Required", "Match e-mail", SPEC 5 "displayName".
import { checkMembers } from './interpreterMembers.js';
import { type Schema } from './interpreterSchema.js';
import { isList, isObject, type JsonObject, refuse, Refused, type World } from './interpreterState.js';

/** Refuses a result that may not be stored. */
export function checkResult(after: JsonObject, schema: Schema, world: World): void {
  if (schema.type === 'Group') {
    // SPEC 5: "`displayName` required, unique per tenant, case-insensitive (409)".
    needText(after, 'displayName');
    checkMembers(isList(after.members) ? after.members.filter(isObject) : [], world);
    const name = fold(after.displayName);
    if (world.groups.some((group) => group.id !== after.id && fold(group.displayName) === name)) taken('displayName');
    return;
  }
  // SPEC 4: "`userName` (not blank; unique per tenant, case-insensitive, Unicode)".
  needText(after, 'userName');
  const email = matchEmail(after);
  // SPEC 4: "otherwise 400 `invalidValue` ..., also when a PUT or PATCH would take the last one away".
  if (world.profile === 'ENTRA' && email === undefined) refuse('invalidValue', 'an e-mail address is required');
  if (world.people.some((person) => fold(person.userName) === fold(after.userName))) taken('userName');
  // SPEC 4 "Match e-mail": "unique per tenant among users that are not deleted (409 `uniqueness`), in both profiles".
  if (email !== undefined && world.people.some((person) => person.email === email)) taken('e-mail');
}

const taken = (name: string): never => {
  throw new Refused(409, 'uniqueness', `${name} is in use`);
};

function needText(resource: JsonObject, name: string): void {
  const value = resource[name];
  if (typeof value !== 'string' || value.trim() === '') refuse('invalidValue', `${name} is blank`);
}

/** "the element with `primary: true`, else of type work, else the first, else userName if it is an address; folded". */
export function matchEmail(user: JsonObject): string | undefined {
  const elements = isList(user.emails) ? user.emails.filter(isObject) : [];
  const withValue = elements.filter((one) => typeof one.value === 'string' && one.value !== '');
  const chosen =
    withValue.find((one) => one.primary === true) ?? withValue.find((one) => fold(one.type) === 'work') ?? withValue[0];
  if (chosen) return fold(chosen.value);
  return isAddress(user.userName) ? fold(user.userName) : undefined;
}

const isAddress = (value: unknown): boolean => typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value);

const fold = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');

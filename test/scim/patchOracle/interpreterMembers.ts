// Members of a group: SPEC 5, rows "members" and "Members are rows", over RFC 7643, 4.2 and 8.7.1 (sub-attributes immutable).
import { type Elements } from './interpreterLists.js';
import { ruleNamed, type Rule } from './interpreterSchema.js';
import { isList, isObject, type Json, type JsonObject, refuse, type World } from './interpreterState.js';

/** The members that a value names. A member of type Group, a group's id, an unknown id: `invalidValue`. */
export function membersOf(rule: Rule, value: Json, world: World): Elements {
  if (value === null) return [];
  const given = (isList(value) ? value : [value]).map((one) => {
    const { id, type } = memberGiven(rule, one);
    if (type?.toLowerCase() === 'group') refuse('invalidValue', 'nested groups are not supported');
    return id;
  });
  if (world.groups.some((group) => given.includes(group.id))) refuse('invalidValue', 'nested groups are not supported');
  return [...new Set(given)].map((id) => presentMember(id, world) ?? refuse('invalidValue', `no such person: ${id}`));
}

/** The ids in a list given with `remove`: unknown ones are no mistake there (SPEC 5). */
export const idsGiven = (rule: Rule, value: Json): string[] =>
  (isList(value) ? value : [value]).map((one) => memberGiven(rule, one).id);

function memberGiven(rule: Rule, one: Json): { id: string; type?: string } {
  if (!isObject(one)) return refuse('invalidValue', 'a member is an object');
  const parts: Record<string, Json> = Object.fromEntries(
    Object.entries(one).map(([name, part]) => [ruleNamed(rule.parts, name)?.name ?? name, part]),
  );
  if (typeof parts.value !== 'string' || parts.value === '') return refuse('invalidValue', 'a member needs a value');
  const type = parts.type ?? undefined;
  if (type !== undefined && typeof type !== 'string') return refuse('invalidValue', 'type is a string');
  return { id: parts.value, type };
}

/** A member as it is read: `value`, `$ref`, `type`, `display`. */
export function presentMember(id: string, world: World): JsonObject | undefined {
  const person = world.people.find((one) => one.id === id);
  return (
    person && {
      value: id,
      $ref: `${world.base}/Users/${id}`,
      type: 'User',
      display: person.displayName ?? person.userName,
    }
  );
}

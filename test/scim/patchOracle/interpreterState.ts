// What the interpreter works on: a resource as JSON, the rest of the directory it can refer to, and its one way to say no.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export type Profile = 'ENTRA' | 'RFC';

export interface Person {
  readonly id: string;
  readonly userName: string;
  readonly displayName?: string;
  /** The match e-mail of SPEC 4, folded. */
  readonly email?: string;
}

/** Everything else of the tenant that a PATCH can meet. */
export interface World {
  readonly profile: Profile;
  /** The base of every `$ref`. */
  readonly base: string;
  /** People that exist, the one that is changed not among them. */
  readonly people: readonly Person[];
  readonly groups: readonly { readonly id: string; readonly displayName: string }[];
}

/** The request is refused with this answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly scimType: string,
    why: string,
  ) {
    super(why);
  }
}

/** RFC 7644, 3.12, table 9: all of these are 400. */
export const refuse = (
  scimType: 'invalidSyntax' | 'invalidPath' | 'invalidFilter' | 'invalidValue' | 'noTarget' | 'mutability',
  why: string,
): never => {
  throw new Refused(400, scimType, why);
};

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The object with one member set, or without it: RFC 7643, 2.5, unassigned is the same as absent. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const rest = Object.entries(object).filter(([one]) => one !== name);
  return Object.fromEntries(isUnassigned(value) ? rest : [...rest, [name, value]]);
}

/** RFC 7643, 2.5: unassigned, null and an empty array are one state; so is an object in which nothing is assigned. */
export const isUnassigned = (value: Json | undefined): value is undefined | null =>
  value === undefined ||
  value === null ||
  (isList(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(isUnassigned));

/** Equal as JSON values; the order of members says nothing. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => sameJson(one[name], other[name]));
  }
  return one === other;
}

/** Text as it is, anything else as JSON. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');

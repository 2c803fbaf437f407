// The targets of Entra's attribute mapping, such as `emails[type eq "work"].value`, read from a resource and written
// into one.
import { type Json } from '../wire/scimClient.js';

type Place =
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'part'; readonly name: string; readonly part: string }
  | { readonly kind: 'element'; readonly name: string; readonly type: string; readonly part: string }
  | { readonly kind: 'extension'; readonly urn: string; readonly name: string };

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Refuses what is no target. */
export function placeOf(path: string): Place {
  const element = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path);
  if (element) return { kind: 'element', name: element[1] ?? '', type: element[2] ?? '', part: element[3] ?? '' };
  const extension = /^(urn:.+):(\w+)$/.exec(path);
  if (extension) return { kind: 'extension', urn: extension[1] ?? '', name: extension[2] ?? '' };
  const [name = '', part, ...rest] = path.split('.');
  if (rest.length > 0) throw new Error(`"${path}" is no target of a mapping`);
  return part === undefined ? { kind: 'plain', name } : { kind: 'part', name, part };
}

/** The value at a place; undefined where there is none. */
export function readAt(resource: Json, place: Place): unknown {
  switch (place.kind) {
    case 'plain':
      return known(resource[place.name]);
    case 'part':
      return known(objectAt(resource, place.name)[place.part]);
    case 'extension':
      return known(objectAt(resource, place.urn)[place.name]);
    case 'element': {
      const element = listAt(resource, place.name).find(({ type }) => type === place.type);
      return known(element?.[place.part]);
    }
  }
}

/** Puts a value there; an element that is missing is made, with `primary` as Entra's own samples have it. */
export function writeAt(resource: Record<string, unknown>, place: Place, value: unknown): void {
  switch (place.kind) {
    case 'plain':
      resource[place.name] = value;
      return;
    case 'part':
      resource[place.name] = { ...objectAt(resource, place.name), [place.part]: value };
      return;
    case 'extension':
      resource[place.urn] = { ...objectAt(resource, place.urn), [place.name]: value };
      return;
    case 'element': {
      const list = listAt(resource, place.name);
      const found = list.find(({ type }) => type === place.type);
      const element = { ...(found ?? { type: place.type, ...(place.type === 'work' ? { primary: true } : {}) }) };
      resource[place.name] = [...list.filter((one) => one !== found), { ...element, [place.part]: value }];
    }
  }
}

const known = (value: unknown): unknown => (value === null ? undefined : value);

const objectAt = (resource: Json, name: string): Json => (resource[name] ?? {}) as Json;

const listAt = (resource: Json, name: string): readonly Json[] => (resource[name] ?? []) as readonly Json[];

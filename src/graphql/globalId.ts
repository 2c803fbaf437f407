// Global ids: base64url of `User:uuid`. Opaque to callers, stable as long as the object.
import { isUuid } from '../directory/id.js';

export type NodeType = 'User' | 'Group';

export const toGlobalId = (type: NodeType, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** What a global id names; undefined for any other text. */
export function fromGlobalId(text: string): { readonly type: NodeType; readonly id: string } | undefined {
  const [, type, id = ''] = /^(User|Group):(.+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  return (type === 'User' || type === 'Group') && isUuid(id) ? { type, id } : undefined;
}

/** The UUID of a global id of a type; undefined for any other text. */
export function uuidFromGlobalId(type: NodeType, text: string): string | undefined {
  const named = fromGlobalId(text);
  return named?.type === type ? named.id : undefined;
}

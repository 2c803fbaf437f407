// A path as its decoded parts, tolerant of doubled slashes and of one at the end.
import { Refusal } from '../refusal.js';

/** The parts of a path. Refuses with `notFound` what is not correctly encoded. */
export const pathSegments = (path: string): string[] =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal('notFound', 'The address is not correctly encoded.');
  }
}

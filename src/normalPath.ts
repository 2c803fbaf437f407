// One spelling for a request's path, so that no spelling gets past what guards a path.

/** The path of a request's target, which may be a whole URL (RFC 9112 section 3.2.2). */
export const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/\?.*$/s, '');

/**
 * The path decoded (as often as it was encoded, three times at most), in lower case, with single slashes and without
 * dot segments and slash at the end: `//SCIM/v2/%55sers/` becomes `/scim/v2/users`. Only to choose who answers.
 */
export function normalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of decoded(path).replaceAll('\\', '/').toLowerCase().split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** Whether a path, however spelt, belongs to the SCIM face. */
export const isScimPath = (path: string): boolean =>
  // As nearly every request spells it; what follows cannot lead elsewhere.
  /^\/scim\/v2\/\w+(\/[\w-]+)?$/.test(path) || normalPath(path).startsWith('/scim');

function decoded(path: string): string {
  let text = path;
  for (let round = 0; round < 3 && text.includes('%'); round += 1) {
    // Byte by byte: one malformed sequence must not keep the others encoded.
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
  return text;
}

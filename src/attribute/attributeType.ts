// The data types of RFC 7643 section 2.3, and how text is folded where case does not count.

export type AttributeType =
  'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'binary' | 'reference' | 'complex';

/**
 * Text as it is compared where case does not count: userName, e-mail addresses, group names.
 * The same as the SQL function `fold`. Lower case by the Unicode root locale, and both small sigmas are one. Not full
 * case folding: that would make ı and i, or ß and ss, the same person.
 */
export const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

// No zone is further than 14 hours away: XML Schema part 2, section 3.2.7.
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/i;

/** RFC 7643 section 2.3.5: xsd:dateTime. Returns undefined for anything else, impossible dates included. */
export function parseDateTime(text: string): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const date = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${zone.toUpperCase()}`,
  );
  if (Number.isNaN(date.getTime())) return undefined;
  // Date would read 30 February as 1 March.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) >= 1 && Number(day) <= daysInMonth && Number(year) > 0 ? date : undefined;
}

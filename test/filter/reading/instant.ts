// Moments, counted in nanoseconds: xsd:dateTime (RFC 7643 section 2.3.5) read without the calendar of JavaScript.

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Nanoseconds since the first day of the year 1, in UTC; undefined where there is no such moment. No zone is UTC. */
export function instantFrom(text: string): bigint | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match;
  const zone = Number(zoneHour) * 60 + Number(zoneMinute);
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  // XML Schema part 2, section 3.2.7: 24:00:00 is the end of the day, and zones go to 14:00.
  const isEnd = hour === 24 && minute === 0 && second === 0 && Number(fraction) === 0;
  const isTime = (hour < 24 && minute < 60 && second < 60) || isEnd;
  if (!isDay || !isTime || zone > 14 * 60 || Number(zoneMinute) > 59) return undefined;
  const minutes = (daysBefore(year, month) + day - 1) * 1440 + hour * 60 + minute - (sign === '-' ? -zone : zone);
  return (BigInt(minutes) * 60n + BigInt(second)) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));

function daysBefore(year: number, month: number): number {
  const years = year - 1;
  const whole = years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return DAYS.slice(0, month - 1).reduce((sum, _, at) => sum + daysIn(year, at + 1), whole);
}

// Identifiers: UUID version 7 (RFC 9562), made here because PostgreSQL 15 has none. In order of creation within a
// process, so that lists in order of id are in order of creation and indexes grow at one end.
import { randomFillSync } from 'node:crypto';

/** A new id. The time is raised to that of the last id where the clock went back. */
export const newId: (now?: Date) => string = idsInOrder();

/** Whether a text is a UUID, in the form PostgreSQL prints. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** A source of ids of its own. */
export function idsInOrder(): (now?: Date) => string {
  const random = Buffer.alloc(4096);
  let used = random.length;
  let last = 0;
  let counter = 0;
  return (now = new Date()) => {
    if (used + 10 > random.length) {
      randomFillSync(random);
      used = 0;
    }
    const bytes = Buffer.alloc(16);
    random.copy(bytes, 6, used, used + 10);
    used += 10;
    // RFC 9562 section 6.2, method 1: 12 bits after the time count up from a random start in the lower half.
    if (now.getTime() > last) {
      last = now.getTime();
      counter = bytes.readUInt16BE(6) & 0x7ff;
    } else if (++counter > 0xfff) {
      last += 1;
      counter = 0;
    }
    bytes.writeUIntBE(last, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

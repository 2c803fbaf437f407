// Client secrets: 256 random bits, shown once, kept as SHA-256. So much randomness needs no slow hash, which would only
// let guessers keep the processor busy.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A new secret: `sus_`, 43 characters of randomness, and 6 of checksum by which scanners for leaked secrets know it. */
export function makeSecret(): string {
  const random = randomBytes(32).toString('base64url');
  return `sus_${random}${checksum(random)}`;
}

/** Whether a text has the form of a secret and its checksum fits; says nothing about whether it is one. */
export function looksLikeSecret(text: string): boolean {
  const [, random = '', sum] = /^sus_([\w-]{43})([\w-]{6})$/.exec(text) ?? [];
  return sum !== undefined && checksum(random) === sum;
}

/** What the database keeps of a secret. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Which of `hashes` (in hex) is one of `secrets`; takes the same time whichever it is. */
export function matchingHash(secrets: readonly string[], hashes: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const given of secrets.map(hashSecret)) {
    for (const hash of hashes) found = timingSafeEqual(given, Buffer.from(hash, 'hex')) ? hash : found;
  }
  return found;
}

function checksum(random: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(random));
  return bytes.toString('base64url');
}

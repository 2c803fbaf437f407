// From which address a request comes. Everybody can write an X-Forwarded-For: it counts only as far as proxies wrote it
// that the operator has named.
import { type IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** How many proxies stand in front, or their addresses and networks (`10.0.0.0/8`). 0 or none: the header is ignored. */
export type TrustedProxies = number | readonly string[];

/** What of a request tells where it comes from. */
export type Addressed = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string } };

/**
 * Returns what tells a request's address, in one spelling: IPv4 as `192.0.2.7`, IPv6 in short lower case. Where the
 * header is shorter than the row of proxies, or not an address, it is that of the nearest that is known.
 */
export function clientAddresses(trusted: TrustedProxies): (request: Addressed) => string {
  const isTrusted = typeof trusted === 'number' ? (_: string, nth: number) => nth < trusted : inNetworks(trusted);
  const none = typeof trusted === 'number' ? trusted === 0 : trusted.length === 0;
  return ({ socket, headers }) => {
    const peer = addressIn(socket.remoteAddress ?? '') ?? 'unknown';
    const forwarded = none ? undefined : headers['x-forwarded-for'];
    return forwarded === undefined ? peer : farthest(peer, String(forwarded).split(',').reverse(), isTrusted);
  };
}

/** One IPv4 address, or the /64 an IPv6 address is in: whoever has one address of it has all. To count callers by. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [before = '', after] = address.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

/** Goes from the service outwards as long as the proxies are trusted. Each writes whom it was asked by at the end. */
function farthest(
  peer: string,
  forwarded: readonly string[],
  isTrusted: (address: string, nth: number) => boolean,
): string {
  let at = peer;
  for (const [nth, text] of forwarded.entries()) {
    if (!isTrusted(at, nth)) return at;
    const next = addressIn(text);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** `192.0.2.7`, `192.0.2.7:8080` (as some gateways write it), `[2001:db8::1]:443`, `::ffff:192.0.2.7`, `fe80::1%eth0`. */
function addressIn(text: string): string | undefined {
  const given = text.trim();
  const [, bare = given] = /^\[([^\]]+)\](?::\d+)?$/.exec(given) ?? /^([\d.]+):\d+$/.exec(given) ?? [];
  const address = bare.replace(/%.*$/s, '');
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low].flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]).join('.');
}

// A request as it goes over the wire, correct or not.

/** How the end of the body is told: its length, chunks cut as given, or as the text of a framing header says. */
export type Framing =
  | { readonly kind: 'length' }
  | { readonly kind: 'chunked'; readonly sizes: readonly number[]; readonly end: string }
  | { readonly kind: 'said'; readonly headers: readonly Header[] };

export type Header = readonly [name: string, value: string];

export interface FuzzRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body?: Buffer;
  readonly framing: Framing;
  /** What was done to the recorded request. */
  readonly mutations: readonly string[];
}

const CRLF = '\r\n';

/** The bytes of a request. Headers are sent as Latin-1, the target as UTF-8, so that nothing is refused here. */
export function bytesOf({ method, target, headers, body, framing }: FuzzRequest): Buffer {
  const head = (more: readonly Header[]) =>
    Buffer.concat([
      Buffer.from(`${method} ${target} HTTP/1.1${CRLF}`),
      Buffer.from([...headers, ...more].map(([name, value]) => `${name}: ${value}${CRLF}`).join('') + CRLF, 'latin1'),
    ]);
  switch (framing.kind) {
    case 'length':
      return body ? Buffer.concat([head([['Content-Length', String(body.length)]]), body]) : head([]);
    case 'said':
      return Buffer.concat([head(framing.headers), body ?? Buffer.alloc(0)]);
    case 'chunked':
      return Buffer.concat([
        head([['Transfer-Encoding', 'chunked']]),
        ...chunksOf(body ?? Buffer.alloc(0), framing.sizes),
        Buffer.from(framing.end),
      ]);
  }
}

function* chunksOf(body: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, n = 0; at < body.length; n += 1) {
    // The rest goes out in one: small pieces of a large body would be work for the client alone.
    const size = n < sizes.length ? (sizes[n] ?? 1) : body.length - at;
    const piece = body.subarray(at, at + size);
    yield Buffer.concat([Buffer.from(piece.length.toString(16) + CRLF), piece, Buffer.from(CRLF)]);
    at += piece.length;
  }
}

/** Whether a client that sends this keeps the server waiting, or says things about the body that are not true. */
export const isMisframed = ({ framing, headers }: FuzzRequest): boolean =>
  framing.kind === 'said' ||
  (framing.kind === 'chunked' && framing.end !== '0\r\n\r\n') ||
  headers.some(([name]) => /^(content-length|transfer-encoding|upgrade|connection)\s*$/i.test(name));

export const headerOf = ({ headers }: Pick<FuzzRequest, 'headers'>, name: string): string | undefined =>
  headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];

export const withHeader = <T extends FuzzRequest>(request: T, name: string, value: string): T => ({
  ...request,
  headers: [...request.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase()), [name, value]],
});

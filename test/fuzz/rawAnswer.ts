// Answers read from the bytes of a connection: RFC 9112 sections 6 and 7.

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface Parsed {
  readonly answers: readonly RawAnswer[];
  /** At least one, and no half one at the end. */
  readonly isComplete: boolean;
}

/** All final answers in the bytes; `isEnd` says that no more will come, which ends a body without a length. */
export function parseAnswers(bytes: Buffer, isHead: boolean, isEnd: boolean): Parsed {
  const answers: RawAnswer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = parseOne(bytes, at, isHead && answers.length === 0, isEnd);
    if (!found) return { answers, isComplete: false };
    // 100 Continue is not the answer.
    if (found.answer.status >= 200) answers.push(found.answer);
    at = found.end;
  }
  return { answers, isComplete: answers.length > 0 };
}

function parseOne(
  bytes: Buffer,
  from: number,
  isHead: boolean,
  isEnd: boolean,
): { answer: RawAnswer; end: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', from);
  if (headEnd < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', from, headEnd).split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  const start = headEnd + 4;
  const none = status < 200 || status === 204 || status === 304 || isHead;
  const read = none ? { body: Buffer.alloc(0), end: start } : readBody(bytes, start, headers, isEnd);
  return read && { answer: { status, headers, body: read.body }, end: read.end };
}

function readBody(bytes: Buffer, start: number, headers: ReadonlyMap<string, string>, isEnd: boolean) {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes, start);
  const length = headers.get('content-length');
  const end = length === undefined ? (isEnd ? bytes.length : Infinity) : start + Number(length);
  return end <= bytes.length ? { body: bytes.subarray(start, end), end } : undefined;
}

function readChunks(bytes: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const length = parseInt(bytes.toString('latin1', at, line), 16);
    const end = line + 2 + length;
    if (!(end + 2 <= bytes.length)) return undefined;
    if (length === 0) return { body: Buffer.concat(parts), end: end + 2 };
    parts.push(bytes.subarray(line + 2, end));
    at = end + 2;
  }
}

// What a caller sees of an answer, without what differs between any two answers: so that two answers that tell the same
// are the same text. And which values of another tenant are in it.
import { type Answered, type Asked } from './probe.js';
import { type Marks, UUID, type Values } from './values.js';

/** What the values of a probe are called in what is seen. */
export interface Names {
  readonly marks: Marks;
  /** Texts that stand for something, such as ids of the asking tenant. */
  readonly byText: ReadonlyMap<string, string>;
}

/** Names for what is given in a probe, and for the ids of the tenant that asks. */
export function namesOf(marks: Marks, given: Values, ids: readonly string[], own: Values): Names {
  const byText = new Map<string, string>();
  ids.forEach((id, at) => byText.set(id, `<own ${at}>`));
  for (const kind of ['slug', 'token', 'clientSecret']) byText.set(own[kind] ?? '', `<own ${kind}>`);
  for (const [kind, value] of Object.entries(given)) {
    for (const id of value.match(UUID) ?? []) byText.set(id.toLowerCase(), `<${kind}>`);
    if (!new RegExp(UUID.source, 'i').test(value) && !value.includes(marks.tag)) byText.set(value, `<${kind}>`);
  }
  byText.delete('');
  return { marks, byText };
}

/** Headers of the transport, and those that count down. */
const UNSEEN = /^(date|connection|keep-alive|transfer-encoding|ratelimit.*)$/;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
/** Members of answers that are made anew each time. */
const FRESH =
  /"(cursor|nextCursor|previousCursor|startCursor|endCursor|clientSecret|durationMs|average|resetsAt|remaining)":("[^"]*"|[\d.]+)/g;

/** The answer as text. */
export function seen({ status, headers, text }: Answered, { method }: Asked, names: Names): string {
  // The length of a text that is shown says nothing more.
  const shown = Object.entries(headers).filter(
    ([name]) => !UNSEEN.test(name) && (name !== 'content-length' || method === 'HEAD'),
  );
  return plain(`${status} ${JSON.stringify(Object.fromEntries(shown))}\n${text}`, names);
}

function plain(text: string, { marks, byText }: Names): string {
  const met = new Map<string, string>();
  const numbered = (id: string) => met.get(id) ?? met.set(id, `<new ${met.size}>`).get(id) ?? '';
  let left = withGlobalIds(text).replaceAll(
    new RegExp(`[${marks.foreign[0]}${marks.nobody[0]}]${marks.tag}`, 'gi'),
    '?',
  );
  for (const [value, name] of byText)
    if (!isUuid(value)) left = left.replaceAll(new RegExp(value.replaceAll(/[^\w]/g, '\\$&'), 'gi'), name);
  return left
    .replaceAll(FRESH, '"$1":"<fresh>"')
    .replaceAll(TIME, '<time>')
    .replaceAll(/sus_[\w-]{49}/g, '<secret>')
    .replaceAll(UUID, (id) => byText.get(id.toLowerCase()) ?? numbered(id.toLowerCase()));
}

const isUuid = (text: string): boolean => new RegExp(`^${UUID.source}$`, 'i').test(text);

/** Global ids as what they say. */
const withGlobalIds = (text: string): string =>
  text.replaceAll(/[\w-]{52,}/g, (found) => {
    const said = Buffer.from(found, 'base64url').toString();
    return /^[A-Za-z]+:[0-9a-f-]{36}$/.test(said) ? said : found;
  });

/** What is a tenant's alone: every text with its mark, and every id and secret. */
export function tenantsOwn(text: string, mark: string, ids: ReadonlySet<string>, secrets: readonly string[]): string[] {
  const readable = withGlobalIds(text);
  const marked = readable.match(new RegExp(`${mark}[a-z0-9]*`, 'gi')) ?? [];
  const named = (readable.match(UUID) ?? []).filter((id) => ids.has(id.toLowerCase()));
  return [...marked, ...named, ...secrets.filter((secret) => readable.includes(secret))].map((one) =>
    one.toLowerCase(),
  );
}

/** Everything that a request says, readable. */
export function said({ path, headers = {}, body }: Asked): string {
  const plainPath = path.replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
  const sent = body === undefined ? '' : typeof body === 'string' ? decodeURIComponent(body) : JSON.stringify(body);
  return withGlobalIds(`${path}\n${plainPath}\n${JSON.stringify(headers)}\n${sent}`).toLowerCase();
}

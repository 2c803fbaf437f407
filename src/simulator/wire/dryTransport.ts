// Prints requests instead of sending them. It answers as a server would that agreed with the organisation up to now, so
// that the requests printed are those that would be sent.
import { type State } from '../cycle/state.js';
import { groupBody, userBody } from '../scim/messages.js';
import { ENTERPRISE } from '../scim/paths.js';
import { type Transport, type WireAnswer, type WireRequest } from './exchange.js';

/** Takes the organisation as it is now, before it changes. */
export function dryTransport(state: State, print: (line: string) => void): Transport {
  const known = resourcesOf(state);
  const made = { count: 0 };
  return {
    send(request) {
      print(inWords(request));
      return Promise.resolve(answerTo(request, known, () => `new-${(made.count += 1)}`));
    },
    close: () => undefined,
  };
}

/** By path below the tenant URL. */
type Known = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

function resourcesOf({ organisation, links, groupLinks }: State): Known {
  const known = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [objectId, { id, manager }] of links) {
    const person = organisation.people.get(objectId);
    if (!person) continue;
    const body = userBody(person);
    const reference = manager === undefined ? {} : { manager: { value: manager } };
    known.set(`Users/${id}`, { ...body, id, [ENTERPRISE]: { ...(body[ENTERPRISE] as object), ...reference } });
  }
  for (const [objectId, { id }] of groupLinks) {
    const group = organisation.groups.get(objectId);
    if (group) known.set(`Groups/${id}`, { ...groupBody(group), id });
  }
  return known;
}

function answerTo({ method, url, body }: WireRequest, known: Known, newId: () => string): WireAnswer {
  const answer = (status: number, value?: unknown) => ({
    status,
    headers: {},
    body: value === undefined ? '' : JSON.stringify(value),
  });
  if (body?.startsWith('grant_type') || body?.includes('&grant_type')) {
    return answer(200, { access_token: 'nobody-asked-for-one', expires_in: 3600 });
  }
  if (method === 'POST') return answer(201, { ...(JSON.parse(body ?? '{}') as object), id: newId() });
  if (method !== 'GET') return answer(204);
  const path = url.split('?')[0] ?? '';
  const resource = known.get(path.split('/').slice(-2).join('/'));
  return resource ? answer(200, resource) : answer(200, { totalResults: 0, Resources: [] });
}

/** Without what is secret. */
function inWords({ method, url, body }: WireRequest): string {
  const shown = body?.replace(/(client_secret=)[^&]*/, '$1…');
  return shown === undefined ? `${method} ${url}` : `${method} ${url} ${shown}`;
}

// Client id and secret of a token request: in the Basic header, in the form, or in both when they are the same
// (Entra's setting "Both", which RFC 6749 section 2.3 does not foresee).
import { isUuid } from '../directory/id.js';

export interface ClientCredentials {
  /** A UUID in lower case; undefined for what cannot be a client id. */
  readonly clientId: string | undefined;
  /** The readings of the secret as given: as it is and, from a header, form-decoded. */
  readonly secrets: readonly string[];
}

/** The credentials; undefined when there are none, when they are incomplete, or when header and form disagree. */
export function readClientCredentials(
  authorization: string | undefined,
  form: ReadonlyMap<string, string>,
): ClientCredentials | undefined {
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  if (authorization === undefined) {
    return id === undefined || secret === undefined ? undefined : { clientId: clientIdFromText(id), secrets: [secret] };
  }
  const basic = basicCredentials(authorization);
  if (!basic) return undefined;
  if (id !== undefined && clientIdFromText(id) !== basic.clientId) return undefined;
  if (secret !== undefined && !basic.secrets.includes(secret)) return undefined;
  return secret === undefined ? basic : { ...basic, secrets: [secret] };
}

/** RFC 7617; RFC 6749 section 2.3.1 form-encodes both parts first, which many clients do not do. */
function basicCredentials(authorization: string): ClientCredentials | undefined {
  const [, encoded] = /^basic +([\w+/-]+={0,2}) *$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return { clientId: clientIdFromText(formDecoded(id)), secrets: [...new Set([secret, formDecoded(secret)])] };
}

/** A client id as it was sent: a UUID in lower case; undefined for what cannot be one. */
export function clientIdFromText(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  return isUuid(id) ? id : undefined;
}

/** As the value of a form field; malformed escapes stay as they are, and `&`, which would end the field, is data. */
const formDecoded = (text: string): string =>
  new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? text;

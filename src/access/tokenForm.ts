// Reads the form of a token request: bounded, form-encoded, every field once.
import { type Context } from 'koa';
import { bodyEncodingFault } from '../operation/bodyEncoding.js';
import { OAuthError } from './oauthError.js';

const LONGEST_BODY = 8 * 1024;
const MOST_FIELDS = 20;
/** Parameters of token requests: RFC 6749, RFC 7521. */
const PARAMETERS = ['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/** The fields of the body. Refuses other media types, longer bodies and repeated fields with `invalid_request`. */
export async function readTokenForm(ctx: Context): Promise<ReadonlyMap<string, string>> {
  if (ctx.is('application/x-www-form-urlencoded') === false) {
    throw new OAuthError('invalid_request', 'Send the request as application/x-www-form-urlencoded.');
  }
  const fault = bodyEncodingFault(ctx.req.headers);
  if (fault !== undefined) throw new OAuthError('invalid_request', fault, 415);
  refuseInUrl(ctx.querystring);
  const fields = [...new URLSearchParams(await readBody(ctx))];
  if (fields.length > MOST_FIELDS)
    throw new OAuthError('invalid_request', 'A token request has 20 parameters at most.');
  const form = new Map(fields);
  if (form.size !== fields.length) throw new OAuthError('invalid_request', 'A parameter is given more than once.');
  return form;
}

/** RFC 6749 section 2.3.1: credentials must not be in the URI; there they would be in everybody's logs. */
function refuseInUrl(query: string): void {
  const inUrl = PARAMETERS.find((name) => new URLSearchParams(query).has(name));
  if (inUrl === undefined) return;
  throw new OAuthError('invalid_request', `Send ${inUrl} in the body, never in the URL: URLs end up in logs.`);
}

async function readBody(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The request must outlive a refusal: the answer goes over the same connection.
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) {
      throw new OAuthError('invalid_request', 'A token request has 8 KiB at most.', 413, { Connection: 'close' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

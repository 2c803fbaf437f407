// What tests of the token endpoint say again and again: requests for tokens, from any address of this machine.
import { request, type IncomingHttpHeaders } from 'node:http';
import { type Credentials, type Json } from '../support/tenant.js';

export interface TokenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json;
}

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

export const grantOf = ({ clientId, clientSecret }: Credentials): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_id: clientId,
  client_secret: clientSecret,
});

export const basicOf = ({ clientId, clientSecret }: Credentials): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
});

/** Asks for a token from one of the machine's own addresses, 127.0.0.1 to 127.255.255.254. */
export function askFrom(
  address: string,
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', localAddress: address, headers: { ...FORM, ...headers } };
    const asking = request(`${url}/oauth2/token`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
      );
    });
    asking.on('error', reject).end(body);
  });
}

/** What an answer says, without what differs from answer to answer; those must be there. */
export function lasting({ status, headers, body }: TokenAnswer): Json {
  const changing = ['date', 'x-request-id', ...('retry-after' in headers ? ['retry-after'] : [])];
  for (const name of changing) if (headers[name] === undefined) throw new Error(`No ${name}`);
  const kept = Object.entries(headers).filter(([name]) => !changing.includes(name));
  return { status, headers: Object.fromEntries(kept), body: body as unknown };
}

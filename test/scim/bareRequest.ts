// A request with nothing that was not asked for: fetch adds Accept and User-Agent and tidies the address; Entra sends
// neither header, and its addresses are meant to arrive as they are.
import { request, type IncomingHttpHeaders } from 'node:http';
import { type TestTenant } from '../support/tenant.js';

export interface BareAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON; undefined where there is none. */
  readonly body: unknown;
}

/**
 * Sends a request below /scim/v2, with the tenant's token unless `headers` has an Authorization (`""`: none). Text and
 * bytes are sent as they are, everything else as JSON.
 */
export function bareRequest(
  { server, token }: Pick<TestTenant, 'server' | 'token'>,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: unknown } = {},
): Promise<BareAnswer> {
  const { hostname, port } = new URL(server.url);
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(textOf(body));
  const sent = {
    Authorization: `Bearer ${token}`,
    ...(bytes ? { 'Content-Type': 'application/scim+json; charset=utf-8', 'Content-Length': bytes.length } : {}),
    ...headers,
  };
  const named = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path: `/scim/v2${path}`, headers: named }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        const parsed = text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
      });
    });
    call.on('error', reject);
    call.end(bytes);
  });
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

// The base of every URL handed out: PUBLIC_URL, or the address the server really listens on, which it leaves in the
// database for the command line.
import { type Pool } from 'pg';
import { type Config } from './config.js';

/** PUBLIC_URL, else `http://host:port`; a server that listens on every address is reached by the local one. */
export function publicUrlOf(config: Pick<Config, 'publicUrl' | 'host'>, port: number): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Says where the running server is. */
export async function announcePublicUrl(pool: Pool, url: string): Promise<void> {
  const announce =
    "insert into service_state (name, value) values ('public_url', $1) on conflict (name) do update set value = $1";
  await pool.query(announce, [url]);
}

/** Takes the announcement back, unless another server has replaced it. `warn` hears where that fails. */
export async function withdrawPublicUrl(
  pool: Pool,
  url: string,
  warn: (fields: object, message: string) => void,
): Promise<void> {
  const withdraw = "update service_state set value = '' where name = 'public_url' and value = $1";
  await pool.query(withdraw, [url]).catch((error: unknown) => {
    warn({ reason: String(error) }, 'The address of this server stays in the database');
  });
}

/** What is said once everything is served. */
export const readyLine = (url: string): string =>
  `Ready. Tenant URL ${url}/scim/v2 · token endpoint ${url}/oauth2/token · readiness ${url}/readyz`;

/** PUBLIC_URL, else where the running server is, else where one would be. */
export async function knownPublicUrl(pool: Pool, config: Config): Promise<string> {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const { rows } = await pool.query<{ value: string }>("select value from service_state where name = 'public_url'");
  return rows[0]?.value || publicUrlOf(config, config.port);
}

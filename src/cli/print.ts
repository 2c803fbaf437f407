// What commands print on standard output: JSON for programs, words for people.
import { type ShownSecret } from '../directory/integration/integrations.js';

/** With `--json` the value, on one line; else the words. */
export function print(json: boolean | undefined, value: unknown, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : words}\n`);
}

export interface ShownCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenEndpoint: string;
  readonly tenantUrl: string;
}

/** What Entra asks for, in the words of its page. */
export const credentialsOf = ({ clientId, clientSecret }: ShownSecret, publicUrl: string): ShownCredentials => ({
  clientId,
  clientSecret,
  tokenEndpoint: `${publicUrl}/oauth2/token`,
  tenantUrl: `${publicUrl}/scim/v2`,
});

/** The credentials for a person to copy, with a request to try them. */
export function credentialsInWords(shown: ShownCredentials, { expiresAt }: ShownSecret): string {
  return `  Tenant URL      ${shown.tenantUrl}
  Token endpoint  ${shown.tokenEndpoint}
  Client ID       ${shown.clientId}
  Client Secret   ${shown.clientSecret}

The secret is shown this once, and works until ${expiresAt.toISOString().slice(0, 10)}. To try it:

  curl ${shown.tokenEndpoint} -d grant_type=client_credentials \\
    -d client_id=${shown.clientId} -d client_secret=${shown.clientSecret}`;
}

/** Columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

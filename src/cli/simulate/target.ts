// Where a simulation goes and how it gets in: from options, the environment, and files, so that no secret stands in a
// command line.
import { type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { type Environment } from '../../config.js';
import { type Target } from '../../simulator/connect.js';
import { readJson } from '../../simulator/organisation/file.js';
import { SimulatorError } from '../../simulator/simulatorError.js';
import { CREDENTIALS_SENT, type CredentialsSent } from '../../simulator/wire/token.js';
import { oneOf } from './options.js';

export interface TargetOptions {
  readonly credentials?: string;
  readonly tenantUrl?: string;
  readonly tokenEndpoint?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly tokenFile?: string;
  readonly credentialsSent: CredentialsSent;
  readonly scope?: string;
  readonly ca?: string;
}

/** Adds the options. */
export const withTarget = (command: Command): Command =>
  command
    .option('--credentials <file>', 'what "integration create --json" printed; instead of the next four')
    .option('--tenant-url <url>', 'as it is pasted into the portal; or SIMULATE_TENANT_URL')
    .option('--token-endpoint <url>', 'or SIMULATE_TOKEN_ENDPOINT')
    .option('--client-id <id>', 'or SIMULATE_CLIENT_ID')
    .option('--client-secret-file <file>', 'the secret itself in SIMULATE_CLIENT_SECRET')
    .option('--token-file <file>', 'a token that never changes, instead of client credentials; or SIMULATE_TOKEN')
    .option('--credentials-sent <how>', CREDENTIALS_SENT.join(', '), oneOf(CREDENTIALS_SENT), 'both')
    .option('--scope <scope>', 'what to ask the token endpoint for')
    .option('--ca <file>', 'certificates to trust, in PEM');

/** Refuses (wrong usage) what is missing, by name. */
export async function targetFrom(options: TargetOptions, environment: Environment): Promise<Target> {
  const file = options.credentials === undefined ? {} : ((await readJson(options.credentials)) as CredentialsFile);
  const required = (name: string, ...given: (string | undefined)[]) => {
    const value = given.find((one) => one !== undefined && one !== '');
    if (value !== undefined) return value;
    throw new SimulatorError(
      'wrongUsage',
      `${name} is missing: give --credentials, or the option, or the environment variable.`,
    );
  };
  const tenantUrl = required('The tenant URL', options.tenantUrl, environment.SIMULATE_TENANT_URL, file.tenantUrl);
  const ca = options.ca === undefined ? {} : { ca: await textOf(options.ca) };
  const token = options.tokenFile ? await textOf(options.tokenFile) : environment.SIMULATE_TOKEN;
  if (token) return { tenantUrl, credentials: { token }, ...ca };
  const secret = options.clientSecretFile ? await textOf(options.clientSecretFile) : environment.SIMULATE_CLIENT_SECRET;
  const credentials = {
    tokenEndpoint: required(
      'The token endpoint',
      options.tokenEndpoint,
      environment.SIMULATE_TOKEN_ENDPOINT,
      file.tokenEndpoint,
    ),
    clientId: required('The client id', options.clientId, environment.SIMULATE_CLIENT_ID, file.clientId),
    clientSecret: required('The client secret', secret, file.clientSecret),
    sent: options.credentialsSent,
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  };
  return { tenantUrl, credentials, ...ca };
}

type CredentialsFile = Readonly<Partial<Record<'tenantUrl' | 'tokenEndpoint' | 'clientId' | 'clientSecret', string>>>;

/** Without the line break an editor leaves at the end. */
export async function textOf(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new SimulatorError('wrongUsage', `${path} cannot be read: ${(error as Error).message}`);
  }
}

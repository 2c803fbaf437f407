// The settings of a process, read once from its environment. Every mistake is reported at the same time, by name.

import { isIP } from 'node:net';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Folder of the embedded database and of a master key made here. */
  readonly dataDir: string;
  /** The owner's login of an external PostgreSQL; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Base of every URL handed out, without a slash at the end; undefined: made from the real host and port. */
  readonly publicUrl: string | undefined;
  /** 32 bytes, base64. */
  readonly masterKey: string | undefined;
  readonly masterKeyFile: string | undefined;
  /** JSON file of the external issuers whose tokens are accepted. */
  readonly trustedIssuersFile: string | undefined;
  /** Port of /metrics; undefined: off. */
  readonly metricsPort: number | undefined;
  readonly logLevel: LogLevel;
  /** Processes that serve, behind the same port; 1: this one. */
  readonly workers: number;
  /** Connections to the database at most, of each process that serves. */
  readonly poolSize: number;
  /** How long a stop waits for requests in flight. */
  readonly shutdownSeconds: number;
  /** What one caller's GraphQL operations may cost in a minute together, in objects asked for. */
  readonly graphqlBudget: number;
  /** How many proxies stand in front, or their addresses and networks: as far as that X-Forwarded-For is believed. */
  readonly trustedProxies: number | readonly string[];
  /** Token requests that may fail in a minute for one client id; from one address ten times as many. */
  readonly tokenFailures: number;
  /** How long entries of the provisioning log are kept. */
  readonly provisioningLogDays: number;
  /** False lets every request in at once: only to measure what the queue is good for. */
  readonly admission: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Wrong settings, all of them: one sentence each, with the variable and what is allowed. Values are not repeated: some are secret. */
export class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads the settings; an empty variable counts as absent. Throws ConfigError. */
export function readConfig(environment: Environment): Config {
  const mistakes: string[] = [];
  const given: Reader = (name, rule) => {
    const text = environment[name]?.trim() ?? '';
    const value = text === '' ? undefined : rule.parse(text);
    if (text !== '' && value === undefined) mistakes.push(`${name}: ${rule.allowed}`);
    return value;
  };
  const config: Config = {
    port: given('PORT', PORT) ?? 3000,
    host: given('HOST', HOST) ?? '127.0.0.1',
    dataDir: given('DATA_DIR', text('a folder')) ?? './.data',
    databaseUrl: given('DATABASE_URL', POSTGRES_URL),
    publicUrl: given('PUBLIC_URL', BASE_URL),
    masterKey: given('MASTER_KEY', KEY),
    masterKeyFile: given('MASTER_KEY_FILE', text('a file that holds 32 bytes in base64')),
    trustedIssuersFile: given('TRUSTED_ISSUERS_FILE', text('a JSON file')),
    metricsPort: given('METRICS_PORT', PORT),
    logLevel: given('LOG_LEVEL', LEVEL) ?? 'info',
    workers: given('WORKERS', wholeNumber(1, 64)) ?? 1,
    poolSize: given('POOL_SIZE', wholeNumber(1, 500)) ?? 10,
    shutdownSeconds: given('SHUTDOWN_SECONDS', wholeNumber(0, 600)) ?? 10,
    graphqlBudget: given('GRAPHQL_BUDGET', wholeNumber(25_000, 999_999_999)) ?? 10_000_000,
    trustedProxies: given('TRUSTED_PROXIES', PROXIES) ?? 0,
    tokenFailures: given('TOKEN_FAILURES', wholeNumber(1, 100_000_000)) ?? 20,
    provisioningLogDays: given('PROVISIONING_LOG_DAYS', wholeNumber(1, 3650)) ?? 30,
    admission: (given('ADMISSION', SWITCH) ?? 'on') === 'on',
  };
  if (config.masterKey && config.masterKeyFile) {
    mistakes.push('MASTER_KEY and MASTER_KEY_FILE: give one of the two, not both');
  }
  if (config.databaseUrl === undefined && config.workers > 1 && connectionsOf(config) > EMBEDDED_CONNECTIONS) {
    mistakes.push(
      `WORKERS and POOL_SIZE: together these want ${connectionsOf(config)} connections, and the embedded database has ${EMBEDDED_CONNECTIONS} for them`,
    );
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config);
}

/** What the embedded database can spare of its 200: migrations, the command line and its own need some. */
const EMBEDDED_CONNECTIONS = 180;

/** Of all workers: each has two for analysts besides, one to count with, and one that listens. */
const connectionsOf = ({ workers, poolSize }: Config): number => workers * (poolSize + 4);

/** The settings of this process. The only place that reads `process.env`. */
export const configFromProcess = (): Config => readConfig(process.env);

/** The variables of this process, for the simulator, whose settings are not the service's. */
export const environmentOfProcess = (): Environment => process.env;

interface Rule<T> {
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Undefined for what is not allowed. */
  parse(text: string): T | undefined;
}

type Reader = <T>(name: string, rule: Rule<T>) => T | undefined;

const text = (allowed: string): Rule<string> => ({ allowed, parse: (given) => given });

const wholeNumber = (least: number, most: number): Rule<number> => ({
  allowed: `a whole number from ${least} to ${most}`,
  parse: (given) =>
    /^\d{1,9}$/.test(given) && Number(given) >= least && Number(given) <= most ? Number(given) : undefined,
});

const PORT: Rule<number> = { ...wholeNumber(0, 65535), allowed: 'a whole number from 0 to 65535; 0 takes a free port' };

const HOST: Rule<string> = {
  allowed: 'a host name or IP address to listen on',
  parse: (given) => (/^[\w.:%-]+$/.test(given) ? given : undefined),
};

const LEVEL: Rule<LogLevel> = {
  allowed: `one of ${LOG_LEVELS.join(', ')}`,
  parse: (given) => LOG_LEVELS.find((level) => level === given.toLowerCase()),
};

const SWITCH: Rule<'on' | 'off'> = {
  allowed: 'on, or off to measure without it',
  parse: (given) => (given === 'on' || given === 'off' ? given : undefined),
};

const KEY: Rule<string> = {
  allowed: '32 bytes in base64, such as `openssl rand -base64 32` prints',
  parse: (given) => (/^[\w+/-]{43}=?$/.test(given) ? given : undefined),
};

const POSTGRES_URL: Rule<string> = {
  allowed: 'a URL such as postgresql://user:password@host:5432/database',
  parse: (given) => (['postgres:', 'postgresql:'].includes(URL.parse(given)?.protocol ?? '') ? given : undefined),
};

const BASE_URL: Rule<string> = {
  allowed: 'an http or https URL without user, query and fragment',
  parse: (given) => {
    const url = URL.parse(given);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
    return url.username || url.password || /[?#]/.test(given) ? undefined : url.href.replace(/\/+$/, '');
  },
};

const PROXIES: Rule<number | readonly string[]> = {
  allowed: 'how many proxies stand in front (0 to 9), or their addresses and networks, such as 10.0.0.0/8,2001:db8::1',
  parse: (given) => {
    if (/^\d$/.test(given)) return Number(given);
    const networks = given.split(',').map((network) => network.trim());
    return networks.every(isNetwork) ? networks : undefined;
  },
};

function isNetwork(text: string): boolean {
  const [, address = '', bits = '0'] = /^([\w.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

// Who asks for a token: an app integration that knows its secret, or for which a trusted issuer speaks. Every refusal does
// the same work, takes the same time and says the same, whether the client is unknown, disabled or revoked or the secret
// wrong, expired or revoked.
import { type Context } from 'koa';
import { type Config } from '../config.js';
import { type Client, integrationByClientId } from '../directory/integration/client.js';
import { matchingHash } from '../directory/integration/secret.js';
import { type Pools } from '../directory/scope.js';
import { clientAddresses } from '../operation/clientAddress.js';
import { type Log } from '../operation/logging.js';
import { clientByAssertion, hasAssertion } from './clientAssertion.js';
import { clientIdFromText, readClientCredentials } from './clientCredentials.js';
import { evenly } from './evenly.js';
import { createFailureLimit } from './failureLimit.js';
import { type Issuers } from './issuers.js';
import { invalidClient, tooManyFailures } from './oauthError.js';

export interface AuthenticatedClient extends Client {
  /** The hash of the secret it came with; undefined where an issuer spoke for it. */
  readonly secretHash?: string;
}

export interface ClientSettings {
  readonly db: Pools;
  readonly config: Config;
  readonly log: Log;
  readonly issuers: Issuers;
  readonly clock: () => Date;
  /** How a refusal waits; another way is for measuring what waiting hides. */
  readonly evenly?: typeof evenly;
}

/** Whom a request names, and who it is if the request proves it. */
interface Attempt {
  readonly clientId: string | undefined;
  readonly client: AuthenticatedClient | undefined;
}

type Form = ReadonlyMap<string, string>;

/** For the token endpoint. Refuses with `invalid_client`: 401, and 429 where too many requests have failed lately. */
export function clientAuthentication(settings: ClientSettings) {
  const { db, config, log, evenly: wait = evenly } = settings;
  const addressOf = clientAddresses(config.trustedProxies);
  const failures = createFailureLimit({
    pool: db.pool,
    perMinute: config.tokenFailures,
    onBlock: (counted, clientId, seconds) =>
      log.warn({ counted, clientId, seconds }, 'Too many token requests with wrong credentials'),
  });
  return async (ctx: Context, form: Form): Promise<AuthenticatedClient> => {
    const arrived = performance.now();
    const attempt = hasAssertion(form) ? byAssertion : bySecret;
    const { clientId, client } = await attempt(ctx, form, settings);
    if (client) return client;
    const seconds = await failures.count(clientId, addressOf(ctx.req));
    await wait(arrived);
    throw seconds === undefined ? invalidClient() : tooManyFailures(seconds);
  };
}

async function byAssertion({ req }: Context, form: Form, settings: ClientSettings): Promise<Attempt> {
  const clientId = clientIdFromText(form.get('client_id') ?? '');
  if (clientId === undefined) return { clientId, client: undefined };
  return { clientId, client: await clientByAssertion(clientId, form, req.headers.authorization, settings) };
}

const NO_CLIENT = '00000000-0000-0000-0000-000000000000';
/** Of no secret that anybody knows. */
const NO_HASH = '0'.repeat(64);

async function bySecret({ req }: Context, form: Form, { db, clock }: ClientSettings): Promise<Attempt> {
  const isTwice = (req.headersDistinct.authorization ?? []).length > 1;
  const given = isTwice ? undefined : readClientCredentials(req.headers.authorization, form);
  const client = await integrationByClientId(db, given?.clientId ?? NO_CLIENT);
  const secretHash = liveHash(client, given?.secrets ?? [''], clock());
  const isRight = client?.enabled === true && secretHash !== undefined;
  return { clientId: given?.clientId, client: isRight ? { ...client, secretHash } : undefined };
}

/** The hash of a live secret that is one of those given. Compares with two in any case, as many as may live at once. */
function liveHash(client: Client | undefined, given: readonly string[], now: Date): string | undefined {
  const live = (client?.secrets ?? []).map(({ hash, expiresAt }) => (expiresAt > now ? hash : NO_HASH));
  const found = matchingHash(given, [...live, NO_HASH, NO_HASH].slice(0, Math.max(2, live.length)));
  return found === NO_HASH ? undefined : found;
}

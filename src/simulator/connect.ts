// Puts a job together: the wire with its bounds and faults, the token, the client. The door for programs that use the
// simulator as a library.
import { type Job, NOBODY_WATCHES, USUAL, type Watcher } from './cycle/job.js';
import { type State } from './cycle/state.js';
import { randomFrom } from './random.js';
import { createMeter } from './report/meter.js';
import { DIALECTS } from './scim/messages.js';
import { assertAllowed, bounded, type Bounds } from './wire/bounds.js';
import { type Chaos, chaotic } from './wire/chaos.js';
import { type Transport } from './wire/exchange.js';
import { httpTransport } from './wire/httpTransport.js';
import { scimClient } from './wire/scimClient.js';
import { type ClientCredentials, fixedToken, tokenEndpoint, type TokenSource } from './wire/token.js';

export interface Target {
  /** As it is pasted into the portal; a flag in its query chooses the dialect. */
  readonly tenantUrl: string;
  /** Client credentials, or a token that never changes. */
  readonly credentials: ClientCredentials | { readonly token: string };
  /** Certificates to trust, in PEM. */
  readonly ca?: string;
}

export interface JobWanted extends Partial<Pick<Job, 'dialect' | 'matching' | 'inFlight' | 'batch'>> {
  readonly target: Target;
  readonly state: State;
  readonly bounds?: Bounds;
  readonly chaos?: Chaos;
  readonly watcher?: Watcher;
  /** Carries the requests instead of the network. */
  readonly transport?: Transport;
}

export interface Connected extends Job {
  readonly transport: Transport;
  readonly tokens: TokenSource;
  close(): void;
}

/** Refuses (wrong usage) hosts that are not allowed. */
export function connect(wanted: JobWanted): Connected {
  const { target, state, bounds = { allowHosts: [] }, chaos, watcher = NOBODY_WATCHES } = wanted;
  const [tenantUrl = '', flags = ''] = target.tenantUrl.split('?');
  assertAllowed(tenantUrl, bounds);
  const inFlight = wanted.inFlight ?? USUAL.inFlight;
  const network = bounded(wanted.transport ?? httpTransport(inFlight * 2, target.ca), bounds);
  const random = randomFrom(state.organisation.seed, 1_000_000 + state.cycles);
  const transport = chaos ? chaotic(network, chaos, random) : network;
  const tokens = tokensOf(target, bounds, transport);
  const meter = createMeter();
  return {
    state,
    meter,
    watcher,
    transport,
    tokens,
    client: scimClient({ tenantUrl, transport, tokens, meter, paused: (seconds, why) => watcher.paused(seconds, why) }),
    dialect: wanted.dialect ?? DIALECTS.find((dialect) => flags.includes(dialect)) ?? USUAL.dialect,
    matching: wanted.matching ?? USUAL.matching,
    inFlight,
    batch: wanted.batch ?? USUAL.batch,
    close: () => transport.close(),
  };
}

function tokensOf({ credentials }: Target, bounds: Bounds, transport: Transport): TokenSource {
  if ('token' in credentials) return fixedToken(credentials.token);
  assertAllowed(credentials.tokenEndpoint, bounds);
  return tokenEndpoint(credentials, transport);
}

// Where the bearer token comes from: a token that never changes, or the client credentials grant as Entra ID asks for it.
import { SimulatorError } from '../simulatorError.js';
import { LostAnswer, type Transport } from './exchange.js';

/** Entra's choice "How credentials are sent". */
export const CREDENTIALS_SENT = ['header', 'body', 'both'] as const;
export type CredentialsSent = (typeof CREDENTIALS_SENT)[number];

export interface ClientCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sent: CredentialsSent;
  readonly scope?: string;
}

export interface TokenSource {
  /** The token of now; a new one where the old one has expired. */
  token(): Promise<string>;
  /** Says that the server did not accept a token. */
  refused(token: string): void;
}

/** The credentials are wrong: nothing goes on. */
export class CredentialsRefused extends Error {}

export const fixedToken = (token: string): TokenSource => ({
  token: () => Promise.resolve(token),
  refused: () => undefined,
});

/** One token for everybody who waits; used until it expires or is refused. */
export function tokenEndpoint(credentials: ClientCredentials, transport: Transport): TokenSource {
  const state: { current?: Promise<Issued>; value?: string } = {};
  const ask = async (): Promise<Issued> => {
    // Many are refused with the old one at the same time: one new one does for all of them.
    delete state.value;
    const issued = await askForToken(credentials, transport);
    state.value = issued.token;
    return issued;
  };
  const fresh = (): Promise<Issued> => {
    const asking = ask();
    // A failure is not kept: the next request asks again.
    asking.catch(() => (state.current = undefined));
    return (state.current = asking);
  };
  return {
    async token() {
      const issued = await (state.current ?? fresh());
      return Date.now() < issued.expires ? issued.token : (await fresh()).token;
    },
    refused(token) {
      if (token === state.value) state.current = undefined;
    },
  };
}

interface Issued {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What is sent: RFC 6749 sections 2.3.1 and 4.4.2. */
function tokenRequest({ clientId, clientSecret, sent, scope }: Omit<ClientCredentials, 'tokenEndpoint'>) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (sent !== 'header') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  const basic = Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64');
  return {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(sent === 'body' ? {} : { Authorization: `Basic ${basic}` }),
    },
    body: form.toString(),
  };
}

const TRIES = 4;

async function askForToken(credentials: ClientCredentials, transport: Transport): Promise<Issued> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      const url = credentials.tokenEndpoint;
      const { status, body } = await transport.send({ method: 'POST', url, ...tokenRequest(credentials) });
      return issuedFrom(status, body);
    } catch (error) {
      if (!(error instanceof LostAnswer) || left === 0) throw error;
    }
  }
}

function issuedFrom(status: number, body: string): Issued {
  if (status >= 500 || status === 429) throw new LostAnswer(`the token endpoint answered ${status}`);
  if (status !== 200) {
    throw new CredentialsRefused(`The token endpoint answered ${status}: ${body.slice(0, 300)}`);
  }
  const { access_token, expires_in } = parsed(body);
  if (typeof access_token !== 'string') {
    throw new SimulatorError('failed', `The token endpoint's answer has no access_token: ${body.slice(0, 300)}`);
  }
  // Entra takes a missing lifetime as an hour. Half a minute is left for the way.
  const seconds = typeof expires_in === 'number' ? expires_in : 3600;
  return { token: access_token, expires: Date.now() + (seconds - 30) * 1000 };
}

function parsed(body: string): { access_token?: unknown; expires_in?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as { access_token?: unknown };
  } catch {
    return {};
  }
}

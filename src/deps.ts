// What the faces are given: everything that exists once per process.
import { type RequestsInFlight } from './admission/requestsInFlight.js';
import { type Authenticator } from './access/authenticate.js';
import { type Issuers } from './access/issuers.js';
import { type MasterKey } from './access/masterKey.js';
import { type SigningKeys } from './access/signingKeys.js';
import { type Config } from './config.js';
import { type Database } from './database/open.js';
import { type ActivityNotes } from './operation/activityNotes.js';
import { type BrakeCounts } from './operation/brakeCounts.js';
import { type Log } from './operation/logging.js';

export interface Deps {
  readonly config: Config;
  /** Base of every URL handed out, without a slash at the end. Issuer and audience of tokens. */
  readonly publicUrl: string;
  readonly db: Database;
  readonly masterKey: MasterKey;
  readonly keys: SigningKeys;
  readonly issuers: Issuers;
  readonly authenticator: Authenticator;
  /** Lets this process hear of revocations; returns what ends it. */
  readonly hear: () => () => Promise<void>;
  /** What app integrations did lately. */
  readonly activity: ActivityNotes;
  readonly brakeCounts: BrakeCounts;
  /** What is being answered. */
  readonly inFlight: RequestsInFlight;
  readonly log: Log;
  readonly clock: () => Date;
}

// One provisioning job: what a cycle works with, and what it tells who watches.
import { type Meter } from '../report/meter.js';
import { type Matching } from '../scim/mapping.js';
import { type Dialect } from '../scim/messages.js';
import { type ScimClient } from '../wire/scimClient.js';
import { type State } from './state.js';

export interface Job {
  readonly state: State;
  readonly client: ScimClient;
  readonly meter: Meter;
  readonly watcher: Watcher;
  readonly dialect: Dialect;
  /** Attributes to match by, one after the other. */
  readonly matching: readonly Matching[];
  /** Objects worked on at the same time. */
  readonly inFlight: number;
  /** Members in one PATCH. */
  readonly batch: number;
}

/** Who shows what goes on. */
export interface Watcher {
  phase(name: string, objects: number): void;
  object(): void;
  failed(about: string, why: string): void;
  paused(seconds: number, why: string): void;
}

export const NOBODY_WATCHES: Watcher = {
  phase: () => undefined,
  object: () => undefined,
  failed: () => undefined,
  paused: () => undefined,
};

/** Entra is not known to have another number. */
export const USUAL = { inFlight: 8, batch: 20, matching: ['userName'], dialect: 'default' } as const;

// A person and a group as a service shows them, whichever way they were read.

export interface ShownPerson {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | undefined;
  /** By path of the mapping; only what is there. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The manager's id. */
  readonly manager: string | undefined;
}

export interface ShownGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | undefined;
  /** Ids. */
  readonly members: ReadonlySet<string>;
}

/** Everything one witness tells. People come one after the other, so that they need not all be kept. */
export interface Testimony {
  readonly people: AsyncIterable<ShownPerson>;
  readonly groups: AsyncIterable<ShownGroup>;
  /** Paths this witness can tell of. */
  readonly tells: (path: string) => boolean;
  /** Whether a manager is shown that is nobody here. */
  readonly tellsUnresolved: boolean;
}

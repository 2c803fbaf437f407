// A request and its answer as they are on the wire, and who carries them.

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What goes wrong with a request on purpose. */
export type Fault =
  /** The server gets the whole request, and its answer gets lost. */
  | { readonly kind: 'loseAnswer' }
  /** The connection is cut in mid-request. */
  | { readonly kind: 'cutRequest' }
  /** The request comes late and in two parts, so that others overtake it. */
  | { readonly kind: 'slow'; readonly ms: number };

export interface WireRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly fault?: Fault;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Transport {
  /** Throws LostAnswer, or a SimulatorError (not reachable). */
  send(request: WireRequest): Promise<WireAnswer>;
  close(): void;
}

/** No answer came: nobody knows whether the server did what it was asked. */
export class LostAnswer extends Error {
  constructor(reason: string) {
    super(`No answer: ${reason}`);
    this.name = 'LostAnswer';
  }
}

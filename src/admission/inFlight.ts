// A request under way: what it waits for and holds, so that it can be stopped when its time is up or its caller has gone.
// One look at all of them, four times a second, instead of a timer for each.
import { type Refusal } from '../refusal.js';

/** A transaction under way, on a connection of its own. */
export interface Held {
  readonly writes: boolean;
  /** COMMIT has been sent: what becomes of it is the database's to say. */
  committing: boolean;
  /** Set when it was cancelled: the connection must not be used before this is over. */
  cancelled?: Promise<void>;
}

interface HeldWithEnd extends Held {
  readonly cancel: () => Promise<void>;
}

interface Waits {
  readonly leave: () => void;
  readonly reject: (why: Error) => void;
}

export interface Limit {
  readonly ms: number;
  /** What the caller is told when the time is up. */
  readonly refusal: () => Refusal;
}

export class InFlight {
  /** What it counts for in its tenant's turn; 1 is a person read or changed. */
  cost = 1;
  /** It had a permit: what it goes on with is not refused. */
  hasBegun = false;
  /** Why nothing more is to be done for it. */
  over: Refusal | undefined;
  private deadline: number;
  private readonly held: HeldWithEnd[] = [];
  private waiting: Waits | undefined;
  private isGone = false;

  constructor(
    private readonly limit: Limit,
    private readonly gone: () => Refusal,
  ) {
    this.deadline = performance.now() + limit.ms;
  }

  /** Its time begins anew: what was slow until now was not ours. */
  renew(cost = this.cost): void {
    this.cost = cost;
    if (!this.isGone) this.over = undefined;
    this.deadline = performance.now() + this.limit.ms;
  }

  /** For what changes a whole tenant: each statement has its own limit. */
  takesItsTime(): void {
    this.deadline = Infinity;
  }

  /** It waits for a permit, until `leave` or what it waits for has come. */
  waits(leave: () => void, reject: (why: Error) => void): void {
    this.waiting = { leave, reject };
  }

  /** It has begun a transaction; `cancel` resolves once nothing of the cancelling can hit another statement. Ended by `letGo`. */
  holds(writes: boolean, cancel: () => Promise<void>): Held {
    const held = { writes, committing: false, cancel };
    this.waiting = undefined;
    this.held.push(held);
    return held;
  }

  letGo(held: Held): void {
    const at = this.held.indexOf(held as HeldWithEnd);
    if (at >= 0) this.held.splice(at, 1);
  }

  /** The caller has gone: reads end at once, and what waits waits no longer. A change goes on: it is done, or not, as a whole. */
  left(): void {
    if (this.held.some(({ writes }) => writes)) return;
    this.isGone = true;
    this.end(this.gone());
  }

  /** Whether a request whose caller has gone need not be looked at any more: nothing is under way for it. */
  isDone(now: number): boolean {
    const isLate = now >= this.deadline || this.deadline === Infinity;
    return (this.isGone || isLate) && !this.waiting && this.held.length === 0;
  }

  /** Ends it when its time is up. Answers whether it did. */
  look(now: number): boolean {
    if (now < this.deadline || this.over) return false;
    if (!this.waiting && !this.held.some(({ committing }) => !committing)) return false;
    this.end(this.limit.refusal());
    return true;
  }

  private end(why: Refusal): void {
    this.over ??= why;
    this.waiting?.leave();
    this.waiting?.reject(why);
    this.waiting = undefined;
    for (const held of this.held) if (!held.committing) held.cancelled ??= held.cancel();
  }
}

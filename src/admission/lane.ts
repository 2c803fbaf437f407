// One tenant's requests at the fair queue: those that hold a permit, and those that wait, first come first served.

/** A request that waits. Exactly one of the two is called, once; none after it left the queue. */
export interface Waiter {
  readonly lane: Lane;
  readonly cost: number;
  /** Milliseconds, of the queue's clock. */
  readonly since: number;
  /** It goes on with what was begun: it waits for its turn however long that takes. */
  readonly patient: boolean;
  readonly admit: () => void;
  readonly refuse: (why: Reason) => void;
  /** Left, admitted or refused. */
  done: boolean;
}

/** `share`: its tenant asks for more than its share. `overload`: it does not, and still could not be served in time. */
export type Reason = 'share' | 'overload';

/** A tenant that leaves room for others rests after each of its requests: for half as long as that took. */
const REST_PART = 0.5;
/** But no longer than this after it began, in milliseconds: what hangs keeps nobody waiting. */
export const LONGEST_REST = 50;

export class Lane {
  running = 0;
  waiting = 0;
  /** Until when it lets nobody in while it leaves room for others. */
  restsUntil = 0;
  private begunAt = 0;
  /** What it may still take in its turn: deficit round robin. */
  deficit = 0;
  /** Milliseconds between two that were served from this queue, smoothed; 0 where nothing is known. */
  gap = 0;
  private servedAt: number | undefined;
  private readonly queue: Waiter[] = [];
  private head = 0;

  constructor(readonly tenant: string) {}

  push(waiter: Waiter): void {
    this.queue.push(waiter);
    this.waiting += 1;
  }

  /** The one that has waited longest; undefined where nobody waits. */
  first(): Waiter | undefined {
    while (this.head < this.queue.length && this.queue[this.head]?.done === true) this.head += 1;
    if (this.head === this.queue.length || this.head > 100) {
      this.queue.splice(0, this.head);
      this.head = 0;
    }
    return this.queue[this.head];
  }

  /** Those who have waited since `moment` or longer, but for the patient. */
  waitingSince(moment: number): Waiter[] {
    const late: Waiter[] = [];
    for (const waiter of this.queue) {
      if (waiter.since > moment) break;
      if (!waiter.done && !waiter.patient) late.push(waiter);
    }
    return late;
  }

  /** Takes a waiter out, whatever becomes of it. */
  remove(waiter: Waiter): void {
    waiter.done = true;
    this.waiting -= 1;
    if (this.waiting > 0) return;
    this.queue.length = 0;
    this.head = 0;
    this.deficit = 0;
    this.servedAt = undefined;
  }

  /** One takes a permit. */
  begun(now: number): void {
    this.running += 1;
    this.begunAt = now;
    this.restsUntil = now + LONGEST_REST;
  }

  /** One has given its permit back. */
  ended(now: number): void {
    this.running -= 1;
    this.restsUntil = Math.min(this.restsUntil, now + REST_PART * (now - this.begunAt));
  }

  /** Notes that one was served from the queue. */
  served(now: number): void {
    if (this.servedAt !== undefined) {
      const gap = now - this.servedAt;
      this.gap = this.gap === 0 ? gap : this.gap + (gap - this.gap) / 10;
    }
    this.servedAt = now;
  }
}

// Who is served next when there are more requests than connections: every tenant in turn (deficit round robin), within
// a tenant in order of coming, and no tenant more than its part while others ask. Knows no time but its clock's.
import { Lane, type Reason, type Waiter } from './lane.js';
import { Room } from './room.js';

export interface FairQueueSettings {
  readonly permits: number;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  /** Calls back after so many milliseconds of that clock. */
  readonly after: (milliseconds: number, call: () => void) => void;
}

/** Of the permits, while others ask: SPEC says 40 of 100. */
const LARGEST_PART = 0.4;
/** Of the permits, stands ready for the next tenant: whose requests hang must not keep the others waiting. */
const READY_PART = 0.2;
/** The dearest request, and as much as a tenant is owed at most. */
export const MOST_DUE = 8;
/** A burst is waited out as long as this, in milliseconds. */
export const LONGEST_WAIT = 1000;
/** Where a tenant has had more than that, newcomers are let in only as far as they are served within this. */
export const STRICT_WAIT = 150;
/** How long that lasts after the last refusal. */
const STRICT_FOR = 2000;
/** Of those that waited in vain, so many are refused in one go: a part of them, and these at least. */
const PART_AT_A_TIME = 1 / 8;
const LEAST_AT_A_TIME = 10;
/** Of one tenant, for each permit. What waits holds memory. */
const MOST_WAITING = 50;

export class FairQueue {
  running = 0;
  waiting = 0;
  /** How many waited and how long in all, in milliseconds, since the start. */
  readonly waited = { count: 0, milliseconds: 0 };
  /** Of every tenant that holds a permit or waits for one. */
  private readonly lanes = new Map<string, Lane>();
  /** Until when only as many of a tenant may wait as are served soon: it had more than could be served in time. */
  private readonly strictUntil = new Map<string, number>();
  /** Lanes in which somebody waits, in order of their turns. */
  private readonly ring: Lane[] = [];
  private turn = 0;
  private readonly permits: number;
  /** What a tenant may hold while others wait, and while none does. */
  private readonly part: number;
  private readonly mostAlone: number;
  private readonly clock: FairQueueSettings['clock'];
  private readonly after: FairQueueSettings['after'];
  private readonly room = new Room();

  constructor({ permits, clock, after }: FairQueueSettings) {
    this.permits = permits;
    this.part = Math.max(1, Math.floor(permits * LARGEST_PART));
    this.mostAlone = Math.max(1, permits - Math.floor(permits * READY_PART));
    this.clock = clock;
    this.after = after;
  }

  /** Takes a permit where one is free and nobody waits. To be given back by `give`. */
  take(tenant: string): boolean {
    const lane = this.laneOf(tenant);
    const now = this.clock();
    this.room.asked(tenant, this.isOver(lane, 1), now);
    if (this.waiting > 0 || this.running >= this.permits) return false;
    if (lane.running >= this.mostOf(lane, now) || this.rests(lane, now)) return false;
    this.begin(lane, now);
    return true;
  }

  /**
   * Waits for a permit, which is to be given back. Where waiting is in vain, it is refused before this returns; never
   * where it is patient.
   */
  wait(
    tenant: string,
    cost: number,
    { admit, refuse, patient = false }: Pick<Waiter, 'admit' | 'refuse'> & Partial<Pick<Waiter, 'patient'>>,
  ): Waiter {
    const now = this.clock();
    const lane = this.laneOf(tenant);
    const waiter: Waiter = { lane, cost: Math.min(cost, MOST_DUE), since: now, patient, admit, refuse, done: false };
    const why = patient ? undefined : this.refusal(lane, now);
    if (why) {
      waiter.done = true;
      this.refused(tenant, now);
      refuse(why);
      return waiter;
    }
    if (lane.waiting === 0) this.ring.push(lane);
    lane.push(waiter);
    this.waiting += 1;
    // Others may all be at their part of the permits.
    this.serve();
    return waiter;
  }

  /** Gives a permit back. */
  give(tenant: string): void {
    const lane = this.laneOf(tenant);
    const now = this.clock();
    lane.ended(now);
    this.running -= 1;
    if (this.waiting > 0) this.serve();
    if (lane.waiting > 0 && this.rests(lane, now)) this.after(lane.restsUntil - now, () => this.serve());
    this.forgetIdle(lane);
  }

  /** Somebody who waits goes away. */
  leave(waiter: Waiter): void {
    if (!waiter.done) this.takeOut(waiter);
  }

  /** Why another request of this tenant would be refused at once; undefined where it would not. */
  wouldRefuse(tenant: string): Reason | undefined {
    const lane = this.lanes.get(tenant);
    return lane && this.refusal(lane, this.clock());
  }

  /** Counts a request that was refused because `wouldRefuse` said so. */
  refusedBefore(tenant: string): void {
    this.refused(tenant, this.clock());
  }

  /**
   * Refuses those who have waited too long, and serves those who have rested. To be called often while somebody waits; at
   * once again where it returns true: to refuse a crowd in one go would keep everybody else waiting.
   */
  sweep(): boolean {
    const now = this.clock();
    const late = this.ring.flatMap((lane) => lane.waitingSince(now - LONGEST_WAIT));
    const most = Math.max(LEAST_AT_A_TIME, Math.ceil(late.length * PART_AT_A_TIME));
    for (const waiter of late.slice(0, most)) {
      const { lane } = waiter;
      const why = this.isOver(lane, 0) || this.isStrict(lane, now) ? 'share' : 'overload';
      this.takeOut(waiter);
      if (why === 'share') this.refused(lane.tenant, now);
      waiter.refuse(why);
    }
    for (const [tenant, until] of this.strictUntil) if (until <= now) this.strictUntil.delete(tenant);
    this.room.sweep(now);
    this.serve();
    return late.length > most;
  }

  private refusal(lane: Lane, now: number): Reason | undefined {
    // Who asks for no more than its share waits, and is served in its turn.
    if (!this.isOver(lane, 1)) return undefined;
    const first = lane.first();
    if (lane.waiting >= this.permits * MOST_WAITING) return 'share';
    if (!this.isStrict(lane, now) || !first) return undefined;
    const wait = Math.max(now - first.since, lane.gap * lane.waiting);
    return wait >= STRICT_WAIT ? 'share' : undefined;
  }

  /** Whether a tenant, with `more` requests, asks for more than an equal part of the permits. */
  private isOver({ running, waiting }: Lane, more: number): boolean {
    const share = Math.min(this.mostAlone, this.permits / this.lanes.size);
    return running + waiting + more > Math.max(1, share);
  }

  private isStrict({ tenant }: Lane, now: number): boolean {
    return (this.strictUntil.get(tenant) ?? 0) > now;
  }

  private rests({ tenant, restsUntil }: Lane, now: number): boolean {
    return now < restsUntil && this.room.isLeftBy(tenant, now);
  }

  /** A tenant was refused because it asks for more than its share. */
  private refused(tenant: string, now: number): void {
    this.strictUntil.set(tenant, now + STRICT_FOR);
  }

  private laneOf(tenant: string): Lane {
    let lane = this.lanes.get(tenant);
    if (!lane) this.lanes.set(tenant, (lane = new Lane(tenant)));
    return lane;
  }

  private takeOut(waiter: Waiter): void {
    waiter.lane.remove(waiter);
    this.waiting -= 1;
    if (waiter.lane.waiting === 0) this.leaveRing(waiter.lane);
    this.forgetIdle(waiter.lane);
  }

  private forgetIdle({ tenant, running, waiting }: Lane): void {
    if (running === 0 && waiting === 0) this.lanes.delete(tenant);
  }

  private leaveRing(lane: Lane): void {
    const at = this.ring.indexOf(lane);
    this.ring.splice(at, 1);
    if (at < this.turn) this.turn -= 1;
    if (this.turn >= this.ring.length) this.turn = 0;
  }

  private serve(): void {
    while (this.running < this.permits && this.ring.length > 0) {
      const first = this.nextLane()?.first();
      if (!first) return;
      this.admit(first);
    }
  }

  /** Whose turn it is: who is due most beyond what its first request costs. Undefined where nobody may hold more. */
  private nextLane(): Lane | undefined {
    const now = this.clock();
    const nearest: { lane?: Lane; lacks: number; at: number } = { lacks: Infinity, at: 0 };
    for (let step = 0; step < this.ring.length; step += 1) {
      const at = (this.turn + step) % this.ring.length;
      const lane = this.ring[at];
      const first = lane?.first();
      if (!lane || !first || lane.running >= this.mostOf(lane, now) || this.rests(lane, now)) continue;
      const lacks = first.cost - lane.deficit;
      if (lacks < nearest.lacks) Object.assign(nearest, { lane, lacks, at });
    }
    this.turn = nearest.at;
    // Rounds in which nobody is served yet. Who may hold no more just now keeps what it is due.
    if (nearest.lane && nearest.lacks > 0)
      for (const lane of this.ring) lane.deficit = Math.min(lane.deficit + nearest.lacks, MOST_DUE);
    return nearest.lane;
  }

  /** How many permits a tenant may hold just now. */
  private mostOf({ tenant }: Lane, now: number): number {
    return this.ring.length > 1 || this.room.isWanted(tenant, now) ? this.part : this.mostAlone;
  }

  private admit(waiter: Waiter): void {
    const { lane, cost, since } = waiter;
    const now = this.clock();
    lane.deficit -= cost;
    this.begin(lane, now);
    this.waited.count += 1;
    this.waited.milliseconds += now - since;
    lane.served(now);
    this.takeOut(waiter);
    waiter.admit();
  }

  private begin(lane: Lane, now: number): void {
    lane.begun(now);
    this.room.served(lane.tenant, now);
    this.running += 1;
  }
}

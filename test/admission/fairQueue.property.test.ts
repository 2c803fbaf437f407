// The fair queue against a small world: requests come, are served for a while, go away, time passes. Whatever happens, it
// keeps its promises.
import { expect } from 'chai';
import fc from 'fast-check';
import { FairQueue, LONGEST_WAIT } from '../../src/admission/fairQueue.js';
import { LONGEST_REST, type Waiter } from '../../src/admission/lane.js';
import { runsOf, SEED } from '../support/property.js';

const runs = { seed: SEED, numRuns: runsOf({ usual: 300, deep: 20_000 }) };

interface Asked {
  readonly tenant: string;
  readonly number: number;
  readonly since: number;
  waiter?: Waiter;
  end?: 'admitted' | 'refused' | 'left';
}

/** As long as somebody is said to have asked lately. */
const LATELY = 1000;
/** How often those are looked for who waited too long, or have rested though nothing of theirs ended. */
const LOOK = 50;

/** A queue whose permits are given back by hand, at a time that is set by hand. */
class World {
  now = 0;
  readonly queue: FairQueue;
  readonly asked: Asked[] = [];
  readonly running: Asked[] = [];
  readonly served: Asked[] = [];
  private readonly tooMuch = new Map<string, number>();
  private readonly admitted = new Map<string, number>();
  private due: { readonly at: number; readonly call: () => void }[] = [];

  constructor(readonly permits: number) {
    const after = (milliseconds: number, call: () => void) => void this.due.push({ at: this.now + milliseconds, call });
    this.queue = new FairQueue({ permits, clock: () => this.now, after });
  }

  held(tenant: string): number {
    return this.running.filter((one) => one.tenant === tenant).length;
  }

  private readonly alone = () => Math.max(1, this.permits - Math.floor(this.permits * 0.2));

  ask(tenant: string, cost = 1): void {
    const asked: Asked = { tenant, number: this.asked.length, since: this.now };
    const there = [...this.running, ...this.waiting(), asked];
    const share = Math.min(this.alone(), this.permits / new Set(there.map((one) => one.tenant)).size);
    if (there.filter((one) => one.tenant === tenant).length > Math.max(1, share)) this.tooMuch.set(tenant, this.now);
    this.asked.push(asked);
    const admit = () => {
      expect(asked.end, 'answered twice').to.equal(undefined);
      asked.end = 'admitted';
      this.admitted.set(tenant, this.now);
      this.running.push(asked);
      this.served.push(asked);
    };
    if (this.queue.take(tenant)) return admit();
    const refuse = () => {
      expect(asked.end, 'answered twice').to.equal(undefined);
      asked.end = 'refused';
    };
    asked.waiter = this.queue.wait(tenant, cost, { admit, refuse });
  }

  finish(at: number): void {
    const [asked] = this.running.splice(at % Math.max(1, this.running.length), 1);
    if (asked) this.queue.give(asked.tenant);
  }

  waiting(): readonly Asked[] {
    return this.asked.filter(({ end }) => end === undefined);
  }

  /** Time passes: what is due is called when it is, and late ones are looked for every so often. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    const isLook = Math.floor(until / LOOK) > Math.floor(this.now / LOOK);
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
      if (!next) break;
      this.due = this.due.filter((one) => one !== next);
      this.now = next.at;
      next.call();
    }
    this.now = until;
    while (isLook && this.queue.sweep());
  }

  check(): void {
    expect(this.running.length).to.be.at.most(this.permits);
    expect(this.queue.running).to.equal(this.running.length);
    expect(this.queue.waiting).to.equal(this.waiting().length);
    // Nobody waits where somebody could be served, but for a moment who asks for too much beside others.
    const waiting = new Set(this.waiting().map(({ tenant }) => tenant));
    const free = this.running.length < this.permits;
    const lately = (at: number | undefined) => at !== undefined && this.now - at <= LATELY;
    const could = [...waiting].filter((tenant) => {
      const isBeside = this.asked.some((one) => one.tenant !== tenant && lately(one.since));
      const rests =
        isBeside &&
        lately(this.tooMuch.get(tenant)) &&
        this.now - (this.admitted.get(tenant) ?? 0) < LONGEST_REST + LOOK;
      const most = waiting.size === 1 && !isBeside ? this.alone() : Math.max(1, Math.floor(this.permits * 0.4));
      return !rests && this.held(tenant) < most;
    });
    expect(free ? could : []).to.deep.equal([]);
  }
}

/** A second of tenants that always have so many requests under way, of ten milliseconds each; returns how many were served of each. */
function aSecondOf(world: World, underWay: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const before = world.served.length;
  const keep = () => {
    for (const [tenant, count] of Object.entries(underWay)) {
      const there = () => [...world.running, ...world.waiting()].filter((one) => one.tenant === tenant).length;
      for (let missing = count - there(); missing > 0; missing -= 1) world.ask(tenant);
    }
  };
  keep();
  for (let at = 0; at < 100; at += 1) {
    const begun = world.running.length;
    world.pass(10);
    for (let one = 0; one < begun; one += 1) world.finish(0);
    keep();
    world.check();
  }
  const counts: Record<string, number> = {};
  for (const { tenant } of world.served.slice(before)) counts[tenant] = (counts[tenant] ?? 0) + 1;
  return counts;
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ ask: fc.constantFrom('a', 'b', 'c', 'd'), cost: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 4, arbitrary: fc.record({ finish: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ leave: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ pass: fc.nat(400) }) },
);

function take(world: World, next: typeof step extends fc.Arbitrary<infer Step> ? Step : never): void {
  if ('ask' in next) world.ask(next.ask, next.cost);
  else if ('finish' in next) world.finish(next.finish);
  else if ('pass' in next) world.pass(next.pass);
  else {
    const waiting = world.waiting();
    const one = waiting[next.leave % Math.max(1, waiting.length)];
    if (!one?.waiter) return;
    one.end = 'left';
    world.queue.leave(one.waiter);
  }
}

describe(`the fair queue (seed ${SEED})`, () => {
  it('gives no more permits than there are, serves each tenant in order, and loses nobody', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(step, { maxLength: 120 }), (permits, steps) => {
        const world = new World(permits);
        for (const next of steps) {
          take(world, next);
          world.check();
        }
        for (let left = 2000; world.running.length + world.waiting().length > 0 && left > 0; left -= 1) {
          world.finish(0);
          world.pass(1);
        }
        expect(world.waiting()).to.deep.equal([]);
        expect(world.queue.running + world.queue.waiting).to.equal(0);
        for (const tenant of ['a', 'b', 'c', 'd']) {
          const numbers = world.served.filter((one) => one.tenant === tenant).map(({ number }) => number);
          expect(numbers).to.deep.equal(numbers.toSorted((one, other) => one - other));
        }
      }),
      runs,
    );
  });

  it('gives every tenant that always waits at least 0.8 of an equal part, whatever it asks for', () => {
    // A request holds its permit for as many ticks as it counts for.
    const heaviest = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), heaviest, (permits, most) => {
        const queue = new FairQueue({ permits, clock: () => 0, after: (_, call) => call() });
        const tenants = most.map((cost, at) => ({ name: `tenant ${at}`, cost, work: 0, asked: 0 }));
        const running = new Set<{ ticks: number; readonly end: () => void }>();
        const ask = (tenant: (typeof tenants)[number]) => {
          const cost = 1 + (tenant.asked++ % tenant.cost);
          const end = () => queue.give(tenant.name);
          const admit = () => {
            tenant.work += cost;
            running.add({ ticks: cost, end });
            if (tick > 0) ask(tenant);
          };
          queue.wait(tenant.name, cost, { admit, refuse: () => expect.fail('refused') });
        };
        let tick = 0;
        tenants.forEach((tenant) => Array.from({ length: 12 }, () => ask(tenant)));
        for (tick = 1; tick < 1500; tick += 1) {
          for (const one of [...running]) {
            if ((one.ticks -= 1) > 0) continue;
            running.delete(one);
            one.end();
          }
        }
        const work = tenants.map((tenant) => tenant.work);
        expect(Math.min(...work)).to.be.at.least((0.8 * work.reduce((sum, one) => sum + one, 0)) / work.length);
      }),
      { ...runs, numRuns: runsOf({ usual: 30, deep: 1000 }) },
    );
  });

  it('lets who asks for more than its share take all it can get alone, and leave room while another asks for little', () => {
    const world = new World(10);
    const { loud: alone = 0 } = aSecondOf(world, { loud: 30 });
    expect(alone).to.be.within(780, 820);
    expect(aSecondOf(new World(10), { loud: 30, quiet: 1 }).loud, 'a burst').to.be.within(380, 420);
    const { loud = 0, quiet } = aSecondOf(world, { loud: 30, quiet: 1 });
    expect(loud).to.be.within(50, 100);
    expect(quiet).to.be.within(98, 102);
    expect(aSecondOf(world, { loud: 30 }).loud, 'a second later').to.be.at.most(120);
    expect(aSecondOf(world, { loud: 30 }).loud, 'two seconds later').to.be.within(780, 820);
  });

  it('serves who asks for more than its share like others, where these ask for their share', () => {
    const { loud = 0, other = 0 } = aSecondOf(new World(10), { loud: 30, other: 4 });
    expect(loud / other).to.be.within(0.8, 1.25);
  });

  it('lets who leaves room in again after half of the time its last request took, and those that hang keep out few', () => {
    const world = new World(10);
    const crowd = () => Array.from({ length: 20 }, () => world.ask('loud'));
    crowd();
    world.pass(990);
    crowd();
    world.ask('quiet');
    world.finish(world.running.length - 1);
    world.pass(60);
    // Down to its part, and one more, for which one is let in.
    for (let ended = 0; ended < 5; ended += 1) world.finish(0);
    expect(world.held('loud')).to.equal(4);
    world.pass(20);
    for (let ended = 0; ended < 3; ended += 1) world.finish(0);
    const after = [9, 1, 49, 21, 50].map((milliseconds) => {
      world.pass(milliseconds);
      return world.held('loud');
    });
    expect(after).to.deep.equal([1, 2, 2, 3, 4]);
  });

  it('refuses within a second whom it cannot serve, with 429 only where the tenant asks for more than its share', () => {
    const world = new World(1);
    const why: string[] = [];
    world.ask('loud');
    const told = (tenant: string) =>
      world.queue.wait(tenant, 1, {
        admit: () => why.push(`${tenant} served`),
        refuse: (said) => why.push(`${tenant} ${said}`),
      });
    told('loud');
    told('quiet');
    world.pass(LONGEST_WAIT - 1);
    expect(why).to.deep.equal([]);
    world.pass(1);
    expect(why).to.have.members(['loud share', 'quiet overload']);
  });

  it('tells who asks for no more than its share each time that it is the process that has too much', () => {
    const world = new World(10);
    for (let at = 0; at < 8; at += 1) world.ask('loud');
    const why: string[] = [];
    const told = () =>
      world.queue.wait('quiet', 1, { admit: () => why.push('served'), refuse: (said) => why.push(said) });
    world.ask('quiet');
    world.ask('quiet');
    told();
    told();
    world.pass(LONGEST_WAIT);
    told();
    world.pass(LONGEST_WAIT);
    expect(why).to.deep.equal(['overload', 'overload', 'overload']);
  });

  it('refuses a crowd that waited in vain by and by, so that others are served in between', () => {
    const world = new World(4);
    for (let at = 0; at < 204; at += 1) world.ask('loud');
    world.now += LONGEST_WAIT;
    const left = [world.queue.waiting];
    while (world.queue.sweep()) left.push(world.queue.waiting);
    expect(left.slice(0, 4)).to.deep.equal([200, 175, 153, 133]);
    expect(left.at(-1)).to.be.at.most(10);
    expect(world.queue.waiting).to.equal(0);
  });

  it('never refuses who goes on with what was begun: not early, not after a second', () => {
    const world = new World(1);
    world.ask('loud');
    const told: string[] = [];
    const waits = (name: string, patient: boolean) =>
      world.queue.wait('loud', 1, {
        patient,
        admit: () => told.push(name),
        refuse: (why) => told.push(`${name} ${why}`),
      });
    waits('begun', true);
    waits('new', false);
    world.pass(LONGEST_WAIT);
    expect(told).to.deep.equal(['new share']);
    world.pass(200);
    waits('newer', false);
    waits('begun too', true);
    expect(told).to.deep.equal(['new share', 'newer share']);
    world.finish(0);
    expect(told.slice(2)).to.deep.equal(['begun']);
    world.queue.give('loud');
    expect(told.slice(3)).to.deep.equal(['begun too']);
  });

  it('lets a tenant that had too much wait only briefly, until it asks for less, and nobody else', () => {
    const world = new World(1);
    world.ask('loud');
    world.ask('loud');
    world.pass(LONGEST_WAIT);
    expect(world.queue.wouldRefuse('loud')).to.equal(undefined);
    world.ask('loud');
    world.pass(149);
    expect(world.queue.wouldRefuse('loud')).to.equal(undefined);
    world.pass(1);
    expect(world.queue.wouldRefuse('loud')).to.equal('share');
    expect(world.queue.wouldRefuse('quiet')).to.equal(undefined);
    world.pass(2000);
    expect(world.queue.wouldRefuse('loud')).to.equal(undefined);
  });
});

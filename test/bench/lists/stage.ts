// What the run of `lists` needs: a large tenant and a small one on the same service, a bare program that sends the
// statements of its lists, and a load generator for each tenant.
import {
  aBareProgram,
  aTenant,
  setGround,
  type Closers,
  type Ground,
  type Settings,
  type Side,
  type Tenant,
} from '../ground.js';
import { startLoad, type Load } from '../programs.js';
import { listByCursor, listByIndex } from '../requests.js';
import { placesAfter } from './places.js';
import { crowdOf, populateCrowds, type Somebody } from './population.js';

export interface Populated extends Tenant {
  readonly somebody: Somebody;
  readonly load: Load;
}

export interface ListStage {
  readonly ground: Ground;
  readonly large: Populated;
  readonly small: Populated;
  readonly bare: Side;
}

const SMALL = 1000;
/** Cursors that requests begin at. */
const PLACES = 500;

/** `closers` hears what to undo, also when this fails half-way. */
export async function setListStage(people: number, settings: Settings, closers: Closers): Promise<ListStage> {
  const ground = await setGround(settings, closers);
  const [large, small] = [await aTenant(ground), await aTenant(ground)];
  settings.say(`populating a tenant with ${people} people and one with ${SMALL}`);
  const started = performance.now();
  await populateCrowds(
    ground.owner,
    new Map([
      [large.id, people],
      [small.id, SMALL],
    ]),
  );
  settings.say(`populated in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const populated = {
    large: await known(ground, large, people, closers),
    small: await known(ground, small, SMALL, closers),
  };
  const requests = () => [listByIndex(), listByCursor(populated.large.place)];
  const bare = await aBareProgram(ground, { actor: large.actor, requests }, closers);
  return { ground, bare, ...populated };
}

/** The tenant with its load generator, which knows whom requests can be about. */
async function known(ground: Ground, tenant: Tenant, people: number, closers: Closers) {
  const crowd = await crowdOf(ground.owner, tenant.id, people);
  const step = Math.ceil(crowd.people.length / PLACES);
  // Nobody too near the end: a page is full.
  const from = crowd.people.slice(0, -100).filter((_, n) => n % step === 0);
  const places = placesAfter(ground, tenant, from);
  const load = startLoad(ground.programs);
  closers.push(() => load.stop());
  await load.run({ order: 'subject', subject: { people: crowd.people, outsiders: [], groups: {}, places } });
  return { ...tenant, somebody: crowd.somebody, load, place: places[0] };
}

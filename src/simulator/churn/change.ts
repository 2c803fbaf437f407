// Changes an organisation between two cycles. The same seed, cycle and rates make the same changes.
import { type Maker, openMakers } from '../organisation/maker.js';
import { type State } from '../cycle/state.js';
import { changeGroups, changeMembers } from './groups.js';
import { emptyBin } from './leaving.js';
import { joiners, leavers, movers, renames, returners } from './people.js';
import { type Rates } from './rates.js';

export type Change = (rates: Rates) => void;

/** What changes the organisation of this state, once before each cycle. */
export async function openChange(state: State): Promise<Change> {
  const makers = await openMakers(state.organisation, state.former);
  return (rates) => change(state, makers(state.cycles + 1), rates);
}

function change(state: State, maker: Maker, rates: Rates): void {
  const { random } = maker;
  const people = state.organisation.people.size;
  returners(state, maker, random.portion(people, rates.returners));
  leavers(state, maker, random.portion(people, rates.leavers));
  movers(state, maker, random.portion(people, rates.movers));
  renames(state, maker, random.portion(people, rates.renames));
  joiners(state, maker, random.portion(people, rates.joiners));
  changeMembers(state, maker, rates.groupChurn);
  changeGroups(state, maker, random.portion(state.organisation.groups.size, rates.groupChurn / 10));
  // Last: who is hired again must have been deleted at the service in a cycle before.
  emptyBin(state);
}

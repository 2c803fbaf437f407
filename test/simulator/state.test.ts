import { expect } from 'chai';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openChange } from '../../src/simulator/churn/change.js';
import { putInBin, remove, restore } from '../../src/simulator/churn/leaving.js';
import { scaled, USUAL_RATES } from '../../src/simulator/churn/rates.js';
import { readState, type State, writeState } from '../../src/simulator/cycle/state.js';
import { temporaryFolder } from '../support/database.js';
import { aState } from './simulation.js';

/** So many changes, thirty days apart, with everybody provisioned in between. */
async function lived(state: State, times: number): Promise<State> {
  for (let n = 0; n < times; n += 1) {
    // Opened anew each time, as by a command line that knows only what was remembered.
    (await openChange(state))(scaled(USUAL_RATES, 5));
    pretendProvisioned(state);
    state.cycles += 1;
    state.clock += 31 * 24 * 60;
  }
  return state;
}

function pretendProvisioned({ organisation, links, groupLinks, changed, removals }: State): void {
  for (const objectId of organisation.people.keys())
    if (!links.has(objectId)) links.set(objectId, { id: `u-${objectId}` });
  for (const objectId of organisation.groups.keys()) {
    if (!groupLinks.has(objectId)) groupLinks.set(objectId, { id: `g-${objectId}`, members: new Set() });
  }
  changed.clear();
  removals.length = 0;
}

describe('what a simulation remembers', () => {
  it('changes an organisation the same way for the same seed and cycle', async () => {
    const first = await lived(await aState(), 3);
    expect(await lived(await aState(), 3)).to.deep.equal(first);
    expect((await lived(await aState(), 2)).organisation).to.not.deep.equal(first.organisation);
  });

  it('comes back from its file as it was, and goes on as if it had not been away', async () => {
    const folder = await temporaryFolder();
    try {
      const state = await lived(await aState(), 2);
      state.failing.set('x', { about: 'x', status: 409, detail: 'in use', failures: 1, since: 0, next: 360 });
      state.changed.add('y');
      state.removals.push({ type: 'Users', objectId: 'z', id: '1', name: 'z' });
      state.quarantine = { reason: 'r', since: 0, next: 1440 };
      const path = join(folder, 'state.json');
      await writeState(path, state);
      const read = await readState(path);
      expect(read).to.deep.equal(state);
      const text = await readFile(path, 'utf8');
      for (const other of [JSON.stringify(JSON.parse(text), null, 2), text.replace('{"objectId"', '{\n"objectId"')]) {
        await writeFile(path, other);
        expect(await readState(path)).to.deep.equal(state);
      }
      expect((await lived(read, 1)).organisation).to.deep.equal((await lived(state, 1)).organisation);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('keeps the tree whole whoever leaves: nobody reports to somebody who is gone, nobody has the name of another', async () => {
    const { organisation, former } = await lived(await aState({ people: 200 }), 8);
    const people = [...organisation.people.values()];
    expect(people.filter(({ manager }) => manager !== undefined && !organisation.people.has(manager))).to.deep.equal(
      [],
    );
    const names = people.map(({ userPrincipalName }) => userPrincipalName.toLowerCase());
    expect(new Set(names).size).to.equal(names.length);
    expect(former.length).to.be.above(5);
    for (const { members } of organisation.groups.values()) {
      for (const one of members) expect(organisation.people.has(one)).to.equal(true);
    }
  });

  it('keeps memberships of who is in the bin, and deletes at the service who is removed', async () => {
    const state = await aState();
    pretendProvisioned(state);
    const group = [...state.organisation.groups.values()].at(-1);
    const person = state.organisation.people.get([...(group?.members ?? [])][0] ?? '');
    if (!group || !person) throw new Error('The group is empty');
    putInBin(state, person);
    expect(group.members.has(person.objectId)).to.equal(true);
    restore(state, person);
    expect(person).to.not.have.property('deletedAt');
    remove(state, person);
    expect(group.members.has(person.objectId)).to.equal(false);
    const { objectId, userPrincipalName: name } = person;
    expect(state.removals).to.deep.equal([{ type: 'Users', objectId, id: `u-${objectId}`, name }]);
  });

  it('leaves nobody with a manager who was removed', async () => {
    const state = await aState();
    const people = [...state.organisation.people.values()];
    const leader = state.organisation.people.get(people.at(-1)?.manager ?? '');
    if (!leader) throw new Error('Nobody leads');
    remove(state, leader);
    expect(people.filter(({ manager }) => manager === leader.objectId)).to.deep.equal([]);
  });
});

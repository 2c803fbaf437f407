import { expect } from 'chai';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrganisation, writeOrganisation } from '../../src/simulator/organisation/file.js';
import { generateOrganisation, type OrganisationWanted } from '../../src/simulator/organisation/generate.js';
import { openMakers } from '../../src/simulator/organisation/maker.js';
import { type Organisation, type Person } from '../../src/simulator/organisation/organisation.js';
import { temporaryFolder } from '../support/database.js';

const make = (wanted: Partial<OrganisationWanted> = {}): Promise<Organisation> =>
  generateOrganisation({ people: 600, groups: 40, seed: 42, locales: ['nl', 'de', 'en'], ...wanted });

const everybody = ({ people }: Organisation): Person[] => [...people.values()];

describe('a made-up organisation', () => {
  it('is the same for the same seed, and another for another', async () => {
    const first = await make();
    const between = await make({ seed: 43 });
    expect(await make()).to.deep.equal(first);
    expect(between).to.not.deep.equal(first);
  });

  it('has as many people and groups as asked for, with names nobody else has', async () => {
    const organisation = await make();
    expect([organisation.people.size, organisation.groups.size]).to.deep.equal([600, 40]);
    const distinct = (values: readonly string[]) => new Set(values.map((value) => value.toLowerCase())).size;
    expect(distinct(everybody(organisation).map((person) => person.userPrincipalName))).to.equal(600);
    expect(distinct(everybody(organisation).flatMap(({ mail }) => mail ?? []))).to.be.above(580);
    expect(distinct([...organisation.groups.values()].map(({ displayName }) => displayName))).to.equal(40);
  });

  it('has one head, managers before who reports to them, and uneven spans', async () => {
    const organisation = await make();
    const seen = new Set<string>();
    const spans = new Map<string, number>();
    for (const { objectId, manager, employeeType } of everybody(organisation)) {
      if (manager === undefined) expect(employeeType === 'Guest' || seen.size === 0).to.equal(true);
      else {
        expect(seen.has(manager)).to.equal(true);
        spans.set(manager, (spans.get(manager) ?? 0) + 1);
      }
      seen.add(objectId);
    }
    expect(new Set(spans.values()).size).to.be.above(6);
    expect(Math.max(...spans.values())).to.be.above(11);
  });

  it('has guests, people without a mailbox, other scripts, long values, and accounts switched off', async () => {
    const people = everybody(await make());
    expect(people.some(({ userPrincipalName }) => userPrincipalName.includes('#EXT#'))).to.equal(true);
    expect(people.some(({ mail }) => mail === undefined)).to.equal(true);
    expect(
      people.some(({ surname }) =>
        /\p{Script=Han}|\p{Script=Greek}|\p{Script=Arabic}|\p{Script=Cyrillic}/u.test(surname),
      ),
    ).to.equal(true);
    expect(people.some(({ displayName }) => displayName.length === 256)).to.equal(true);
    expect(people.some(({ accountEnabled }) => !accountEnabled)).to.equal(true);
    expect(people.every(({ userPrincipalName }) => /^[\w.'#-]+@[\w.]+$/.test(userPrincipalName))).to.equal(true);
  });

  it('has groups by department, place and role, and projects each smaller than the one before', async () => {
    const organisation = await make();
    const groups = [...organisation.groups.values()];
    expect(new Set(groups.map(({ rule }) => rule?.by))).to.deep.equal(
      new Set(['department', 'place', 'role', undefined]),
    );
    const sizes = groups.filter(({ rule }) => !rule).map(({ members }) => members.size);
    expect(sizes).to.deep.equal(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).to.equal(200);
    expect(sizes[3]).to.equal(50);
    for (const { members } of groups) for (const one of members) expect(organisation.people.has(one)).to.equal(true);
  });

  it('is clean without --dirt; with it has duplicate addresses, missing managers and a circle', async () => {
    expect(dirtOf(await make())).to.deep.equal({ duplicates: 0, missing: 0, circles: 0 });
    const { duplicates, missing, circles } = dirtOf(await make({ dirt: true }));
    expect([duplicates, missing, circles]).to.deep.equal([3, 3, 3]);
  });

  it('gives nobody the name of somebody who is in it, or was before', async () => {
    const organisation = await make({ people: 10, groups: 0 });
    const [person] = everybody(organisation);
    if (!person) throw new Error('The organisation is empty');
    const { mailNickname } = person;
    organisation.people.delete(person.objectId);
    const named = async (former: readonly Person[]) =>
      (await openMakers(organisation, former))(1).unusedName(mailNickname);
    expect([await named([]), await named([person])]).to.deep.equal([mailNickname, `${mailNickname}2`]);
  });

  it('comes back from its file as it was, one person on a line', async () => {
    const folder = await temporaryFolder();
    try {
      const organisation = await make({ people: 50 });
      const path = join(folder, 'org.json');
      await writeOrganisation(path, organisation);
      expect(await readOrganisation(path)).to.deep.equal(organisation);
      expect((await readFile(path, 'utf8')).split('\n').filter((line) => line.includes('"surname"'))).to.have.length(
        50,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** People whose address is somebody else's, whose manager nobody is, and who are above themselves. */
function dirtOf(organisation: Organisation) {
  const { people } = organisation;
  const mails = everybody(organisation).flatMap(({ mail }) => mail ?? []);
  const isAboveThemselves = ({ objectId, manager }: Person): boolean => {
    let above = manager;
    for (let step = 0; above !== undefined && step < 50; step += 1) {
      if (above === objectId) return true;
      above = people.get(above)?.manager;
    }
    return false;
  };
  return {
    duplicates: mails.length - new Set(mails).size,
    missing: everybody(organisation).filter(({ manager }) => manager !== undefined && !people.has(manager)).length,
    circles: everybody(organisation).filter(isAboveThemselves).length,
  };
}

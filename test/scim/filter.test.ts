import { expect } from 'chai';
import { Client } from 'pg';
import { each, CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { withOwnerUrl } from '../support/owner.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

/** The same people and groups, for each profile. */
async function inhabited(compatibility: 'ENTRA' | 'RFC'): Promise<{ scene: Scene; ids: Record<string, string> }> {
  const scene = await aScene({ compatibility });
  const ada = await scene.person({
    userName: 'ada@x.example',
    externalId: 'Ext-1',
    title: 'Baker',
    name: { familyName: 'Été' },
    emails: [
      { type: 'work', value: 'Ada@Work.example', primary: true },
      { type: 'home', value: 'ada@home.example' },
    ],
    [ENTERPRISE_USER]: { employeeNumber: '70077', department: 'Ovens' },
  });
  const bob = await scene.person({
    userName: 'bob@x.example',
    externalId: 'ext-1',
    displayName: 'Bob "the" Smith',
    active: false,
    emails: [
      { type: 'home', value: 'bob@home.example' },
      { type: 'other', value: 'ada@work.example' },
    ],
    [ENTERPRISE_USER]: { manager: { value: ada.id } },
  });
  const cas = await scene.person({
    userName: 'cas@x.example',
    emails: undefined,
    roles: [{ value: 'r', primary: true }],
  });
  const group = await scene.group([ada.id, bob.id], { displayName: 'Makers' });
  await scene.group([], { displayName: 'Nobody' });
  return { scene, ids: { ada: ada.id, bob: bob.id, cas: cas.id, group: group.id, now: ada.meta.created } };
}

const filled = (text: string, ids: Record<string, string>): string =>
  text.replace(/<(\w+)>/g, (_, name: string) => ids[name] ?? '');

describe('filters', () => {
  for (const profile of ['ENTRA', 'RFC'] as const) {
    describe(`in profile ${profile}`, () => {
      let scene: Scene;
      let ids: Record<string, string>;
      before(async () => {
        ({ scene, ids } = await inhabited(profile));
      });

      const found = async (path: string, filter: string): Promise<string[]> => {
        const { Resources, totalResults } = await scene.find(path, filled(filter, ids));
        expect(totalResults).to.equal(Resources.length);
        return each(Resources, path === '/Users' ? 'userName' : 'displayName').map((name) => name.replace(/@.*/, ''));
      };

      const people: [string, string][] = [
        ['userName eq "ADA@x.example"', 'ada'],
        ['USERNAME Eq "ada@x.example"', 'ada'],
        [`${CORE_USER}:userName eq "ada@x.example"`, 'ada'],
        [`${CORE_USER.toUpperCase()}:userName sw "BO"`, 'bob'],
        ['externalId eq "ext-1"', 'bob'],
        ['id eq "<ada>"', 'ada'],
        ['id eq "nobody"', ''],
        ['emails[type eq "work"].value eq "ada@WORK.example"', 'ada'],
        ['emails[type eq "work" and value co "work"]', 'ada'],
        ['emails[type eq "home" and value sw "ada@work"]', ''],
        ['emails.type eq "home" and emails.value sw "bob"', 'bob'],
        ['emails eq "ada@work.example"', 'ada bob'],
        ['emails.value eq "ada@work.example"', 'ada bob'],
        ['emails pr', 'ada bob'],
        ['not (emails pr)', 'cas'],
        ['emails[primary eq true].value ew "work.example"', 'ada'],
        ['name.familyName eq "éTÉ"', 'ada'],
        ['displayName co "\\"the\\""', 'bob'],
        ['active eq false', 'bob'],
        ['active ne false', 'ada cas'],
        ['title ne "baker"', 'bob cas'],
        ['title eq null', 'bob cas'],
        ['title ne null', 'ada'],
        ['title pr and (active eq true or userName sw "b")', 'ada'],
        ['userName sw "a" or userName sw "b" and active eq true', 'ada'],
        ['(userName sw "a" or userName sw "b") and active eq true', 'ada'],
        ['not (userName sw "a") and not (active eq false)', 'cas'],
        ['  userName   eq   "cas@x.example"  ', 'cas'],
        ['userName gt "b" and userName le "cas@x.example"', 'bob cas'],
        ['meta.created ge "<now>"', 'ada bob cas'],
        ['meta.created lt "<now>"', ''],
        ['meta.resourceType eq "User"', 'ada bob cas'],
        [`schemas eq "${ENTERPRISE_USER}"`, 'ada bob'],
        [`${ENTERPRISE_USER}:employeeNumber eq "70077"`, 'ada'],
        [`${ENTERPRISE_USER}:manager eq "<ada>"`, 'bob'],
        [`${ENTERPRISE_USER}:manager.value eq "<ada>" and id eq "<bob>"`, 'bob'],
        [`id eq "<cas>" and ${ENTERPRISE_USER}:manager eq "<ada>"`, ''],
        ['groups.value eq "<group>"', 'ada bob'],
        ['groups eq "<group>" and active eq true', 'ada'],
        ['roles[value eq "r" and primary eq true]', 'cas'],
      ];
      for (const [filter, expected] of people) {
        it(`find ${expected === '' ? 'nobody' : expected} by ${filter}`, async () => {
          expect((await found('/Users', filter)).join(' ')).to.equal(expected);
        });
      }

      const groups: [string, string][] = [
        ['displayName eq "MAKERS"', 'Makers'],
        [`${CORE_GROUP}:displayName eq "makers"`, 'Makers'],
        ['members eq "<ada>"', 'Makers'],
        ['members.value eq "<ada>" and id eq "<group>"', 'Makers'],
        ['id eq "<group>" and members eq "<cas>"', ''],
        ['members pr', 'Makers'],
        ['not (members pr)', 'Nobody'],
        ['members[value eq "<bob>"]', 'Makers'],
        ['members eq "<ada>" and members eq "<bob>"', 'Makers'],
        ['members eq "nobody"', ''],
      ];
      for (const [filter, expected] of groups) {
        it(`find ${expected === '' ? 'no group' : expected} by ${filter}`, async () => {
          expect((await found('/Groups', filter)).join(' ')).to.equal(expected);
        });
      }

      const refused: [string, RegExp][] = [
        ['', /column 1/],
        ['   ', /column/],
        ['userName', /operator at column 9/],
        ['userName is "x"', /operator at column 10/],
        ['userName eq', /value at column 12/],
        ['userName eq "x', /column 13/],
        ['userName eq "x" and', /column 20/],
        ['userName eq "x" xor title pr', /column 17/],
        ['(userName eq "x"', /column 17/],
        ['userName eq "x")', /column 16/],
        ['emails[type eq "work"', /column 22/],
        ['emails[emails[type pr]]', /column 8/],
        ['not userName eq "x"', /column 5/],
        ["userName eq 'x'", /column 13/],
        ['shoeSize eq 38', /"shoeSize" here at column 1/],
        ['password eq "x"', /"password" here at column 1/],
        ['emails.size eq "x"', /"emails\.size" here at column 1/],
        ['title pr and urn:x:y:z eq "1"', /column 14/],
        ['active gt true', /"gt" does not suit "active" at column 1/],
        ['active eq "yes"', /true or false/],
        ['userName eq true', /text in double quotes/],
        ['title gt null', /null/],
        ['name eq "x"', /sub-attributes/],
        ['meta.created gt "yesterday"', /date/],
        ['meta.created gt "2026-02-30T00:00:00Z"', /date/],
        ['meta.created co "2026"', /"co" does not suit "meta\.created"/],
      ];
      for (const [filter, detail] of refused) {
        it(`are refused when they are: ${filter}`, async () => {
          const answer = await scene.scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
          expectRefusal(answer, { status: 400, scimType: 'invalidFilter', detail });
        });
      }

      const lenient: [string, string, RegExp][] = [
        ['externalId eq ext-1', 'bob', /double quotes at column 15/],
        ['emails[type eq work].value eq ada@work.example', 'ada', /double quotes at column 16/],
        ['employeeNumber eq "70077"', 'ada', /"employeeNumber" here at column 1/],
        [`${ENTERPRISE_USER}:employeeNumber eq 70077`, 'ada', /text in double quotes/],
        ['manager eq "<ada>"', 'bob', /"manager" here at column 1/],
        ['active eq "False"', 'bob', /true or false/],
        ['roles[primary eq "True"].value eq "r"', 'cas', /true or false/],
      ];
      for (const [filter, expected, detail] of lenient) {
        it(`${profile === 'ENTRA' ? `find ${expected}` : 'are refused'} by ${filter}`, async () => {
          if (profile === 'ENTRA') return expect((await found('/Users', filter)).join(' ')).to.equal(expected);
          const answer = await scene.scim('GET', `/Users?filter=${encodeURIComponent(filled(filter, ids))}`);
          expectRefusal(answer, { status: 400, scimType: 'invalidFilter', detail });
        });
      }
    });
  }
});

describe('a filter that takes too long to find', () => {
  it('S7: is refused with advice after eight seconds, and what is fast goes on', async function () {
    this.timeout(60_000);
    const scene = await aScene();
    const { id, userName } = await scene.person();
    await withOwnerUrl(async (url) => {
      const owner = new Client({ connectionString: url });
      await owner.connect();
      try {
        // Standing in for reading that takes long.
        await owner.query(
          'create policy slow on user_email as restrictive for select to speakup_app using (pg_sleep(30) is not null)',
        );
        const slow = scene.scim('GET', `/Users?filter=${encodeURIComponent(`emails.value eq "${userName}"`)}`);
        expect((await scene.find('/Users', `userName eq "${userName}"`)).Resources[0].id).to.equal(id);
        const answer = await slow;
        expectRefusal(answer, { status: 400, scimType: 'tooMany', detail: /takes too long.*eq on userName.* is fast/ });
      } finally {
        await owner.query('drop policy slow on user_email');
        await owner.end();
      }
    });
    expect(await scene.find('/Users', 'emails.value eq "nobody@work.example"')).to.include({ totalResults: 0 });
  });
});

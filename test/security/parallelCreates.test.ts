// Many creates of one person at the same moment make one person: the unique indexes decide, that of user names and that of
// addresses each for itself.
import { expect } from 'chai';
import { aUser, unique } from '../support/builders.js';
import { DEEP, runsOf } from '../support/property.js';
import { historyOfTenant } from '../scim/records.js';
import { aScene, type Scene } from '../scim/scene.js';

const AT_ONCE = 50;

/** What each of many requests says of the same person, by the name that all of them share. */
const KINDS: Readonly<Record<string, (shared: string, at: number) => object>> = {
  alone: (userName) => ({ userName }),
  adopted: (userName) => ({ userName }),
  'in other letters': (shared, at) => ({ userName: at % 2 ? shared.toUpperCase() : shared }),
  'with other addresses': (userName, at) => ({ userName, emails: [{ value: `${at}.${userName}` }] }),
  'of other names': (shared, at) => ({ userName: `${at}.${shared}`, emails: [{ value: shared }] }),
};

describe('identical creates at the same moment', function () {
  this.timeout(DEEP ? 1_800_000 : 120_000);
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const rounds = runsOf({ usual: 6, deep: 200 });

  it(`S11: make one row, one 201, ${AT_ONCE - 1} times 409 and one record of history, in each of ${rounds} rounds`, async () => {
    const kinds = Object.entries(KINDS);
    for (let round = 0; round < rounds; round += 1) {
      const [kind, given] = kinds[round % kinds.length] ?? ['', () => ({})];
      const shared = `same.${unique()}@fabriek.example`;
      if (kind === 'adopted') await scene.localPerson({ userName: shared });
      const before = (await historyOfTenant(scene)).length;
      const asked = Array.from({ length: AT_ONCE }, (_, at) =>
        scene.scim('POST', '/Users', aUser({ emails: undefined, ...given(shared, at) })),
      );
      const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
      expect(statuses, kind).to.deep.equal([201, ...Array.from({ length: AT_ONCE - 1 }, () => 409)]);
      const rows = await scene.sql(
        'select origin from directory_user where tenant_id = $1 and (user_name_key = $2 or match_email_key = $2)',
        shared,
      );
      expect(rows, kind).to.deep.equal([{ origin: 'SCIM' }]);
      const written = (await historyOfTenant(scene)).slice(before).map(({ kind: what }) => what as string);
      expect(written).to.deep.equal([kind === 'adopted' ? 'ADOPTED' : 'CREATED']);
    }
  });

  it('S11: make one group, with one 201 and one record of history', async () => {
    const displayName = `Same ${unique()}`;
    const before = (await historyOfTenant(scene)).length;
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName };
    const asked = Array.from({ length: AT_ONCE }, () => scene.scim('POST', '/Groups', body));
    const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([201, ...Array.from({ length: AT_ONCE - 1 }, () => 409)]);
    expect((await historyOfTenant(scene)).slice(before)).to.have.length(1);
  });
});

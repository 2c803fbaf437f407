// The self-test at start-up: with any of the walls down, the service says which and does not serve.
import { expect } from 'chai';
import { openDatabase } from '../../src/database/open.js';
import { aScratch, type Scratch } from './scratch.js';

interface Hole {
  readonly what: string;
  readonly make: string;
  readonly mend: string;
  /** What an operator reads. */
  readonly says: RegExp;
}

const WALL = `create policy tenant_wall on membership using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`;

const HOLES: readonly Hole[] = [
  {
    what: 'its role is a superuser',
    make: 'alter role speakup_app superuser',
    mend: 'alter role speakup_app nosuperuser',
    says: /^Role speakup_app is a superuser: take that away with "alter role speakup_app nosuperuser"\./,
  },
  {
    what: 'its role may bypass row-level security',
    make: 'alter role speakup_app bypassrls',
    mend: 'alter role speakup_app nobypassrls',
    says: /^Role speakup_app may bypass row-level security: take that away with "alter role speakup_app nobypassrls"\./,
  },
  {
    what: "the analysts' role may bypass row-level security",
    make: 'alter role speakup_analyst bypassrls',
    mend: 'alter role speakup_analyst nobypassrls',
    says: /^Role speakup_analyst may bypass row-level security/,
  },
  {
    what: 'its role owns a table',
    make: 'alter table membership owner to speakup_app',
    mend: 'alter table membership owner to current_user',
    says: /^Role speakup_app owns membership: give them back/,
  },
  {
    what: 'its role may become one who passes',
    make: 'create role passing bypassrls; grant passing to speakup_app',
    mend: 'drop role passing',
    says: /^Role speakup_app may become passing, who can pass row-level security/,
  },
  {
    what: 'a table has no row-level security',
    make: 'alter table membership disable row level security',
    mend: 'alter table membership enable row level security',
    says: /^No forced row-level security on membership/,
  },
  {
    what: 'row-level security does not hold for the owner of a table',
    make: 'alter table change_record no force row level security',
    mend: 'alter table change_record force row level security',
    says: /^No forced row-level security on change_record/,
  },
  {
    what: 'a policy is missing',
    make: 'drop policy tenant_wall on membership',
    mend: WALL,
    says: /^No policy tenant_wall on membership/,
  },
  {
    what: 'a policy asks for nothing',
    make: 'drop policy tenant_wall on membership; create policy tenant_wall on membership using (true)',
    mend: `drop policy tenant_wall on membership; ${WALL}`,
    says: /^No policy tenant_wall on membership/,
  },
  {
    what: 'a policy lets more in than what may be seen',
    make: `drop policy tenant_wall on membership; ${WALL} with check (true)`,
    mend: `drop policy tenant_wall on membership; ${WALL}`,
    says: /^No policy tenant_wall on membership/,
  },
  {
    what: 'another policy opens a table to everybody',
    make: 'create policy open_door on directory_user for select using (true)',
    mend: 'drop policy open_door on directory_user',
    says: /^Policy open_door on directory_user lets role speakup_app see every tenant/,
  },
  {
    what: 'a new table of tenants was forgotten',
    make: 'create table note (tenant_id uuid, id uuid)',
    mend: 'drop table note',
    says: /^No forced row-level security on note/,
  },
];

describe('a start', function () {
  this.timeout(60_000);
  let scratch: Scratch;
  before(async () => {
    scratch = await aScratch();
  });
  after(() => scratch.remove());

  const start = async (): Promise<string> => {
    try {
      await (await openDatabase({ url: scratch.url, poolSize: 1 })).close();
      return 'started';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  for (const { what, make, mend, says } of HOLES) {
    it(`is refused, in words that say what to do, when ${what}`, async () => {
      await scratch.owner.query(make);
      const said = await start();
      await scratch.owner.query(mend);
      expect(said).to.match(says);
      expect(said).to.match(/ Nothing would keep tenants apart: refusing to start\.$/);
    });
  }

  it('is not refused when all is as it was', async () => {
    expect(await start()).to.equal('started');
  });
});

import { expect } from 'chai';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readState, writeState } from '../../src/simulator/cycle/state.js';
import { data } from '../graphql/asking.js';
import { temporaryFolder } from '../support/database.js';
import { cli } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { aTenant, type Json } from '../support/tenant.js';
import { aJob, aState } from './simulation.js';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';

const HOUR = 60;

describe('simulate mass-leave 30%', function () {
  this.timeout(300_000);

  it('S20: is held by the brake with the server’s words, and after a release the next cycles converge', async () => {
    const folder = await temporaryFolder();
    const file = (name: string) => join(folder, name);
    try {
      const tenant = await aTenant();
      const { clientId, clientSecret, server } = tenant;
      const credentials = {
        clientId,
        clientSecret,
        tokenEndpoint: `${server.url}/oauth2/token`,
        tenantUrl: `${server.url}/scim/v2`,
      };
      await writeFile(file('entra.json'), JSON.stringify(credentials));
      const state = await aState({ people: 160, groups: 6 });
      expect(await runCycle(aJob(tenant, state), 'initial')).to.deep.equal({ kind: 'completed' });
      await writeState(file('state.json'), state);
      const simulate = async (expected: number, ...words: string[]): Promise<Json> => {
        const target = [
          '--credentials',
          file('entra.json'),
          '--state',
          file('state.json'),
          '--graphql',
          '--verify',
          '--json',
        ];
        const { code, stdout, stderr } = await cli(
          ['simulate', ...words, ...target],
          (await theDatabase()).environment,
        );
        expect(code, stderr).to.equal(expected);
        return JSON.parse(stdout);
      };

      const held = await simulate(4, 'mass-leave', '30%');
      const [refusal] = held.refusals as Json[];
      expect(held.refusals).to.have.length(1);
      expect(refusal.detail).to.match(/^The deactivation brake holds this back: .*releaseDeactivationBrake/);
      expect(held.cycles.map(({ end }: Json) => end.kind as string)).to.deep.equal(['completed']);
      const { deactivationBrake } = await data(tenant, '{ deactivationBrake { state heldPeople { totalCount } } }');
      expect(deactivationBrake).to.deep.equal({ state: 'PULLED', heldPeople: { totalCount: refusal.count } });

      await data(tenant, 'mutation { releaseDeactivationBrake { __typename } }');
      // Entra tries again after six hours.
      const later = await readState(file('state.json'));
      later.clock += 6 * HOUR;
      await writeState(file('state.json'), later);
      const quiet = ['--joiners', '--movers', '--leavers', '--returners', '--renames', '--group-churn'];
      const after = await simulate(0, 'cycle', ...quiet.flatMap((option) => [option, '0']));
      expect([after.converged, after.refusals]).to.deep.equal([true, []]);
      expect(after.verdicts.map(({ differences }: Json) => differences as number)).to.deep.equal([0, 0]);
      const now = await data(tenant, '{ deactivationBrake { state heldPeople { totalCount } } }');
      expect(now.deactivationBrake).to.deep.equal({ state: 'RELEASED', heldPeople: { totalCount: 0 } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

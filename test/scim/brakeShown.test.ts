import { expect } from 'chai';
import { createMetrics } from '../../src/operation/metrics.js';
import { data } from '../graphql/asking.js';
import { startServer, theDatabase } from '../support/server.js';
import { type Json } from '../support/tenant.js';
import { aCrowd } from './brakeScene.js';

describe('a pulled deactivation brake is seen', function () {
  this.timeout(60_000);

  it('in the log as a warning, once, and in the metrics', async () => {
    const server = await startServer((await theDatabase()).environment);
    try {
      const { log, brakeCounts } = server.deps;
      const warnings: unknown[] = [];
      log.warn = ((fields: object, sentence: string) => void warnings.push({ ...fields, sentence })) as typeof log.warn;
      const scene = await aCrowd(100, server);
      const refused = (await scene.leave(23)).at(-3);
      expect(warnings).to.deep.equal([
        {
          tenant: scene.tenant.slug,
          integrationId: scene.clientId,
          requestId: refused?.headers.get('X-Request-Id'),
          counted: 20,
          sentence: 'The deactivation brake was pulled',
        },
      ]);
      const metrics = createMetrics();
      metrics.watchBrakes(brakeCounts);
      for (const line of ['deactivation_brake_pulled_total 1', 'deactivations_held_total 3']) {
        expect((await metrics.registry.metrics()).split('\n')).to.include(line);
        expect((await metrics.registry.metrics()).split('\n'), 'asked again').to.include(line);
      }
    } finally {
      await server.stop();
    }
  });

  it('in the status of the app integration, and in what support asks for', async () => {
    const scene = await aCrowd(100);
    await scene.leave(22);
    const { integrationStatus, support } = (await data(
      scene,
      `query ($id: ID!) { integrationStatus(integration: $id) { deactivationBrake { state } last24Hours { failed } }
        support(integration: $id) { deactivationBrake { state } lastError { status } text } }`,
      { id: scene.clientId },
    )) as { integrationStatus: Json; support: Json };
    expect(integrationStatus).to.deep.equal({ deactivationBrake: { state: 'PULLED' }, last24Hours: { failed: 2 } });
    expect(support.deactivationBrake).to.deep.equal({ state: 'PULLED' });
    expect(support.lastError).to.deep.equal({ status: 503 });
    expect(support.text).to.match(
      /\nExact error: 503: The deactivation brake.*\nDeactivation brake: PULLED\. Provisioning has deactivated or deleted 20 of 100 .* Held back: 2\. /s,
    );
  });
});

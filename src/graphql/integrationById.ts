// An app integration wherever an answer names one, whole: every field of it can be asked for there.
import { listedIntegrations } from '../directory/integration/listedIntegrations.js';
import { type ReadScope } from '../directory/scope.js';
import { type GraphqlContext } from './context.js';
import { type AppIntegration, shownIntegration } from './integrationObject.js';

/** The integration of a client id in the snapshot of the operation, revoked ones too; undefined where this tenant has none. */
export const integrationById = (context: GraphqlContext, clientId: string): Promise<AppIntegration | undefined> =>
  context.batch('integration', clientId, async (scope: ReadScope) => {
    const all = await listedIntegrations(scope);
    return new Map(all.map((one) => [one.id, shownIntegration(one, context.request.now)]));
  });

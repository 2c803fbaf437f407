// integration budget: how many requests of an app integration are answered, or that they are not counted.
import { type Command, Option } from 'commander';
import { type RequestBudget } from '../directory/integration/Integration.js';
import { BOUNDS, setRequestBudget } from '../directory/integration/requestBudget.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorIn } from './atWork.js';
import { clientOption, jsonOption, tenantOption, wholeOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly tenant: string;
  readonly clientId: string;
  readonly requestsPerSecond?: number;
  readonly burst?: number;
  readonly off?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function integrationBudget(parent: Command): void {
  const command: Command = parent
    .command('budget')
    .description('Limits how many requests of an app integration are answered (further ones: 429), or ends that.')
    .addOption(tenantOption())
    .addOption(clientOption())
    .addOption(wholeOption('--requests-per-second <n>', 'in the long run', BOUNDS.requestsPerSecond))
    .addOption(wholeOption('--burst <n>', 'at once, at least the requests per second', BOUNDS.burst))
    .addOption(new Option('--off', 'requests are not counted').conflicts(['requestsPerSecond', 'burst']))
    .addOption(jsonOption())
    .action((options: Options) => change(options, budgetFrom(options, command)));
}

/** Both numbers or --off; else it is used wrongly. */
function budgetFrom({ requestsPerSecond, burst, off }: Options, command: Command): RequestBudget | null {
  if (off) return null;
  if (requestsPerSecond === undefined || burst === undefined || burst < requestsPerSecond) {
    return command.error('error: give --requests-per-second and a --burst that is no less, or --off');
  }
  return { requestsPerSecond, burst };
}

async function change({ tenant, clientId, json }: Options, budget: RequestBudget | null): Promise<void> {
  await atWork(async (deps) =>
    setRequestBudget(deps.db, await operatorIn(tenant, deps), requestContext(), clientId, budget),
  );
  const what = budget
    ? `may send ${budgetInWords(budget)}; further requests are answered 429`
    : 'may send as many requests as it likes';
  print(json, { clientId, budget }, `App integration ${clientId} ${what}.`);
}

/** For a sentence or a table. */
export const budgetInWords = ({ requestsPerSecond, burst }: RequestBudget): string =>
  `${requestsPerSecond} a second, ${burst} at once`;

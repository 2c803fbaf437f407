// The filters that identity providers ask, in the large tenant: what PostgreSQL does for the page and for the number of
// all results, as the application's role behind the wall.
import { type Pool } from 'pg';
import { type IntegrationActor } from '../../../src/directory/actor.js';
import { type Verdict } from '../figures.js';
import { explain, isPlanned, type Plan } from '../plans.js';
import { type BenchRequest } from '../requests.js';
import { statementsOf } from '../statements.js';
import { type Somebody } from './population.js';

const MOST_MS = 5;
const HOUR_MS = 3_600_000;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Of each filter the page, and the count where the page does not tell how many there are. */
export async function explainFilters(
  pool: Pool,
  actor: IntegrationActor,
  somebody: Somebody,
): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const [title, request] of questionsAbout(somebody)) {
    const sent = (await statementsOf(pool, actor, request)).filter(({ text }) => isPlanned(text));
    for (const one of sent) {
      const isCount = one.text.startsWith('select count(*)');
      plans.push(
        await explain(pool, actor.tenantId, one, { title: `${title}${isCount ? ', count' : ''}`, isHot: !isCount }),
      );
    }
  }
  return plans;
}

function questionsAbout(somebody: Somebody): readonly (readonly [string, BenchRequest])[] {
  const { id, userName, externalId, employeeNumber, displayName, managerId, team, teamId } = somebody;
  const since = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
  return [
    users('userName eq', `userName eq "${userName}"`),
    users('externalId eq', `externalId eq "${externalId}"`),
    users('emails.value eq', `emails.value eq "${userName}"`),
    users('emails[type eq "work"].value eq', `emails[type eq "work"].value eq "${userName}"`),
    users('employeeNumber eq', `${ENTERPRISE}:employeeNumber eq "${employeeNumber}"`),
    users('displayName eq', `displayName eq "${displayName}"`),
    users('id eq and manager eq', `id eq "${id}" and manager eq "${managerId}"`),
    users('manager eq', `manager eq "${managerId}"`),
    users('active eq false', 'active eq false'),
    users('lastModified gt an hour ago', `meta.lastModified gt "${since(1)}"`),
    users('lastModified gt a day ago', `meta.lastModified gt "${since(24)}"`),
    groups('displayName eq', `displayName eq "${team}"`),
    groups('members eq', `members eq "${id}"`),
    groups('id eq and members eq', `id eq "${teamId}" and members eq "${id}"`),
  ];
}

const users = (title: string, filter: string) => [`Users ${title}`, asks('Users', filter)] as const;
const groups = (title: string, filter: string) =>
  [`Groups ${title}`, asks('Groups', filter, '&excludedAttributes=members')] as const;

const asks = (type: string, filter: string, more = ''): BenchRequest => ({
  method: 'GET',
  path: `/${type}?filter=${encodeURIComponent(filter)}&count=100${more}`,
  status: 200,
  kind: '',
});

/** Of the pages. A count costs as much as it counts, and so does the page of all that changed on a day: both are only told. */
export function filterVerdicts(plans: readonly Plan[]): readonly Verdict[] {
  const slow = (of: readonly Plan[]) =>
    of
      .filter(({ executionMs, faults }) => executionMs >= MOST_MS || faults.length > 0)
      .map(({ title, executionMs, faults }) => `${title} ${executionMs.toFixed(1)} ms ${faults.join(', ')}`.trim());
  const verdict = (target: string, of: readonly Plan[]): Verdict => {
    const most = Math.max(...of.map(({ executionMs }) => executionMs));
    const missed = slow(of);
    return {
      target,
      figure: missed.length > 0 ? missed.join('; ') : `at most ${most.toFixed(2)} ms`,
      met: missed.length === 0,
    };
  };
  return [
    verdict(
      `filters in the large tenant: by an index, under ${MOST_MS} ms each`,
      plans.filter(({ isHot, title }) => isHot && !title.endsWith('a day ago')),
    ),
    {
      ...verdict('counts, and what changed on a day: by an index', plans),
      met: plans.every(({ faults }) => faults.length === 0),
    },
  ];
}

/** A line for each statement. */
export const filterLines = (plans: readonly Plan[]): readonly string[] =>
  plans.map(
    ({ title, executionMs, planningMs, indexes, faults }) =>
      `${title.padEnd(45)} ${executionMs.toFixed(2).padStart(8)} ms, planned in ${planningMs.toFixed(2)} ms, by ${indexes.join(', ')}${faults.length > 0 ? `; FAULT: ${faults.join('; ')}` : ''}`,
  );

// What is wrong with the data: which of the active people have a problem, and which groups are empty.
import { type GroupRow } from '../group/groups.js';
import { allGroups, allUsers, type PersonRow, type Source } from '../sources.js';
import { type ReadScope } from '../scope.js';

/**
 * People who are their own manager's manager, over any number of steps. Only managers can be; whoever is not reached
 * from those at the top is in a circle or below one, and is followed upwards. In each circle only one comes back to the
 * start: the lowest in a random order, for the others stop where somebody is lower. So long circles cost little.
 */
const IN_A_CYCLE = `with recursive
  manager as materialized (
    select m.id, m.manager_id from directory_user m where m.tenant_id = $1
      and m.id in (select distinct r.manager_id from directory_user r where r.tenant_id = $1 and r.manager_id is not null)),
  reached (id) as (
    select id from manager where manager_id is null
    union all select m.id from reached join manager m on m.manager_id = reached.id),
  astray as materialized (
    select id, manager_id, md5(id::text) as place from manager where id not in (select id from reached)),
  way (start, place, at) as (
    select id, place, manager_id from astray
    union select way.start, way.place, a.manager_id from way join astray a on a.id = way.at where a.place > way.place),
  circle (id) as (
    select start from way where at = start
    union select a.manager_id from circle join astray a on a.id = circle.id)
  select id from circle`;

/** Conditions on an active person `u`; `$1` is the tenant. What is looked up is looked up once, not for each person. */
const OF_PEOPLE = {
  NO_EMAIL: 'u.match_email_key is null',
  NO_MANAGER: 'u.manager_value is null',
  UNRESOLVED_MANAGER: 'u.manager_value is not null and u.manager_id is null',
  // As the index of people who are not active says it.
  INACTIVE_MANAGER: `u.manager_id in (select m.id from directory_user m where m.tenant_id = $1 and not m.active and m.status <> 'DELETED')`,
  MANAGER_CYCLE: `u.id in (${IN_A_CYCLE})`,
  NO_DEPARTMENT: 'u.department is null',
  DUPLICATE_EMPLOYEE_NUMBER: `u.employee_number_key in (
    select e.employee_number_key from directory_user e where e.tenant_id = $1 and e.status = 'ACTIVE'
    group by 1 having count(*) > 1)`,
} as const;

const OF_GROUPS = {
  EMPTY_GROUP: 'not exists (select from membership m where m.tenant_id = $1 and m.group_id = g.id)',
} as const;

type ProblemOfPeople = keyof typeof OF_PEOPLE;
type ProblemOfGroups = keyof typeof OF_GROUPS;
export type ProblemName = ProblemOfPeople | ProblemOfGroups;

/** The active people who have a problem; undefined for one that groups have. */
export const peopleWith = (problem: ProblemName): Source<PersonRow> | undefined =>
  isOfGroups(problem) ? undefined : { ...allUsers, live: `u.status = 'ACTIVE' and ${OF_PEOPLE[problem]}` };

/** The groups that have a problem; undefined for one that people have. */
export const groupsWith = (problem: ProblemName): Source<GroupRow> | undefined =>
  isOfGroups(problem) ? { ...allGroups, live: OF_GROUPS[problem] } : undefined;

/** How many people or groups have each of these problems: one pass over people, one over groups. */
export async function countProblems(
  { send, tenantId }: ReadScope,
  problems: readonly ProblemName[],
): Promise<ReadonlyMap<ProblemName, number>> {
  const counting = (condition: string, problem: ProblemName) =>
    `(count(*) filter (where ${condition}))::int as "${problem}"`;
  const ofPeople = problems.filter((problem) => !isOfGroups(problem)).map((one) => counting(OF_PEOPLE[one], one));
  const ofGroups = problems.filter(isOfGroups).map((problem) => counting(OF_GROUPS[problem], problem));
  const counted = (counts: readonly string[], from: string) =>
    counts.length === 0
      ? []
      : send<Partial<Record<ProblemName, number>>>({ text: `select ${counts.join(', ')} from ${from}` }, [tenantId]);
  const rows = await Promise.all([
    counted(ofPeople, `directory_user u where u.tenant_id = $1 and u.status = 'ACTIVE'`),
    counted(ofGroups, 'directory_group g where g.tenant_id = $1'),
  ]);
  return new Map(rows.flat().flatMap((row) => Object.entries(row) as [ProblemName, number][]));
}

const isOfGroups = (problem: ProblemName): problem is ProblemOfGroups => problem in OF_GROUPS;

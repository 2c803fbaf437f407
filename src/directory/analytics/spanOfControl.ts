// How many direct reports managers have.
import { type QueryResultRow } from 'pg';
import { selected, type Selection } from '../pageSql.js';
import { allUsers } from '../sources.js';
import { type ReadScope } from '../scope.js';

/** So many managers have so many reports. */
export interface SpanStep {
  readonly directReports: number;
  readonly managers: number;
}

export interface SpanFigures {
  readonly managers: number;
  readonly reports: number;
  readonly average: number | null;
  readonly median: number | null;
  readonly largest: number;
}

/** Managers by the number of those selected who report to them; the smallest number first. */
export async function spanDistribution(scope: ReadScope, selection: Selection): Promise<SpanStep[]> {
  const params: unknown[] = [scope.tenantId];
  const text = `select reports as "directReports", count(*)::int as managers from (
      select count(*)::int as reports from ${reportsSql(selection, params)}) span
    group by 1 order by 1`;
  return scope.send<SpanStep & QueryResultRow>({ text }, params);
}

export interface ManagerSpan {
  readonly managerId: string;
  readonly directReports: number;
}

/** The managers of most of those selected. */
export async function largestSpans(scope: ReadScope, selection: Selection, limit: number): Promise<ManagerSpan[]> {
  const params: unknown[] = [scope.tenantId];
  const text = `select u.manager_id as "managerId", count(*)::int as "directReports" from ${reportsSql(selection, params)}
    order by 2 desc, 1 limit ${limit}`;
  return scope.send<ManagerSpan & QueryResultRow>({ text }, params);
}

const reportsSql = (selection: Selection, params: unknown[]): string =>
  `${allUsers.from} where ${selected(allUsers, selection, params)} and u.manager_id is not null group by u.manager_id`;

/** What the distribution says in few numbers; averages are null where nobody manages anybody. */
export function spanFigures(steps: readonly SpanStep[]): SpanFigures {
  const managers = sum(steps.map((step) => step.managers));
  const reports = sum(steps.map((step) => step.managers * step.directReports));
  return {
    managers,
    reports,
    average: managers === 0 ? null : reports / managers,
    median:
      managers === 0
        ? null
        : (spanAt(steps, Math.floor((managers - 1) / 2)) + spanAt(steps, Math.floor(managers / 2))) / 2,
    largest: steps.at(-1)?.directReports ?? 0,
  };
}

/** The span of a manager by place, the smallest first. */
function spanAt(steps: readonly SpanStep[], place: number): number {
  let before = 0;
  const step = steps.find(({ managers }) => (before += managers) > place);
  return step?.directReports ?? 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

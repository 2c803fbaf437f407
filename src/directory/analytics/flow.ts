// Who came, moved, left and came back, in numbers, from history.
import { type QueryResultRow } from 'pg';
import { Refusal } from '../../refusal.js';
import { type ReadScope } from '../scope.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The least each can last. */
const PERIODS = { DAY: DAY_MS, WEEK: 7 * DAY_MS, MONTH: 28 * DAY_MS } as const;
const MOST_PERIODS = 400;

export type PeriodName = keyof typeof PERIODS;

export interface FlowPeriod {
  /** When the period begins, in UTC; the first one may begin before what was asked. */
  readonly start: Date;
  readonly joiners: number;
  readonly movers: number;
  readonly leavers: number;
  readonly returners: number;
}

/** Every period from one moment to before another, also the empty ones. Refuses with `invalidValue` what is no such span. */
export async function peopleFlow({ send }: ReadScope, from: Date, to: Date, period: PeriodName): Promise<FlowPeriod[]> {
  if (from.getTime() < 0) throw new Refusal('invalidValue', 'from must be in 1970 or later.');
  if (from >= to) throw new Refusal('invalidValue', 'from must be before to.');
  if ((to.getTime() - from.getTime()) / PERIODS[period] > MOST_PERIODS) {
    throw new Refusal('invalidValue', `from and to may be ${MOST_PERIODS} periods apart. Ask for a longer period.`);
  }
  // The role of analysts may not read history: the function counts for it, and tells nothing else.
  const text = 'select start, joiners, movers, leavers, returners from people_flow($1, $2, $3)';
  return send<FlowPeriod & QueryResultRow>({ text }, [from, to, period.toLowerCase()]);
}

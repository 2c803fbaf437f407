// What analytics answers.
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { type ProblemName } from '../directory/analytics/dataQuality.js';
import { Dimension, QualityProblem } from './analyticsEnums.js';
import { DateTime } from './scalars.js';
import { UserObject } from './userObject.js';

@ObjectType('Analytics', {
  description: 'Figures of the whole tenant, counted by the database. Deleted people are not in them.',
})
export class Analytics {}

@ObjectType('HeadcountKey', { simpleResolvers: true, description: 'What the people of a row have in common.' })
export class HeadcountKey {
  @Field(() => Dimension, { description: 'What they are counted by.' })
  dimension!: keyof typeof Dimension;

  @Field(() => String, {
    nullable: true,
    description: 'Its value, exactly as sent; of MANAGER the global id. Null: it is unassigned.',
  })
  value!: string | null;

  @Field(() => UserObject, { nullable: true, description: 'The manager, where people are counted by MANAGER.' })
  manager?: unknown;
}

@ObjectType('HeadcountRow', { simpleResolvers: true, description: 'People who have the same values.' })
export class HeadcountRow {
  @Field(() => [HeadcountKey], { description: 'The values, in the order of `by`.' })
  keys!: readonly HeadcountKey[];

  @Field(() => Int, { description: 'How many they are, deactivated people too.' })
  people!: number;

  @Field(() => Int, { description: 'How many of them are active.' })
  active!: number;

  @Field(() => Float, { description: 'Their part of all people counted, from 0 to 1.' })
  share!: number;
}

@ObjectType('Headcount', { simpleResolvers: true, description: 'How many people there are of each kind.' })
export class Headcount {
  @Field(() => [HeadcountRow], { description: 'A row for each value, or pair of values, that people have.' })
  rows!: readonly HeadcountRow[];

  @Field(() => Int, { description: 'All people counted, also those of rows left out by `first`.' })
  total!: number;

  @Field(() => Int, { description: 'How many rows there are, also those left out by `first`.' })
  rowCount!: number;
}

@ObjectType('SpanStep', { simpleResolvers: true, description: 'So many managers have so many direct reports.' })
export class SpanStep {
  @Field(() => Int, { description: 'The number of direct reports.' })
  directReports!: number;

  @Field(() => Int, { description: 'How many managers have this number.' })
  managers!: number;
}

@ObjectType('ManagerSpan', { simpleResolvers: true, description: 'A manager with the number of direct reports.' })
export class ManagerSpan {
  @Field(() => UserObject, { nullable: true, description: 'The manager.' })
  manager!: unknown;

  @Field(() => Int, { description: 'How many people report to the manager directly.' })
  directReports!: number;
}

@ObjectType('SpanOfControl', { simpleResolvers: true, description: 'How many direct reports managers have.' })
export class SpanOfControl {
  @Field(() => Int, { description: 'How many people have direct reports.' })
  managers!: number;

  @Field(() => Int, { description: 'How many people report to somebody.' })
  reports!: number;

  @Field(() => Float, { nullable: true, description: 'Direct reports of a manager on average; null without managers.' })
  average!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Half of the managers have at most as many direct reports; null without managers.',
  })
  median!: number | null;

  @Field(() => Int, { description: 'The most direct reports a manager has; 0 without managers.' })
  largest!: number;

  @Field(() => [SpanStep], { description: 'Managers by their number of direct reports, the smallest number first.' })
  distribution!: readonly SpanStep[];
}

@ObjectType('QualityFinding', { simpleResolvers: true, description: 'A problem of the data, and who has it.' })
export class QualityFinding {
  @Field(() => QualityProblem, { description: 'The problem.' })
  problem!: ProblemName;

  @Field(() => String, { description: 'What it means and what to do about it, in plain words.' })
  explanation!: string;
}

@ObjectType('FlowPeriod', {
  simpleResolvers: true,
  description: 'What happened in a period. Each person counts once for what happened to them, however often.',
})
export class FlowPeriod {
  @Field(() => DateTime, { description: 'When the period begins; the first one may begin before `from`.' })
  start!: Date;

  @Field(() => Int, { description: 'People who came into the directory for the first time.' })
  joiners!: number;

  @Field(() => Int, {
    description:
      'People whose department, division, organisation, cost centre or title changed from one value to another.',
  })
  movers!: number;

  @Field(() => Int, { description: 'Active people who were deactivated or deleted.' })
  leavers!: number;

  @Field(() => Int, { description: 'People who were activated again, or came back after they were deleted.' })
  returners!: number;
}

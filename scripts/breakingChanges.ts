// What a new version of the GraphQL schema takes away from those who use the old one.
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

export interface SchemaChanges {
  /** Queries that were right may be wrong now. */
  readonly breaking: readonly string[];
  /** They stay right, but may be answered in a way their authors do not expect, such as with a new enum value. */
  readonly dangerous: readonly string[];
}

/** Compares two schemas in SDL; each change is a sentence. */
export function schemaChanges(before: string, after: string): SchemaChanges {
  const [old, now] = [buildSchema(before), buildSchema(after)];
  return {
    breaking: findBreakingChanges(old, now).map(({ description }) => description),
    dangerous: findDangerousChanges(old, now).map(({ description }) => description),
  };
}

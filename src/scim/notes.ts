// What was forgiven and what was ignored while a request was read: for the provisioning log.

/** Every leniency has a name, a test, and is noted when it was used. */
export type Leniency =
  | 'stringBoolean'
  | 'managerAsString'
  | 'managerAsList'
  | 'wrappedScalar'
  | 'singleValueForList'
  | 'emptyMeansUnassigned'
  | 'pathAsKey'
  | 'elementCreated'
  | 'removeWithValueList'
  | 'emptyOperations'
  | 'unquotedFilterValue'
  | 'enterpriseNameWithoutUrn';

export interface Notes {
  readonly leniencies: Set<Leniency>;
  /** Names of attributes and schemas that do not exist here. */
  readonly ignored: Set<string>;
}

export const newNotes = (): Notes => ({ leniencies: new Set(), ignored: new Set() });

// The lists of history and of the provisioning log, newest first.
import { type Target } from '../attribute/attributePath.js';
import { type AttributeType } from '../attribute/attributeType.js';
import { attribute } from '../attribute/attribute.js';
import { type ChangeRow, changeRecords, type EntryRow, logEntries } from '../directory/history/records.js';
import { userType } from '../directory/resourceTypes.js';
import { type List } from './connection.js';
import { targetOf } from './describe.js';
import { type ChangeWhere } from './historyObjects.js';
import { type ProvisioningLogWhere } from './provisioningLogObjects.js';
import { all, compare, momentFilter, textFilter, when } from './where.js';

const column = (name: string, type: AttributeType, caseExact = true): Target => ({
  schema: undefined,
  attribute: attribute(name, type, { kind: 'column', property: name, column: name }, name, {
    required: true,
    caseExact,
  }),
});
const AT = column('at', 'dateTime');
const ACTOR = column('actor_id', 'string');
const INTEGRATION = column('integration_id', 'string');
const REQUEST = column('request_id', 'string');
const RESOURCE = column('resource_id', 'string');
const SENTENCE = column('sentence', 'string', false);

const NEWEST = [{ target: AT, descending: true }];
/** Of one resource, the order in which its changes were made: a request that came earlier may have waited. */
const LATEST = [{ target: targetOf(userType, 'id'), descending: true }];

/** History of the tenant, or of one resource. */
export function listOfChanges(name: string, where: ChangeWhere | undefined, ofOne = false): List<ChangeRow> {
  const { kind, actor, appIntegration, person, at } = where ?? {};
  const filter = all([
    ...when(appIntegration, (id) => compare(ACTOR, 'eq', id)),
    ...when(person, (id) => compare(ACTOR, 'eq', id)),
    ...when(at, (moment) => momentFilter(AT, moment)),
  ]);
  const source = changeRecords(wordsOf(kind), actorOf(where, actor), ofOne);
  const sort = ofOne ? LATEST : NEWEST;
  return { source, name, args: { where }, withDeleted: false, filter, sort };
}

/** The provisioning log of the tenant. */
export function listOfEntries(name: string, where: ProvisioningLogWhere | undefined): List<EntryRow> {
  const { appIntegration, outcome, at, resource, requestId, sentence } = where ?? {};
  const filter = all([
    ...when(appIntegration, (id) => compare(INTEGRATION, 'eq', id)),
    ...when(resource, (id) => compare(RESOURCE, 'eq', id)),
    ...when(requestId, (id) => textFilter(REQUEST, { eq: id })),
    ...when(sentence, (text) => textFilter(SENTENCE, text)),
    ...when(at, (moment) => momentFilter(AT, moment)),
  ]);
  const source = logEntries(wordsOf(outcome));
  return { source, name, args: { where }, withDeleted: false, filter, sort: NEWEST };
}

/** The kind of whoever is named, where the caller says no other. */
function actorOf({ appIntegration, person }: ChangeWhere = {}, actor: ChangeWhere['actor']) {
  return actor ?? (person ? 'PERSON' : appIntegration ? 'INTEGRATION' : undefined);
}

/** What a filter of words lets through; undefined where it is everything. */
function wordsOf<Word>(filter: { readonly eq?: Word | null; readonly in?: readonly Word[] | null } | null | undefined) {
  const one = filter?.eq ?? undefined;
  const list = filter?.in ?? undefined;
  if (one === undefined) return list;
  return list === undefined || list.includes(one) ? [one] : [];
}

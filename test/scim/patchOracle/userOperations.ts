// Random PATCH operations on a user: mostly valid, and shaped as clients and Entra shape them.
import fc from 'fast-check';
import { CORE_USER, ENTERPRISE, type Rule, USER } from './interpreterSchema.js';
import { type Json, type JsonObject, textOf } from './interpreterState.js';
import { filterText, readOnlyPath, wrongPath } from './paths.js';
import { anyCase, flag, listOf, mostly, objectOf, odd, oneOf, valueOf, word, wrapped } from './values.js';

/** What the operations of one tenant can refer to. */
export interface Pool {
  /** userNames and addresses of the user that is changed: nobody else's. */
  readonly own: readonly string[];
  /** userNames and addresses of others. */
  readonly taken: readonly string[];
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly unknown: readonly string[];
  readonly names: readonly string[];
  readonly takenNames: readonly string[];
}

/** A path and a value for it, and how much it weighs among the others. */
export type Case = fc.Arbitrary<readonly [path: string, value: Json]>;

const pair = (path: fc.Arbitrary<string>, value: fc.Arbitrary<Json>): Case => fc.tuple(path, value);
const fixed = (path: string, value: fc.Arbitrary<Json>): Case => pair(anyCase(fc.constant(path)), value);

export function userCases(pool: Pool): readonly { weight: number; arbitrary: Case }[] {
  const lists = USER.core.filter((rule) => rule.many && rule.kind === 'complex' && rule.mutability === 'readWrite');
  const address = mostly<Json>(25, oneOf<Json>(...pool.own), oneOf<Json>(...pool.taken));
  const list = mostly<Rule>(
    2,
    fc.constantFrom(...lists.filter((rule) => rule.name === 'emails' || rule.name === 'addresses')),
    fc.constantFrom(...lists),
  );
  return [
    { weight: 6, arbitrary: fc.oneof(...simple.map((rule) => fixed(rule.name, valueOf(rule)))) },
    { weight: 2, arbitrary: fixed('userName', mostly<Json>(20, address, odd, oneOf(' ', 'plain'))) },
    { weight: 2, arbitrary: fixed('active', mostly<Json>(10, flag, wrapped(flag), odd)) },
    { weight: 4, arbitrary: fc.oneof(...nameParts()) },
    { weight: 6, arbitrary: list.chain((rule) => fixed(rule.name, listOf(rule, address))) },
    { weight: 1, arbitrary: list.chain((rule) => partPath(rule, rule.name, address)) },
    {
      weight: 4,
      arbitrary: list.chain((rule) => pair(selection(rule, address), mostly<Json>(8, objectOf(rule, address), odd))),
    },
    {
      weight: 10,
      arbitrary: list.chain((rule) => selection(rule, address).chain((path) => partPath(rule, path, address))),
    },
    { weight: 7, arbitrary: enterprise(pool) },
    {
      weight: 1,
      arbitrary: pair(
        fc.oneof(
          wrongPath,
          readOnlyPath,
          oneOf('groups', 'groups[value pr]', `${ENTERPRISE}:manager.displayName`, `${ENTERPRISE}:nonsense`),
        ),
        word,
      ),
    },
  ];
}

const simple = USER.core.filter(
  (rule) => rule.kind === 'string' && !rule.many && rule.mutability === 'readWrite' && !rule.required,
);

function nameParts(): Case[] {
  const name = USER.core.filter((rule) => rule.name === 'name');
  return name.flatMap((rule) => [
    fixed('name', mostly<Json>(6, objectOf(rule, word), odd)),
    ...rule.parts.slice(0, 3).map((part) => fixed(`name.${part.name}`, valueOf(part))),
    fixed(`${CORE_USER}:name.givenName`, valueOf({ name: 'givenName', kind: 'string' })),
  ]);
}

const selection = (rule: Rule, address: fc.Arbitrary<Json>): fc.Arbitrary<string> =>
  filterText(rule, mostly<Json>(1, address, word)).map((filter) => `${rule.name}[${filter}]`);

const partPath = (rule: Rule, path: string, address: fc.Arbitrary<Json>): Case =>
  fc
    .constantFrom(...rule.parts, ...rule.parts.slice(0, 1))
    .chain((part) =>
      pair(
        fc.constant(`${path}.${part.name}`),
        rule.name === 'emails' && part.name === 'value' ? mostly<Json>(10, address, odd) : valueOf(part),
      ),
    );

function enterprise(pool: Pool): Case {
  const texts = USER.extension.filter((rule) => rule.kind === 'string');
  const id = oneOf<Json>(...pool.people, ...pool.people, ...pool.unknown);
  const address: fc.Arbitrary<Json> = fc
    .tuple(oneOf('/Users/', 'https://x.example/scim/v2/Users/', 'Users/', '/Groups/', ''), id)
    .map(([way, one]) => `${way}${textOf(one)}`);
  const manager: fc.Arbitrary<Json> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ value: id }) },
    { weight: 2, arbitrary: id },
    { weight: 1, arbitrary: wrapped(id) },
    {
      weight: 1,
      arbitrary: fc.record({ value: id, $ref: oneOf<Json>(null, 'https://x.example/Users/1'), displayName: word }),
    },
    { weight: 1, arbitrary: fc.record({ $ref: address, value: oneOf<Json>(null, '') }, { requiredKeys: ['$ref'] }) },
    { weight: 1, arbitrary: odd },
  );
  const whole = fc.record(
    { department: valueOf({ name: 'department', kind: 'string' }), costCenter: word, manager, nonsense: word },
    { requiredKeys: [] },
  );
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(...texts)
        .chain((rule) =>
          pair(
            mostly(
              4,
              fc.constant(`${ENTERPRISE}:${rule.name}`),
              anyCase(fc.constant(`${ENTERPRISE}:${rule.name}`)),
              fc.constant(rule.name),
            ),
            valueOf(rule),
          ),
        ),
    },
    { weight: 4, arbitrary: pair(mostly(4, fc.constant(`${ENTERPRISE}:manager`), fc.constant('manager')), manager) },
    {
      weight: 1,
      arbitrary: pair(
        oneOf(`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager.$ref`),
        mostly<Json>(2, mostly<Json>(1, id, address), odd),
      ),
    },
    { weight: 2, arbitrary: fixed(ENTERPRISE, mostly<Json>(8, whole, odd)) },
  );
}

/** What a path-less value may hold beside paths. */
export const userOddKeys: JsonObject = { id: 'x', schemas: [CORE_USER], nonsense: 'one' };
export const userReadOnlyKeys: JsonObject = { meta: { created: 'x' }, groups: [{ value: 'x' }] };

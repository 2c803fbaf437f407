// Random lists of PATCH operations: any case of op and keys, with and without path, most of them valid.
import fc from 'fast-check';
import { PATCH_OP } from './interpreterSchema.js';
import { type Json, type JsonObject } from './interpreterState.js';
import { type Case } from './userOperations.js';
import { mostly, odd, oneOf, word } from './values.js';

export type Cases = readonly { readonly weight: number; readonly arbitrary: Case }[];

/** The body of a PATCH. */
export function messageOf(cases: Cases, oddKeys: readonly JsonObject[]): fc.Arbitrary<Json> {
  const operations = fc.array(operationOf(cases, oddKeys), { minLength: 1, maxLength: 3 });
  const message = operations.map((Operations): Json => ({ schemas: [PATCH_OP], Operations }));
  return fc.oneof(
    { weight: 60, arbitrary: message },
    {
      weight: 1,
      arbitrary: operations.map((some): Json => ({ SCHEMAS: [PATCH_OP, 'urn:none'], operations: some, extra: 1 })),
    },
    { weight: 1, arbitrary: operations.chain((some) => fc.constantFrom<Json>(...wrongMessages(some))) },
  );
}

const wrongMessages = (operations: readonly Json[]): Json[] => [
  { schemas: [PATCH_OP], Operations: [] },
  { schemas: [PATCH_OP] },
  { schemas: [PATCH_OP], Operations: {} },
  { schemas: ['urn:none'], Operations: operations },
  { schemas: [], Operations: operations },
  { Operations: operations },
];

function operationOf(cases: Cases, oddKeys: readonly JsonObject[]): fc.Arbitrary<Json> {
  const one = fc.oneof(...cases);
  return fc.oneof(
    {
      weight: 24,
      arbitrary: fc
        .tuple(opWord(), one, fc.nat(11))
        .map(([op, [path, value], more]) => withPath(op, path, value, more)),
    },
    {
      weight: 5,
      arbitrary: fc
        .tuple(mostly(8, oneOf('add', 'replace', 'Replace', 'Add'), oneOf('remove')), pathless(one, oddKeys))
        .map(([op, value]): Json => ({ op, value })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Json>(
        { op: 'move', path: 'title', value: 'one' },
        { path: 'title', value: 'one' },
        { op: 7, path: 'title' },
        { op: 'add', path: 7, value: 'one' },
        { op: 'remove' },
        'one',
      ),
    },
  );
}

const opWord = () =>
  mostly<string>(
    10,
    oneOf('add', 'replace', 'remove', 'Add', 'Replace', 'add', 'replace'),
    oneOf('Remove', 'REPLACE', 'aDD', 'REMOVE'),
  );

/** A `remove` has seldom a value, the others seldom none; now and then keys nobody knows, or keys in another case. */
function withPath(op: string, path: string, value: Json, more: number): Json {
  // A member selected by a filter can be removed and nothing else.
  const chosen = /members\[/i.test(path) && more > 2 ? 'remove' : op;
  const removes = chosen.toLowerCase() === 'remove';
  const operation = { op: chosen, path, ...((removes ? more < 3 : more > 0) ? { value } : {}) };
  if (more === 4) return { ...operation, name: 'addUser', extra: null };
  return more === 5
    ? Object.fromEntries(Object.entries(operation).map(([key, one]) => [key.toUpperCase(), one]))
    : operation;
}

function pathless(one: Case, oddKeys: readonly JsonObject[]): fc.Arbitrary<Json> {
  const some = fc.array(one, { minLength: 1, maxLength: 3 }).map((pairs): JsonObject => Object.fromEntries(pairs));
  return mostly<Json>(
    12,
    some,
    fc.tuple(some, fc.constantFrom(...oddKeys)).map(([first, other]) => ({ ...first, ...other })),
    odd,
    word,
  );
}

// Paths for PATCH operations: value filters with every operator, and everything that is not a path.
import fc from 'fast-check';
import { type Rule } from './interpreterSchema.js';
import { type Json } from './interpreterState.js';
import { anyCase, mostly, oneOf } from './values.js';

const quoted = (value: fc.Arbitrary<Json>): fc.Arbitrary<string> => value.map((one) => JSON.stringify(one));

/** A filter for the elements of an attribute; most choose by type, value or primary, as clients do. */
export function filterText(rule: Rule, values: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  const term = fc.oneof(
    { weight: 8, arbitrary: comparisonOf('type', oneOf('eq'), quoted(oneOf<Json>('work', 'home', 'other', 'WORK'))) },
    { weight: 4, arbitrary: fc.constantFrom(...rule.parts).chain((part) => termOf(part, values)) },
    { weight: 3, arbitrary: comparisonOf('value', oneOf('eq', 'ne', 'co', 'sw'), quoted(values)) },
    {
      weight: 1,
      arbitrary: oneOf(
        'type eq work',
        'primary eq "True"',
        'nonsense eq "x"',
        'type eq 5',
        'type xx "x"',
        'type eq',
        '',
      ),
    },
  );
  return fc.oneof(
    { weight: 6, arbitrary: term },
    { weight: 1, arbitrary: fc.tuple(term, fc.constantFrom('and', 'or', 'AND'), term).map((all) => all.join(' ')) },
    { weight: 1, arbitrary: fc.tuple(term, term, term).map(([a, b, c]) => `${a} and (${b} or ${c})`) },
    { weight: 1, arbitrary: fc.tuple(term, term, term).map(([a, b, c]) => `${a} or ${b} and ${c}`) },
    { weight: 1, arbitrary: term.map((one) => `not (${one})`) },
  );
}

function termOf(part: Rule, values: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  const present = fc.constant(`${part.name} pr`);
  const nothing = comparisonOf(part.name, oneOf('eq', 'ne'), fc.constant('null'));
  if (part.kind === 'boolean') {
    return mostly(4, comparisonOf(part.name, oneOf('eq', 'ne'), oneOf('true', 'false')), present, nothing);
  }
  const operators =
    part.kind === 'binary' ? oneOf('eq', 'ne') : oneOf('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
  const literals = quoted(
    part.name === 'type' ? oneOf<Json>('work', 'home') : mostly<Json>(3, values, oneOf('one', 'o', 'e')),
  );
  return mostly(6, comparisonOf(part.name, operators, literals), present, nothing);
}

const comparisonOf = (name: string, operators: fc.Arbitrary<string>, literals: fc.Arbitrary<string>) =>
  fc.tuple(anyCase(fc.constant(name)), anyCase(operators), literals).map((all) => all.join(' '));

/** Well formed and unknown, or not a path at all. */
export const wrongPath: fc.Arbitrary<string> = fc.oneof(
  oneOf('nonsense', 'name.nonsense', 'title.value', 'nonsense.value', 'nonsense[type eq "x"].value', 'password'),
  oneOf('urn:none:2.0:User:title', 'emails[type eq "work"].nonsense', 'constructor', '__proto__', 'name.__proto__'),
  oneOf('', 'emails[type eq "work"', 'name.', '.title', 'emails[type eq "work"]value', 'a b', 'emails[].value', '[x]'),
  oneOf('title[value eq "x"]', 'name[givenName eq "one"].familyName', 'name.givenName.x', 'emails]', '5', 'id.value'),
);

/** Targets that nobody may write. */
export const readOnlyPath: fc.Arbitrary<string> = oneOf('id', 'meta', 'meta.created', 'ID');

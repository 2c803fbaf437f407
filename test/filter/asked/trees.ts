// Random filters of a vocabulary: every attribute and operator, value paths, up to six levels.
import fc from 'fast-check';
import {
  type Comparison,
  isObject,
  type Json,
  type Name,
  type Operator,
  type Presence,
  type Tree,
} from '../reading/tree.js';
import { type Attribute, comparedPart, isAddress, type Meaning, type Vocabulary } from '../reading/vocabulary.js';
import { anyLiteral, suitedLiteral, valuesIn } from './values.js';

const EQUALITY: readonly Operator[] = ['eq', 'ne'];
const IN_ORDER: readonly Operator[] = [...EQUALITY, 'gt', 'ge', 'lt', 'le'];
const ALL: readonly Operator[] = [...IN_ORDER, 'co', 'sw', 'ew'];

export const MAX_DEPTH = 6;
const DEPTH_WITHIN = 2;

type Term = Comparison | Presence;

/** Filters with values that the resources have or nearly have. Few are refused. */
export function arbitraryTree(
  words: Vocabulary,
  resources: readonly Json[],
  depth: number = MAX_DEPTH,
): fc.Arbitrary<Tree> {
  const others = textsOf(words, resources);
  const termOf = (meaning: Meaning) =>
    term(nameOf(meaning, words), comparedPart(meaning), valuesOf(meaning, resources), others);
  // By attribute first: those with many parts are not asked for more often, nor those with few less.
  const terms = meaningsOf(words)
    .filter(({ sub }) => !sub)
    .map((meaning) => {
      const parts = (meaning.attribute.subAttributes ?? []).map((sub) => termOf({ ...meaning, sub }));
      const path = valuePath(nameOf(meaning, words), meaning, resources, others);
      const arbitrary =
        parts.length === 0
          ? fc.oneof({ weight: 40, arbitrary: termOf(meaning) }, { weight: 1, arbitrary: path })
          : fc.oneof(
              { weight: 1, arbitrary: termOf(meaning) },
              { weight: 2, arbitrary: fc.oneof(...parts) },
              { weight: 3, arbitrary: path },
            );
      // The only moments there are.
      return { weight: meaning.attribute.name === 'meta' ? 3 : 1, arbitrary };
    });
  return treesOf(fc.oneof(...terms), depth);
}

/** What can stand within the brackets after an attribute. */
export function arbitraryElementTree(meaning: Meaning, resources: readonly Json[]): fc.Arbitrary<Tree> {
  return inside(meaning, resources, ['x']);
}

/** Every attribute and sub-attribute of a vocabulary. */
export const meaningsOf = ({ schemas }: Vocabulary): readonly Meaning[] =>
  schemas.flatMap((schema) =>
    schema.attributes.flatMap((attribute) => [
      { schema, attribute },
      ...(attribute.subAttributes ?? []).map((sub) => ({ schema, attribute, sub })),
    ]),
  );

/** Every text some resource has, so that one attribute is asked for the values of another. */
function textsOf(words: Vocabulary, resources: readonly Json[]): readonly string[] {
  const values = meaningsOf(words).flatMap((meaning) => valuesIn(meaning, resources));
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** A name, with the URN where it must be and, now and then, where it may be. */
function nameOf({ schema, attribute, sub }: Meaning, words: Vocabulary): fc.Arbitrary<Name> {
  const name = { attribute: attribute.name, ...(sub ? { sub: sub.name } : {}) };
  const plain = schema.extension ? { urn: schema.urn, ...name } : name;
  const [core] = words.schemas;
  return often(
    plain,
    fc.constantFrom<Name>(
      { urn: schema.urn, ...name },
      { urn: schema.urn, ...name },
      // No such names in profile RFC, or at all.
      name,
      { ...name, attribute: `${attribute.name}x` },
      { ...name, sub: 'x' },
      { urn: schema.extension ? core.urn : 'urn:example:none', ...name },
    ),
    20,
  );
}

/** A complex attribute is compared by its value, so those are what it is asked for. */
function valuesOf(meaning: Meaning, resources: readonly Json[]): readonly unknown[] {
  const sub = meaning.attribute.type === 'complex' ? comparedPart(meaning) : undefined;
  return valuesIn(sub ? { ...meaning, sub } : meaning, resources);
}

function term(
  name: fc.Arbitrary<Name>,
  compared: Attribute | undefined,
  values: readonly unknown[],
  others: readonly string[],
): fc.Arbitrary<Term> {
  const presence = name.map((of): Term => ({ is: 'presence', of }));
  const comparison = (operators: readonly Operator[], literals: fc.Arbitrary<Comparison['literal']>) =>
    fc
      .tuple(name, fc.constantFrom(...operators), literals)
      .map(([of, operator, literal]): Term => ({ is: 'comparison', of, operator, literal }));
  const nothing = comparison(EQUALITY, fc.constant(null));
  if (!compared)
    return fc.oneof(
      { weight: 30, arbitrary: fc.oneof(presence, nothing) },
      { weight: 1, arbitrary: comparison(ALL, anyLiteral) },
    );
  return fc.oneof(
    { weight: 160, arbitrary: comparison(suitedOperators(compared), suitedLiteral(compared, values, others)) },
    { weight: 20, arbitrary: presence },
    { weight: 20, arbitrary: nothing },
    // Most of these do not suit.
    { weight: 3, arbitrary: comparison(ALL, anyLiteral) },
  );
}

function suitedOperators(attribute: Attribute): readonly Operator[] {
  if (isAddress(attribute)) return EQUALITY;
  switch (attribute.type) {
    case 'boolean':
    case 'binary':
      return EQUALITY;
    case 'dateTime':
    case 'integer':
    case 'decimal':
      return IN_ORDER;
    default:
      return ALL;
  }
}

function valuePath(
  name: fc.Arbitrary<Name>,
  meaning: Meaning,
  resources: readonly Json[],
  others: readonly string[],
): fc.Arbitrary<Tree> {
  const within = inside(meaning, resources, others);
  const then = fc.option(elementTerm(meaning, resources, others), { freq: 3, nil: undefined });
  return fc
    .tuple(name, within, then)
    .map(([of, tree, last]): Tree => ({ is: 'valuePath', of, inside: tree, ...(last ? { then: last } : {}) }));
}

function inside(meaning: Meaning, resources: readonly Json[], others: readonly string[]): fc.Arbitrary<Tree> {
  const any = treesOf(elementTerm(meaning, resources, others), DEPTH_WITHIN);
  const pairs = crossed(meaning, resources);
  return pairs ? fc.oneof({ weight: 3, arbitrary: any }, { weight: 1, arbitrary: pairs }) : any;
}

/** Two values that one resource has, of the same element or of two: only the same may satisfy both. */
function crossed({ schema, attribute }: Meaning, resources: readonly Json[]): fc.Arbitrary<Tree> | undefined {
  const lists = resources
    .map((resource) => valuesIn({ schema, attribute }, [resource]).filter(isObject).flatMap(textsIn))
    .filter((texts) => texts.length > 1);
  if (lists.length === 0) return undefined;
  const pairs = fc
    .constantFrom(...lists)
    .chain((texts) => fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)));
  return pairs.map((parts): Tree => ({ is: 'and', parts }));
}

/** That each text of the element is as it is. */
const textsIn = (element: Json): readonly Comparison[] =>
  Object.entries(element).flatMap(([attribute, literal]): Comparison[] =>
    typeof literal === 'string' ? [{ is: 'comparison', of: { attribute }, operator: 'eq', literal }] : [],
  );

function elementTerm(meaning: Meaning, resources: readonly Json[], others: readonly string[]): fc.Arbitrary<Term> {
  const { attribute } = meaning;
  const parts = attribute.subAttributes ?? [{ name: 'value', type: 'string', multiValued: false }];
  const terms = parts.map((sub) => {
    const name = often<Name>({ attribute: sub.name }, fc.constant({ attribute: 'unknown' }), 60);
    return term(name, sub, valuesIn({ ...meaning, sub }, resources), others);
  });
  return fc.oneof(...terms);
}

/** `and`, `or` and `not` of the terms. */
function treesOf(terms: fc.Arbitrary<Tree>, depth: number): fc.Arbitrary<Tree> {
  if (depth === 0) return terms;
  const below = treesOf(terms, depth - 1);
  const junction = fc
    .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(below, { minLength: 2, maxLength: 3 }))
    .map(([is, parts]): Tree => ({ is, parts }));
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: terms },
    { weight: 2, arbitrary: junction },
    { weight: 1, arbitrary: below.map((part): Tree => ({ is: 'not', part })) },
  );
}

/** The one, but once in so many times one of the others. */
const often = <T>(usual: T, others: fc.Arbitrary<T>, once: number): fc.Arbitrary<T> =>
  fc.oneof({ weight: once - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

// Every argument of every field that the running schema has, down to the values inside its inputs: where it is, and a
// document that reaches it.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
} from 'graphql';
import { type Values } from './values.js';

/** A value of a scalar somewhere in the arguments of a field. */
export interface Place {
  /** `users(where.manager.userName.eq)`. */
  readonly name: string;
  readonly field: Reached;
  readonly scalar: string;
  /** The names on the way to it, the argument's first. */
  readonly way: readonly string[];
  /** The variables with this value at the place, and what else is needed of one's own. */
  readonly variables: (value: unknown, own: Values) => Record<string, unknown>;
}

/** A field, and how it is reached from the root. */
export interface Reached {
  readonly root: 'query' | 'mutation';
  readonly field: GraphQLField<unknown, unknown>;
  /** Puts a selection of the field's parent into a document. */
  readonly within: (selection: string) => string;
  /** What the way there needs of one's own. */
  readonly name: string;
}

type Needed = (own: Values) => unknown;

const SCALARS = new Set(['ID', 'String', 'UUID', 'DateTime']);
/** `where.manager.groups.some.displayName.eq` and no deeper. */
const DEEPEST = 6;

/** Every place in the schema that takes an id, a text or a moment. */
export function placesOf(schema: GraphQLSchema): Place[] {
  return reachedFields(schema).flatMap((field) =>
    field.field.args.flatMap((arg) => placesIn(field, arg, arg.type, [arg.name], (value) => value)),
  );
}

/** Fields with arguments, each once, by the shortest way. */
function reachedFields(schema: GraphQLSchema): Reached[] {
  const found: Reached[] = [];
  const met = new Set<GraphQLNamedType>();
  let level: { type: GraphQLObjectType; within: Reached['within']; name: string; root: Reached['root'] }[] = [];
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  if (query) level.push({ type: query, within: (selection) => selection, name: '', root: 'query' });
  if (mutation) level.push({ type: mutation, within: (selection) => selection, name: '', root: 'mutation' });
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { type, within, name, root } of level) {
      for (const field of Object.values(type.getFields())) {
        if (field.args.length > 0) found.push({ root, field, within, name: `${name}${field.name}` });
        const inner = getNamedType(field.type);
        if (!isObjectType(inner) || met.has(inner) || root === 'mutation') continue;
        met.add(inner);
        const call = `${field.name}${literalArgs(field.args)}`;
        next.push({
          type: inner,
          root,
          name: `${name}${field.name}.`,
          within: (selection) => within(`${call} { ${selection} }`),
        });
      }
    }
    level = next;
  }
  return found;
}

/** Own values stand in the document as `<kind>`, to be filled in when it is sent. */
export const filledIn = (document: string, own: Values): string =>
  document
    .replaceAll(/<global (\w+) (\w+)>/g, (_, type: string, kind: string) => globalIdOf(type, own[kind] ?? ''))
    .replaceAll(/<(\w+)>/g, (_, kind: string) => own[kind] ?? '');

export const globalIdOf = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** What a field on the way needs: only what is required, and few rows. */
function literalArgs(args: readonly GraphQLArgument[]): string {
  const given = args.flatMap((arg) => {
    if (arg.name === 'first') return ['first: 3'];
    return isNonNullType(arg.type) && arg.defaultValue === undefined
      ? [`${arg.name}: ${literal(arg.name, arg.type)}`]
      : [];
  });
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

function literal(name: string, type: GraphQLInputType): string {
  const value = ownValue(name, type)({});
  return JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, '$1:')
    .replaceAll(/"ENUM (\w+)"/g, '$1');
}

/** An own value that suits: the tenant's first person, group or integration, a moment, the first word of an enum. */
function ownValue(name: string, type: GraphQLInputType): Needed {
  const plain = getNullableType(type);
  if (isListType(plain)) return (own) => [ownValue(name, plain.ofType)(own)];
  if (isEnumType(plain)) return () => `ENUM ${plain.getValues()[0]?.name ?? ''}`;
  if (isInputObjectType(plain)) {
    const fields = Object.values(plain.getFields());
    const needed = fields.filter((field) =>
      plain.isOneOf ? field.name === 'id' : isNonNullType(field.type) && field.defaultValue === undefined,
    );
    const of = /Group/.test(plain.name) ? 'group' : name;
    return (own) =>
      Object.fromEntries(
        needed.map((field) => [
          field.name,
          ownValue(plain.isOneOf || field.name === 'id' ? of : field.name, field.type)(own),
        ]),
      );
  }
  switch (plain.name) {
    case 'ID':
      if (/integration/i.test(name)) return () => '<clientId>';
      return () => (/group/i.test(name) ? '<global Group groupId>' : '<global User userId>');
    case 'UUID':
      return () => '<clientId>';
    case 'DateTime':
      return () => (/from|since|after/i.test(name) ? '2026-01-01T00:00:00Z' : '2026-02-01T00:00:00Z');
    case 'Boolean':
      return () => true;
    case 'Int':
      return () => 2;
    default:
      return () => '<requestId>';
  }
}

function placesIn(
  field: Reached,
  arg: GraphQLArgument,
  type: GraphQLInputType,
  way: readonly string[],
  wrap: (value: unknown) => unknown,
): Place[] {
  const plain = getNullableType(type);
  if (isListType(plain)) return placesIn(field, arg, plain.ofType, way, (value) => wrap([value]));
  if (isInputObjectType(plain)) {
    if (way.length > DEEPEST || way.filter((name) => /^(and|or|not|manager|members|groups)$/.test(name)).length > 1)
      return [];
    const fields = Object.values(plain.getFields());
    return fields.flatMap((inner) => {
      const others = plain.isOneOf
        ? []
        : fields.filter((other) => other !== inner && isNonNullType(other.type) && other.defaultValue === undefined);
      const beside = Object.fromEntries(
        others.map((other) => [
          other.name,
          ownValue(/Group/.test(plain.name) && other.name === 'id' ? 'group' : other.name, other.type)({}),
        ]),
      );
      return placesIn(field, arg, inner.type, [...way, inner.name], (value) =>
        wrap({ ...beside, [inner.name]: value }),
      );
    });
  }
  if (!SCALARS.has(plain.name)) return [];
  const others = field.field.args.filter(
    (other) => other !== arg && isNonNullType(other.type) && other.defaultValue === undefined,
  );
  return [
    {
      name: `${field.name}(${way.join('.')})`,
      field,
      scalar: plain.name,
      way,
      variables: (value, own) => {
        const beside = Object.fromEntries(others.map((other) => [other.name, ownValue(other.name, other.type)(own)]));
        const text = JSON.stringify({ ...beside, [arg.name]: wrap(value) }).replaceAll('"ENUM ', '"');
        return JSON.parse(filledIn(text, own)) as Record<string, unknown>;
      },
    },
  ];
}

/** A document that asks the field with variables, and shows as much of the answer as fits. */
export function documentOf({ field: { root, field, within } }: Place, given: readonly string[]): string {
  const used = field.args.filter(({ name }) => given.includes(name));
  const declared = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = used.map(({ name }) => `${name}: $${name}`);
  if (
    field.args.some(({ name }) => name === 'first') &&
    !given.some((name) => ['first', 'last', 'before'].includes(name))
  )
    passed.push('first: 5');
  if (given.includes('before')) passed.push('last: 5');
  return `${root} (${declared}) { ${within(`${field.name}(${passed.join(', ')})${selectionOf(field.type, 0)}`)} }`;
}

/** Values of a type, and of the objects in it. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isInterfaceType(named))
    return ' { __typename id ... on User { userName email title } ... on Group { displayName } }';
  if (!isObjectType(named)) return ' { __typename }';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (field.args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)) return [];
    if (isLeafType(inner)) return [field.name];
    const isPage = /Connection|Edge|Payload|PageInfo/.test(named.name);
    if (depth >= (isPage ? 3 : 1) || field.name === 'history') return [];
    const rows = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    return [`${field.name}${rows}${selectionOf(field.type, depth + 1)}`];
  });
  return ` { ${['__typename', ...parts].join(' ')} }`;
}

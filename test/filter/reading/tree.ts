// A filter as the tests think of it, and nothing of the engine: printed by `print.ts`, read by `accepts.ts`.

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

export type Literal = string | number | boolean | null;

/** A name as /Schemas spells it; how it is written is the printer's. */
export interface Name {
  /** The URN before it, where one is written. */
  readonly urn?: string;
  readonly attribute: string;
  readonly sub?: string;
}

export interface Comparison {
  readonly is: 'comparison';
  readonly of: Name;
  readonly operator: Operator;
  readonly literal: Literal;
}

export interface Presence {
  readonly is: 'presence';
  readonly of: Name;
}

/** `emails[type eq "work"]`, and with `then` Entra's `emails[type eq "work"].value eq "x"`. */
export interface ValuePath {
  readonly is: 'valuePath';
  readonly of: Name;
  readonly inside: Tree;
  readonly then?: Comparison | Presence;
}

export interface Junction {
  readonly is: 'and' | 'or';
  /** At least two. */
  readonly parts: readonly Tree[];
}

export interface Negation {
  readonly is: 'not';
  readonly part: Tree;
}

export type Tree = Comparison | Presence | ValuePath | Junction | Negation;

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same tree with every term replaced. */
export function mapTerms(tree: Tree, change: (term: Comparison | Presence | ValuePath) => Tree): Tree {
  switch (tree.is) {
    case 'and':
    case 'or':
      return { is: tree.is, parts: tree.parts.map((part) => mapTerms(part, change)) };
    case 'not':
      return { is: 'not', part: mapTerms(tree.part, change) };
    case 'comparison':
    case 'presence':
    case 'valuePath':
      return change(tree);
  }
}

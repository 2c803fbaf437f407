// What the engine's parser made of a text, as a filter the tests can compare with the one they printed.
import { type Filter } from '../../src/filter/filter.js';
import { mapTerms, type Name, type Tree, type ValuePath } from './reading/tree.js';

/** The parsed filter as a tree. Names are in lower case, because any case is the same name. */
export function treeFrom(filter: Filter): Tree {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { is: filter.kind, parts: filter.filters.map(treeFrom) };
    case 'not':
      return { is: 'not', part: treeFrom(filter.filter) };
    case 'present':
      return { is: 'presence', of: nameFrom(filter.path) };
    case 'compare':
      return { is: 'comparison', of: nameFrom(filter.path), operator: filter.operator, literal: filter.literal };
    case 'within':
      return { is: 'valuePath', of: nameFrom(filter.path), inside: treeFrom(filter.filter) };
  }
}

/** Whether the grammar has it: brackets do not go after a sub-attribute. */
export function isInGrammar(tree: Tree): boolean {
  switch (tree.is) {
    case 'and':
    case 'or':
      return tree.parts.every(isInGrammar);
    case 'not':
      return isInGrammar(tree.part);
    case 'valuePath':
      return tree.of.sub === undefined && isInGrammar(tree.inside);
    case 'comparison':
    case 'presence':
      return true;
  }
}

/** The tree with names in lower case; a comparison after brackets is one more within them. */
export const plain = (tree: Tree): Tree =>
  mapTerms(tree, (term) => (term.is === 'valuePath' ? plainPath(term) : { ...term, of: lower(term.of) }));

function plainPath({ of, inside, then }: ValuePath): Tree {
  const parts = then ? [plain(inside), plain(then)] : [];
  return { is: 'valuePath', of: lower(of), inside: then ? { is: 'and', parts } : plain(inside) };
}

const nameFrom = ({ schema, name, sub }: { schema?: string; name: string; sub?: string }): Name =>
  lower({ ...(schema ? { urn: schema } : {}), attribute: name, ...(sub ? { sub } : {}) });

const lower = ({ urn, attribute, sub }: Name): Name => ({
  ...(urn ? { urn: urn.toLowerCase() } : {}),
  attribute: attribute.toLowerCase(),
  ...(sub ? { sub: sub.toLowerCase() } : {}),
});

// Engines as somebody careless would have written them: the service's own, with one fault between the request and the
// database. A test that cannot tell them from the service would prove nothing.
import { type Pool, type QueryConfig } from 'pg';
import { type Deps } from '../../src/deps.js';
import { type Comparison, mapTerms, type Tree, type ValuePath } from './reading/tree.js';

/** SQL on its way to the database. */
export interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

export type Rewriting = (sent: Sent) => Sent;

/** A fault in what the engine makes of a filter: in the SQL, or in how it reads. */
export type Sabotage = { readonly sql: Rewriting } | { readonly reads: (tree: Tree) => Tree };

/** LIKE's own characters go through as they are. */
const nothingEscaped: Rewriting = ({ text, values }) => {
  const patterns = new Set([...text.matchAll(/ like \$(\d+)/g)].map(([, place]) => Number(place)));
  const plain = (value: unknown) => String(value).replace(/\\([\\%_])/g, '$1');
  return {
    text: text.replaceAll(/ like \$\d+/g, "$& escape ''"),
    values: values.map((value, at) => (patterns.has(at + 1) ? plain(value) : value)),
  };
};

const replacing =
  (pattern: RegExp, by: string): Rewriting =>
  ({ text, values }) => ({ text: text.replaceAll(pattern, by), values });

/** The tenant of the rows; that of members, managers and keys stays. */
export const tenantForgotten = replacing(/\b[ug]\.tenant_id = \$1/g, '$$1::uuid is not null');

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  'nothing escaped in LIKE': { sql: nothingEscaped },
  "SQL's own not": { sql: replacing(/\) is not true\)/g, ') = false)') },
  'text compared as it is': { sql: replacing(/\bfold\(/g, '(') },
  'dates compared as text': {
    sql: replacing(/(\bu\.(?:created|updated)_at) (\S+) (\$\d+)::timestamptz/g, '$1::text collate "C" $2 $3::text'),
  },
  'a zone that is not read': { reads: withoutZones },
  'value paths whose parts may be met by different elements': { reads: flattened },
  'ne without the unassigned': { reads: onlyAssigned },
};

function withoutZones(tree: Tree): Tree {
  return mapTerms(tree, (term) =>
    term.is === 'comparison' && typeof term.literal === 'string'
      ? { ...term, literal: term.literal.replace(/(T[\d:.]+)[+-]\d\d:\d\d$/, '$1Z') }
      : term,
  );
}

function onlyAssigned(tree: Tree): Tree {
  return mapTerms(tree, (term) =>
    term.is === 'comparison' && term.operator === 'ne' && term.literal !== null
      ? { is: 'and', parts: [{ is: 'presence', of: term.of }, term] }
      : term,
  );
}

/** `emails[type eq "work" and value co "x"]` as if it were `emails.type eq "work" and emails.value co "x"`. */
function flattened(tree: Tree): Tree {
  return mapTerms(tree, (term) => (term.is === 'valuePath' ? spread(term) : term));
}

/** Only where several parts must be met at once: in all else flattening is another fault. */
function spread(path: ValuePath): Tree {
  const { of, inside, then } = path;
  const parts = [...(inside.is === 'and' ? inside.parts : [inside]), ...(then ? [then] : [])];
  const terms = parts.filter((part) => part.is === 'presence' || isPositive(part));
  if (terms.length < 2 || terms.length < parts.length) return path;
  return { is: 'and', parts: terms.map((term) => ({ ...term, of: { ...of, sub: term.of.attribute } })) };
}

const isPositive = (tree: Tree): tree is Comparison =>
  tree.is === 'comparison' && tree.operator !== 'ne' && tree.literal !== null;

/** The same service, whose statements are rewritten on their way; by another pool where one is given. */
export function rewired(deps: Deps, rewrite: Rewriting, pool: Pool = deps.db.pool): Deps {
  const sent = ({ text, values = [] }: QueryConfig) => {
    const changed = rewrite({ text, values });
    // A prepared statement of this name would have the other text.
    return { text: changed.text, values: [...changed.values] };
  };
  const connect = async () => {
    const client = await pool.connect();
    const { connection } = client as unknown as { readonly connection: unknown };
    const query = (config: QueryConfig) => client.query(sent(config));
    return { query, release: client.release.bind(client), connection };
  };
  const wire = { connect, query: (config: QueryConfig) => pool.query(sent(config)) };
  return { ...deps, db: { ...deps.db, pool: wire as unknown as Pool } };
}

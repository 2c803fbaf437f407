// The first wall taken away: every statement of this process, and every function of the database, without its predicate
// on the tenant.
import pg, { type Client } from 'pg';

type Rewrite = (text: string) => string;

/** What a tenant is compared with: a parameter, an id, another row's, what the transaction is set to, a function's own. */
const TENANTS = [
  String.raw`(\$\d+)(?:::uuid)?`,
  `'[0-9a-f-]{36}'`,
  String.raw`"?\w+"?\."?tenant_id"?`,
  String.raw`\(?nullif\(current_setting\('app\.tenant'(?:::text)?, true\), ''(?:::text)?\)\)?::uuid`,
  String.raw`\(+nullif\(current_setting\('app\.tenant'::text, true\), ''::text\)\)::uuid`,
  '[pv]_tenant',
];
const COMPARED = new RegExp(String.raw`(?:"?\b\w+"?\.)?"?\btenant_id\b"? = (?:${TENANTS.join('|')})`, 'gi');

/** Comparisons of tenants become true; of what is compared the parameters stay, with their types. */
export const tenantForgotten: Rewrite = (text) =>
  text.replaceAll(COMPARED, (_, parameter?: string) => (parameter ? `(${parameter}::uuid is not null)` : 'true'));

/** Rewrites what any connection of this process sends while `work` runs. */
export async function rewriting<T>(rewrite: Rewrite, work: () => Promise<T>): Promise<T> {
  const original: unknown = Reflect.get(pg.Client.prototype, 'query');
  function query(this: pg.Client, first: Query, ...rest: unknown[]): unknown {
    return Reflect.apply(original as typeof query, this, [rewritten(first, rewrite), ...rest]);
  }
  Reflect.set(pg.Client.prototype, 'query', query);
  try {
    return await work();
  } finally {
    Reflect.set(pg.Client.prototype, 'query', original);
  }
}

type Query = string | { readonly name?: string; readonly text: string };

/** What is rewritten loses its name: a prepared statement of that name has the other text. */
function rewritten(query: Query, rewrite: Rewrite): Query {
  if (typeof query === 'string') return rewrite(query);
  const text = rewrite(query.text);
  if (text === query.text) return query;
  // Not spread: what else a query of pg is given may be on its prototype.
  return Object.assign(Object.create(Object.getPrototypeOf(query) as object) as Query & object, query, {
    name: undefined,
    text,
  });
}

/** The functions of the database without the predicate; returns how many those were, and what puts them back. */
export async function forgetInFunctions(owner: Client): Promise<{ forgotten: string[]; restore: () => Promise<void> }> {
  const { rows } = await owner.query<{ name: string; text: string }>(
    `select proname as name, pg_get_functiondef(oid) as text from pg_proc
     where pronamespace = 'public'::regnamespace and prokind = 'f' order by 1`,
  );
  const changed = rows.filter(({ text }) => tenantForgotten(text) !== text);
  for (const { text } of changed) await owner.query(tenantForgotten(text));
  const restore = async () => {
    for (const { text } of changed) await owner.query(text);
  };
  return { forgotten: changed.map(({ name }) => name), restore };
}

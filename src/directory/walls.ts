// What entities of a tenant declare alike: the second wall, forced row-level security, checks, indexes. The migrations say
// the same.

/** For `defineEntity`. */
export const walled = {
  rowLevelSecurity: 'force' as const,
  policies: [{ name: 'tenant_wall', using: "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid" }],
};

/** A check that a column holds one of some words. */
export const oneOf = (table: string, column: string, words: readonly string[]) => ({
  name: `${table}_${column}_check`,
  expression: `${column} in (${words.map((word) => `'${word}'`).join(', ')})`,
});

/** An index by its definition; `where` and unusual orders are kept this way. */
export const index = (table: string, name: string, columns: string, where = '', unique = false) => ({
  name: `${table}_${name}`,
  expression: `create ${unique ? 'unique ' : ''}index ${table}_${name} on ${table} (${columns})${where ? ` where ${where}` : ''}`,
});

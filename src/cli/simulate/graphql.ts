// Options of the second witness: GraphQL, with a token of its own or with the job's.
import { type Command } from 'commander';
import { type Environment } from '../../config.js';
import { type Connected } from '../../simulator/connect.js';
import { type GraphqlConnection } from '../../simulator/verify/graphqlTestimony.js';
import { assertAllowed } from '../../simulator/wire/bounds.js';
import { fixedToken } from '../../simulator/wire/token.js';
import { textOf } from './target.js';

export interface GraphqlOptions {
  readonly graphql?: boolean;
  readonly graphqlUrl?: string;
  readonly graphqlTokenFile?: string;
  readonly allowHost: readonly string[];
}

/** Adds the options. */
export const withGraphql = (command: Command): Command =>
  command
    .option('--graphql', 'look by GraphQL too, with the token of the app integration')
    .option('--graphql-url <url>', 'else /graphql beside the tenant URL')
    .option('--graphql-token-file <file>', 'look by GraphQL with this token; or SIMULATE_GRAPHQL_TOKEN');

/** Undefined when nobody asked for it. */
export async function graphqlFrom(
  options: GraphqlOptions,
  { transport, tokens, client, meter }: Connected,
  environment: Environment,
): Promise<GraphqlConnection | undefined> {
  const { graphql, graphqlUrl, graphqlTokenFile, allowHost } = options;
  const token = graphqlTokenFile ? await textOf(graphqlTokenFile) : environment.SIMULATE_GRAPHQL_TOKEN;
  if (!token && !graphql) return undefined;
  const url = graphqlUrl ?? new URL('/graphql', client.tenantUrl).href;
  assertAllowed(url, { allowHosts: allowHost });
  return { url, transport, meter, tokens: token ? fixedToken(token) : tokens };
}

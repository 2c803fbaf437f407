// What one operation may ask, refused before anything is executed: its length, its aliases,
// its directives, its depth, its cost, and what the caller has left of this minute's budget.
import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { wholeAnswer } from '../admission/refusals.js';
import { refusalFromDatabase } from '../directory/constraints.js';
import { Refusal } from '../refusal.js';
import { type Budget, type Balance, budgetHeaders, secondsLeft } from './budget.js';
import { DEFAULT_ROWS } from './connection.js';
import { type GraphqlContext } from './context.js';
import { schema } from './schema.js';

export const MOST_TOKENS = 2000;
export const MOST_ALIASES = 30;
export const MOST_DIRECTIVES = 30;
export const DEEPEST = 12;
/** In objects asked for: 200 people with a page of groups each are 10 601. */
export const MOST_COST = 25_000;
const LONGEST_MESSAGE = 1000;

/** Apollo's plugin. Says the cost in `extensions.cost`, and what is left of the budget there and in headers. */
export const limits = (budget: Budget): ApolloServerPlugin<GraphqlContext> => ({
  requestDidStart: () => {
    const state: { cost?: number; balance?: Balance } = {};
    return Promise.resolve({
      didResolveOperation: async ({ document, operation, request, contextValue, response }) => {
        refuseAliasesAndDirectives(document);
        if (operation) {
          refuseDepth(document, operation);
          refuseVariables(operation, request.variables ?? {});
        }
        // Apollo refuses a name that no operation has, but only after this.
        state.cost = operation ? costOf(document, request.operationName, request.variables ?? {}) : 0;
        if (state.cost > MOST_COST) {
          throw exceeded('COST_EXCEEDED', `The operation costs ${state.cost}, and may cost ${MOST_COST}. ${CHEAPER}`);
        }
        contextValue.request.inFlight?.renew(weightOf(state.cost));
        state.balance = await pay(budget, state.cost, contextValue, response.http.headers);
      },
      willSendResponse: ({ response: { body } }) => {
        if (state.cost === undefined || body.kind !== 'single') return Promise.resolve();
        const cost = { requested: state.cost, limit: MOST_COST, ...(state.balance ? { budget: state.balance } : {}) };
        body.singleResult.extensions = { ...body.singleResult.extensions, cost };
        return Promise.resolve();
      },
    });
  },
});

/** What an operation counts for in its tenant's turn. */
const weightOf = (cost: number): number => 1 + Math.floor(cost / 1000);

const CHEAPER = 'Ask for fewer rows with first, most of all in lists within lists.';

/** Refuses what the caller cannot pay. An operation that asks for no object is not for nothing either. */
async function pay(budget: Budget, cost: number, { actor, request: { now } }: GraphqlContext, headers: HeaderMap) {
  const { granted, ...balance } = await budget(actor, Math.max(1, cost), now).catch(refuseWhole);
  for (const [name, value] of Object.entries(budgetHeaders(balance, now))) headers.set(name, value);
  if (granted) return balance;
  const seconds = secondsLeft(balance, now);
  throw new GraphQLError(
    `The budget of this minute has ${balance.remaining} left, and the operation costs ${cost}. Try again in ${seconds} seconds.`,
    {
      extensions: {
        code: 'RATE_LIMITED',
        http: { status: 429, headers: new HeaderMap([['retry-after', String(seconds)]]) },
      },
    },
  );
}

/** Nothing was done yet, and the status of the answer says so. */
function refuseWhole(error: unknown): never {
  const cause = refusalFromDatabase(error);
  if (!(cause instanceof Refusal) || cause.kind !== 'unavailable') throw cause;
  throw Object.assign(cause, wholeAnswer(503, cause.headers['Retry-After'] ?? '5'));
}

function refuseAliasesAndDirectives(document: DocumentNode): void {
  const found = { aliases: 0, directives: 0 };
  visit(document, {
    Field: ({ alias }) => void (found.aliases += alias ? 1 : 0),
    Directive: () => void (found.directives += 1),
  });
  if (found.aliases > MOST_ALIASES) {
    throw exceeded('COST_EXCEEDED', `The query has ${found.aliases} aliases, and may have ${MOST_ALIASES}.`);
  }
  if (found.directives > MOST_DIRECTIVES) {
    throw exceeded('COST_EXCEEDED', `The query has ${found.directives} directives, and may have ${MOST_DIRECTIVES}.`);
  }
}

function refuseDepth(document: DocumentNode, { selectionSet }: OperationDefinitionNode): void {
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const depth = depthOf(selectionSet, fragments, new Map());
  if (depth <= DEEPEST) return;
  throw exceeded('DEPTH_EXCEEDED', `The query is ${depth} fields deep, and may be ${DEEPEST}.`);
}

/** Fields below each other; introspection does not count, graphql-js limits it itself. Each fragment is measured once. */
function depthOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, number>,
): number {
  const depths = selections.map((selection): number => {
    switch (selection.kind) {
      case Kind.FIELD:
        if (selection.name.value.startsWith('__')) return 0;
        return 1 + (selection.selectionSet ? depthOf(selection.selectionSet, fragments, known) : 0);
      case Kind.INLINE_FRAGMENT:
        return depthOf(selection.selectionSet, fragments, known);
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        const depth = known.get(name) ?? (fragment ? depthOf(fragment.selectionSet, fragments, known) : 0);
        known.set(name, depth);
        return depth;
      }
    }
  });
  return Math.max(0, ...depths);
}

/**
 * Before anybody else looks at them: each mistake quotes the whole value, so that to list those of a value with
 * thousands of mistakes takes minutes, in which the process does nothing else.
 */
function refuseVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const [first] = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 }).errors ?? [];
  if (!first) return;
  const message =
    first.message.length > LONGEST_MESSAGE ? `${first.message.slice(0, LONGEST_MESSAGE)}…` : first.message;
  throw new GraphQLError(message, { nodes: first.nodes, extensions: BAD_INPUT });
}

function costOf(query: DocumentNode, operationName: string | undefined, variables: Record<string, unknown>): number {
  try {
    return getComplexity({
      schema,
      query,
      operationName,
      variables,
      estimators: [fieldExtensionsEstimator(), objects],
    });
  } catch (error) {
    if (error instanceof GraphQLError && /number of nodes/.test(error.message)) {
      throw exceeded('COST_EXCEEDED', 'The query spreads its fragments over too many fields.');
    }
    // Variables that do not fit their types.
    if (error instanceof GraphQLError && error.extensions.code === undefined) {
      throw new GraphQLError(error.message, { nodes: error.nodes, extensions: BAD_INPUT });
    }
    throw error;
  }
}

/** Where a field does not say its cost itself: an object costs 1, a list as many times its contents as rows are asked for, a value nothing. */
const objects: ComplexityEstimator = ({ field, args, childComplexity }) => {
  const type = getNamedType(field.type);
  if (!isCompositeType(type) || type.name === 'PageInfo') return 0;
  const { first, last, ids, people, atMost, where } = args as Rows;
  const each = ids ?? people;
  if (each) return each.length * (1 + childComplexity);
  if (atMost) return 1 + atMost * childComplexity;
  if (!type.name.endsWith('Connection') && !('first' in args)) return 1 + childComplexity;
  return 1 + conditionCost(where) + Math.max(1, first ?? last ?? DEFAULT_ROWS) * childComplexity;
};

/** Of `where`, so many values are for nothing; each more costs this, for every list that has them. */
const FREE_VALUES = 100;
const VALUE_COST = 2;

const conditionCost = (where: unknown): number => Math.max(0, valuesIn(where) - FREE_VALUES) * VALUE_COST;

const valuesIn = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, one) => sum + valuesIn(one), 1)
    : 1;

/** The arguments that say how many rows there can be. */
interface Rows {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly ids?: readonly unknown[];
  readonly people?: readonly unknown[];
  readonly where?: unknown;
  readonly atMost?: number;
}

const BAD_INPUT = { code: 'BAD_USER_INPUT', http: { status: 400 } };

const exceeded = (code: 'DEPTH_EXCEEDED' | 'COST_EXCEEDED', message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

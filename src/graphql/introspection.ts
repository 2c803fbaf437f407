// The schema as a role is shown it: what it may not use is not in it. Operations are checked and run by the whole
// schema, so that who asks for it nevertheless is told FORBIDDEN; only a query about the schema is answered here.
import { type ApolloServerPlugin } from '@apollo/server';
import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import { type DocumentNode, execute, type GraphQLSchema, Kind, visit } from 'graphql';
import { Extensions } from 'type-graphql';
import { type Role } from '../directory/actor.js';
import { type GraphqlContext } from './context.js';
import { formatError } from './errors.js';

/** Decorates a field that only these roles may use; that it refuses the others is the resolver's own matter. */
export const ForRoles = (...roles: Role[]): MethodDecorator & PropertyDecorator => Extensions({ roles });

/** Apollo's plugin. Mutations are for administrators, other fields for those who are not named by `ForRoles`. */
export function introspection(schema: GraphQLSchema): ApolloServerPlugin<GraphqlContext> {
  const shown: Readonly<Record<Role, GraphQLSchema>> = {
    FRONTEND: schemaFor(schema, 'FRONTEND'),
    ANALYST: schemaFor(schema, 'ANALYST'),
    ADMIN: schema,
  };
  return {
    requestDidStart: () =>
      Promise.resolve({
        responseForOperation: async ({ document, request, contextValue, response: { http } }) => {
          const { role } = contextValue;
          if (shown[role] === schema || !asksForSchema(document)) return null;
          const { errors, ...result } = await execute({
            schema: shown[role],
            document,
            contextValue,
            variableValues: request.variables,
            operationName: request.operationName,
          });
          const told = errors?.map((error) => formatError(error.toJSON(), error));
          return { http, body: { kind: 'single', singleResult: { ...result, ...(told ? { errors: told } : {}) } } };
        },
      }),
  };
}

function schemaFor(schema: GraphQLSchema, role: Role): GraphQLSchema {
  const mutations = schema.getMutationType();
  const shown = mapSchema(schema, {
    [MapperKind.MUTATION]: () => null,
    [MapperKind.OBJECT_FIELD]: (field, _name, type) => {
      const { roles } = (field.extensions ?? {}) as { readonly roles?: readonly Role[] };
      return type === mutations?.name || (roles && !roles.includes(role)) ? null : field;
    },
  });
  return pruneSchema(shown);
}

function asksForSchema(document: DocumentNode): boolean {
  const found = { any: false };
  visit(document, {
    [Kind.FIELD]: ({ name: { value } }) => void (found.any ||= value === '__schema' || value === '__type'),
  });
  return found.any;
}

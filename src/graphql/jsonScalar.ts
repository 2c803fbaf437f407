// Values of any form, as history keeps them.
import { GraphQLError, GraphQLScalarType } from 'graphql';

export const JsonValue = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'A value of any form: a text, a number, true or false, a list, an object.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: refuse,
  parseLiteral: refuse,
});

function refuse(): never {
  throw new GraphQLError('JSON is answered, never taken.', { extensions: { code: 'BAD_USER_INPUT' } });
}

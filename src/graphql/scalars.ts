// Moments and UUIDs, as GraphQL shows and takes them.
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { parseDateTime } from '../attribute/attributeType.js';
import { isUuid } from '../directory/id.js';

/** A moment: from the driver as text, in rows just made as Date. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment as RFC 3339 has it, in UTC with milliseconds, such as `2026-11-22T09:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => new Date(value as string | Date).toISOString(),
  parseValue: (value) => {
    const date = typeof value === 'string' ? parseDateTime(value) : undefined;
    return date ?? fail('A moment such as "2026-11-22T09:30:00Z" is needed.');
  },
});

export const UUID = new GraphQLScalarType<string, string>({
  name: 'UUID',
  description: 'A UUID in lower case: the SCIM `id` of a person or group, as Entra ID shows it.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
  serialize: String,
  parseValue: (value) => {
    const text = typeof value === 'string' ? value.toLowerCase() : '';
    return isUuid(text) ? text : fail('A UUID is needed.');
  },
});

function fail(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

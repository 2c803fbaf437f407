// Random PATCH operations on a group: people who exist, unknown ids, group ids, duplicates, and Entra's shapes.
import fc from 'fast-check';
import { CORE_GROUP } from './interpreterSchema.js';
import { type Json } from './interpreterState.js';
import { readOnlyPath, wrongPath } from './paths.js';
import { type Case, type Pool } from './userOperations.js';
import { anyCase, mostly, odd, oneOf, valueOf, word } from './values.js';

export function groupCases(pool: Pool): readonly { weight: number; arbitrary: Case }[] {
  const id = mostly<string>(80, oneOf(...pool.people), oneOf(...pool.unknown), oneOf(...pool.groups));
  const member: fc.Arbitrary<Json> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ value: id }) },
    { weight: 4, arbitrary: fc.record({ $ref: fc.constant(null), value: id }) },
    {
      weight: 2,
      arbitrary: fc.record({ value: id, type: oneOf('User', 'User', 'User', 'User', 'user', 'Group'), display: word }),
    },
    { weight: 1, arbitrary: mostly<Json>(1, id, odd, oneOf<Json>({ display: 'x' }, { value: 7 }, { value: '' })) },
  );
  const members = mostly<Json>(30, fc.array(member, { minLength: 1, maxLength: 4 }), member, odd);
  const selected = fc.oneof(
    { weight: 8, arbitrary: id.map((one) => `value eq "${one}"`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(id, fc.constantFrom('or', 'and'), id)
        .map(([a, how, b]) => `value eq "${a}" ${how} value eq "${b}"`),
    },
    { weight: 1, arbitrary: id.map((one) => `not (value eq "${one}")`) },
    {
      weight: 2,
      arbitrary: oneOf(
        'type eq "User"',
        'type eq "Group"',
        'display sw "C"',
        'display co "2"',
        'value pr',
        'value eq null',
        'value ne "x"',
        'display eq "Colleague 1"',
        'type ne "User"',
      ),
    },
    { weight: 1, arbitrary: oneOf('nonsense eq "x"', 'value eq', 'value eq 5', 'primary eq true', '', 'value eq abc') },
  );
  const name = mostly<Json>(40, oneOf<Json>(...pool.names), oneOf<Json>(...pool.takenNames), odd);
  return [
    {
      weight: 14,
      arbitrary: fc.tuple(anyCase(mostly(6, fc.constant('members'), fc.constant(`${CORE_GROUP}:members`))), members),
    },
    {
      weight: 8,
      arbitrary: fc.tuple(
        selected.map((filter) => `members[${filter}]`),
        mostly<Json>(3, members, word),
      ),
    },
    { weight: 4, arbitrary: fc.tuple(anyCase(fc.constant('displayName')), name) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('externalId'), valueOf({ name: 'externalId', kind: 'string' })) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.oneof(
          wrongPath,
          readOnlyPath,
          oneOf('members.value', 'members.display', 'members[value pr].display', 'members[value pr].value'),
        ),
        word,
      ),
    },
  ];
}

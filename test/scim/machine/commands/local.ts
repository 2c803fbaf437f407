// What administrators make in SpeakUp itself, over GraphQL.
import fc from 'fast-check';
import { expect } from 'chai';
import { globalId } from '../../../graphql/asking.js';
import { type Json } from '../../../support/tenant.js';
import { type Machine, tenantOf } from '../ask.js';
import { someAddress, someGroupName, someUserName } from '../bodies.js';
import { type Ref, administering, kindOf, own, personAt, stranger } from '../command.js';
import { graphql } from '../graphql.js';
import { createLocalGroup } from '../groups.js';
import { type Given, type Which, assigned } from '../model.js';
import { createLocalPerson } from '../people.js';
import { meet } from '../world.js';

const USER = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { scimId origin } userErrors { field code } } }`;
const GROUP = `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { scimId origin } userErrors { field code } } }`;

interface Input {
  readonly userName: string;
  readonly email?: string;
  readonly active?: boolean;
  readonly title?: string;
}

const input: fc.Arbitrary<Input> = fc
  .record({
    userName: someUserName,
    email: fc.option(someAddress, { nil: undefined }),
    active: fc.constantFrom(true, undefined, false),
    title: fc.constantFrom('Portier', undefined),
  })
  .map(assigned);

const givenFrom = ({ email, ...rest }: Input): Given => ({
  ...rest,
  ...(email === undefined ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
});

/** Done, or refused with one of the codes; nothing else may come of it. */
function compare({ world }: Machine, made: { readonly origin: string } | null, errors: Json[], ...wanted: string[]) {
  const codes = errors.map(({ code }) => String(code));
  meet(world, wanted[0] ?? 'made in SpeakUp');
  if (wanted.length === 0) expect([made?.origin, codes]).to.deep.equal(['SPEAKUP', []]);
  else {
    expect(made).to.equal(null);
    expect(codes).to.have.length(1);
    expect(codes[0]).to.be.oneOf(wanted);
  }
}

/** Makes a person in SpeakUp, and compares what comes of it. */
export const makeLocalUser = (machine: Machine, which: Which, input: Input): Promise<void> =>
  graphql(machine, which, USER, { input }, ({ createUser: { user, userErrors } }) => {
    const made = createLocalPerson(tenantOf(machine, which), givenFrom(input), String(user?.scimId));
    compare(machine, user, userErrors, ...(made ? [] : ['TAKEN']));
  });

export const createLocalUser = kindOf(
  'make user in SpeakUp',
  administering<{ input: Input }>({ input }),
  ({ which, input }, machine) => makeLocalUser(machine, which, input),
  { weight: 14 },
);

export const createLocalGroupOf = kindOf(
  'make group in SpeakUp',
  administering<{ displayName: string; members: Ref[] }>({
    displayName: someGroupName,
    members: fc.array(fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: stranger }), { maxLength: 2 }),
  }),
  ({ which, displayName, members }, machine) => {
    const ids = members.map((place) => personAt(machine.model, which, place).id);
    const asked = { displayName, members: ids.map((id) => globalId('User', id)) };
    return graphql(machine, which, GROUP, { input: asked }, ({ createGroup: { group, userErrors } }) => {
      const given = { displayName, members: ids.map((value) => ({ value })) };
      const reasons = createLocalGroup(tenantOf(machine, which), given, String(group?.scimId));
      const codes = reasons.map((reason) => (reason === 'groupNameTaken' ? 'TAKEN' : 'NOT_FOUND'));
      compare(machine, group, userErrors, ...codes);
    });
  },
  { weight: 5 },
);

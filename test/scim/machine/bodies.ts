// Random people and groups, drawn from few names and addresses so that they meet, and how they are written.
import fc from 'fast-check';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../../support/builders.js';
import { type Json } from '../../support/tenant.js';
import { type Ref, personAt, ref } from './command.js';
import { type GroupGiven } from './groups.js';
import { type Email, type Given, type Model, type Which, assigned } from './model.js';
import { type Caller } from './world.js';

/** The name of person number `n`; the last ones are no addresses. */
const userName = (n: number): string => (n < 9 ? `p${n}@fabriek.example` : `plain${n}`);
const address = (n: number): string => `m${n}@fabriek.example`;

const number = fc.nat(11);
export const someUserName: fc.Arbitrary<string> = fc
  .tuple(number, fc.constantFrom(false, false, false, true))
  .map(([n, upper]) => (upper ? userName(n).toUpperCase() : userName(n)));
export const someAddress: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: number.map(address) },
  { weight: 1, arbitrary: fc.nat(8).map(userName) },
);

/** A manager as a request names one: somebody by place, or a text that may be somebody's name one day. */
export type ManagerRef = Ref | string;
export const someManager: fc.Arbitrary<ManagerRef> = fc.oneof(
  { weight: 3, arbitrary: ref },
  { weight: 2, arbitrary: someUserName },
  { weight: 1, arbitrary: someAddress },
);

export interface Draft extends Omit<Given, 'manager'> {
  readonly manager?: ManagerRef;
}

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const word = fc.constantFrom('Mara', 'Bram', 'mara', 'Ïlse');

const someEmails = (n: number): fc.Arbitrary<readonly Email[] | undefined> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant([{ value: address(n), type: 'work', primary: true }]) },
    { weight: 2, arbitrary: someAddress.map((value) => [{ value, type: 'work' }]) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(someAddress, fc.boolean())
        .map(([value, primary]) => [
          { value: `home${n}@fabriek.example`, type: 'home' },
          primary ? { value, type: 'other', primary } : { value, type: 'work' },
        ]),
    },
    { weight: 3, arbitrary: fc.constant(undefined) },
  );

export const draft: fc.Arbitrary<Draft> = number.chain((n) =>
  fc
    .record({
      userName: fc.oneof({ weight: 3, arbitrary: fc.constant(userName(n)) }, { weight: 1, arbitrary: someUserName }),
      emails: someEmails(n),
      externalId: maybe(
        fc.oneof(
          fc.constant(`e${n}`),
          number.map((k) => `e${k}`),
        ),
      ),
      displayName: maybe(word),
      title: maybe(word),
      department: maybe(word),
      manager: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: someManager }),
      active: fc.constantFrom(true, true, undefined, false),
    })
    .map(assigned),
);

export const someGroupName: fc.Arbitrary<string> = fc
  .tuple(fc.nat(7), fc.constantFrom(false, false, true))
  .map(([n, upper]) => (upper ? `KADE ${n}` : `Kade ${n}`));

/** The text that names the manager, by now. */
export const managerValue = (model: Model, which: Which, manager: ManagerRef): string =>
  typeof manager === 'string' ? manager : personAt(model, which, manager).id;

export const givenFrom = (model: Model, which: Which, { manager, ...rest }: Draft): Given =>
  manager === undefined ? rest : { ...rest, manager: managerValue(model, which, manager) };

/** The body of a POST or PUT. Entra may send the manager as text. */
export function userBody({ department, manager, ...core }: Given, caller: Caller): Json {
  const form = caller === 'rfc' || core.title !== undefined ? { value: manager } : manager;
  const extension = assigned({ department, manager: manager === undefined ? undefined : form });
  const extended = Object.keys(extension).length > 0;
  return {
    schemas: extended ? [CORE_USER, ENTERPRISE_USER] : [CORE_USER],
    ...core,
    ...(extended ? { [ENTERPRISE_USER]: extension } : {}),
  };
}

export const groupBody = (given: GroupGiven): Json => ({ schemas: [CORE_GROUP], ...given });

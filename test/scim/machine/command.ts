// What a command is made of: its name, what is random about it, and what it does. Ids are drawn as places in the model's
// lists, and looked up when the command is run: by then the lists are another length in a run that was made shorter.
import fc from 'fast-check';
import { NOBODY, type Machine } from './ask.js';
import { type Group, type Model, type Person, type Tenant, type Which, deletedOnes, visible } from './model.js';
import { type Caller, type World, meet } from './world.js';

export type Command = fc.AsyncCommand<Model, World> & fc.WithToStringMethod;

/** A kind of command; one with weight 2 is drawn twice as often as one with 1. */
export interface Kind {
  readonly name: string;
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Command>;
}

interface Traits {
  readonly weight?: number;
  /** Whether it makes sense now; it is left out where not. */
  readonly when?: (model: Model) => boolean;
}

/** A kind of command whose random part is `given`. */
export function kindOf<Given extends Where>(
  name: string,
  given: fc.Arbitrary<Given>,
  run: (given: Given, machine: Machine) => Promise<unknown>,
  { weight = 2, when }: Traits = {},
): Kind {
  const command = (drawn: Given): Command => ({
    check: (model) => when?.(model) ?? true,
    async run(model, world) {
      meet(world, name);
      await run(drawn, { model, world });
    },
    toString: () => `${name} ${JSON.stringify(drawn)}`,
    [fc.toStringMethod]: () => `${name} ${JSON.stringify(drawn)}`,
  });
  return { name, weight, arbitrary: given.map(command) };
}

/** Which tenant, and who asks. */
export interface Where {
  readonly which: Which;
  readonly caller: Caller;
}

const which: fc.Arbitrary<Which> = fc.constantFrom<Which[]>(0, 0, 1);
const callers = (...weighted: readonly (readonly [Caller, number])[]) =>
  fc.oneof(...weighted.map(([caller, weight]) => ({ weight, arbitrary: fc.constant(caller) })));

/** A request that reads, by anybody. */
export const reading = <T extends object>(rest: { [Name in keyof T]: fc.Arbitrary<T[Name]> }): fc.Arbitrary<
  T & Where
> => drawn(callers(['entra', 10], ['rfc', 3], ['reader', 5], ['none', 1]), rest);

/** A request that writes, mostly by who may. */
export const writing = <T extends object>(rest: { [Name in keyof T]: fc.Arbitrary<T[Name]> }): fc.Arbitrary<
  T & Where
> => drawn(callers(['entra', 16], ['rfc', 6], ['reader', 1], ['none', 1]), rest);

/** A GraphQL operation. */
export const administering = <T extends object>(rest: {
  [Name in keyof T]: fc.Arbitrary<T[Name]>;
}): fc.Arbitrary<T & Where> => drawn(fc.constant<Caller>('admin'), rest);

function drawn<T extends object>(
  caller: fc.Arbitrary<Caller>,
  rest: { [Name in keyof T]: fc.Arbitrary<T[Name]> },
): fc.Arbitrary<T & Where> {
  return fc.tuple(fc.record({ which, caller }), fc.record<T>(rest)).map(([where, others]) => ({ ...others, ...where }));
}

/** A place in a list: of the own tenant, of those it has deleted, of the other tenant, or nobody. */
export interface Ref {
  readonly of: 'own' | 'deleted' | 'other' | 'nobody';
  readonly at: number;
}

export const at: fc.Arbitrary<number> = fc.nat(11);
/** Mostly somebody of the own tenant. */
export const ref: fc.Arbitrary<Ref> = fc.record({
  of: fc.oneof(
    { weight: 12, arbitrary: fc.constant('own' as const) },
    { weight: 1, arbitrary: fc.constantFrom('deleted' as const, 'other' as const, 'nobody' as const) },
  ),
  at,
});
/** Somebody of the own tenant. */
export const own: fc.Arbitrary<Ref> = fc.record({ of: fc.constant('own' as const), at });
export const stranger: fc.Arbitrary<Ref> = fc.record({
  of: fc.constantFrom('deleted' as const, 'other' as const, 'nobody' as const),
  at,
});

/** What a place turned out to be. */
export interface Found<T> {
  readonly id: string;
  /** Absent where SCIM must not find it. */
  readonly resource?: T;
  /** The id, where it is the other tenant's. */
  readonly foreign?: string;
}

export const personAt = (model: Model, which: Which, place: Ref): Found<Person> =>
  found(model, which, place, visible, deletedOnes);

export const groupAt = (model: Model, which: Which, place: Ref): Found<Group> =>
  found(
    model,
    which,
    place,
    ({ groups }) => [...groups.values()],
    () => [],
  );

function found<T extends { readonly id: string }>(
  { tenants }: Model,
  which: Which,
  { of, at: place }: Ref,
  alive: (tenant: Tenant) => readonly T[],
  deleted: (tenant: Tenant) => readonly T[],
): Found<T> {
  const [here, there] = which === 0 ? tenants : [tenants[1], tenants[0]];
  const pick = (list: readonly T[]): T | undefined => list[place % Math.max(1, list.length)];
  switch (of) {
    case 'own': {
      const resource = pick(alive(here));
      return { id: resource?.id ?? NOBODY, resource };
    }
    case 'deleted':
      return { id: pick(deleted(here))?.id ?? NOBODY };
    case 'other': {
      const foreign = pick(alive(there))?.id;
      return { id: foreign ?? NOBODY, foreign };
    }
    case 'nobody':
      return { id: NOBODY };
  }
}

// The deactivation brake as GraphQL shows it.
import { Field, Int, ObjectType } from 'type-graphql';
import { type Brake, brakeOf, type BrakeState, releasedUntil } from '../directory/brake/brake.js';
import { connectionObject } from './connectionObjects.js';
import { type GraphqlContext } from './context.js';
import { words } from './enums.js';
import { DateTime } from './scalars.js';
import { UserObject } from './userObject.js';

const optional = (description: string) => ({ nullable: true, description });

export const KindOfBrakeState = words<BrakeState>('DeactivationBrakeState', 'What the deactivation brake does.', {
  OFF: 'Nothing: it is switched off.',
  WATCHING: 'Counts deactivations and deletions by provisioning, and lets them through.',
  PULLED:
    'Refuses every deactivation and deletion by provisioning, until an administrator decides. Ends by itself when none was tried for 72 hours.',
  RELEASED: 'Lets everything through, for 24 hours after an administrator decided so.',
  REJECTED:
    'Refuses every deactivation and deletion by provisioning, until none was tried for 60 minutes, 24 hours at most; those who are held then go on being refused.',
});

export const HeldPersonConnection = connectionObject(
  'HeldPerson',
  () => UserObject,
  'people who are held',
  (edge) => {
    Field(() => DateTime, { description: 'When the deactivation was first tried.' })(edge.prototype, 'firstTriedAt');
    Field(() => DateTime, { description: 'When it was last tried.' })(edge.prototype, 'lastTriedAt');
  },
);

@ObjectType('DeactivationBrake', {
  simpleResolvers: true,
  description:
    'Holds back what looks like a mistake in the identity provider: very many people deactivated or deleted at once. Only people it manages are counted, from 100 of them on.',
})
export class DeactivationBrake {
  @Field(() => KindOfBrakeState, { description: 'What it does now.' })
  state!: BrakeState;

  @Field(() => String, { description: 'What that means, and what to do, for a person to read.' })
  explanation!: string;

  @Field(() => DateTime, optional('When it was last pulled; null where it never was.'))
  pulledAt!: unknown;

  @Field(() => Int, optional('How many people had been deactivated or deleted when it was last pulled.'))
  pulledCount!: number | null;

  @Field(() => Int, optional('Of how many managed people.'))
  pulledBase!: number | null;

  @Field(() => DateTime, optional('When an administrator last decided.'))
  decidedAt!: unknown;

  @Field(() => DateTime, optional('When a release ends; null unless it is released.'))
  releasedUntil!: Date | null;

  @Field(() => DateTime, optional('When something was last refused.'))
  lastTriedAt!: unknown;

  @Field(() => Boolean, { description: 'Whether it is switched on.' })
  enabled!: boolean;

  @Field(() => Int, { description: 'Which share of the managed people it lets through, in percent.' })
  sharePercent!: number;

  @Field(() => Int, { description: 'How many people it lets through whatever their share.' })
  leastPeople!: number;

  @Field(() => Int, { description: 'Within how many minutes it counts.' })
  windowMinutes!: number;
}

/** The brake as it is now, for administrators. */
export async function shownBrake(context: GraphqlContext) {
  const brake = await brakeOf(await context.scope());
  return { ...brake, explanation: explanationOf(brake), releasedUntil: releasedUntil(brake) };
}

function explanationOf({
  state,
  held,
  pulledCount,
  pulledBase,
  sharePercent,
  leastPeople,
  windowMinutes,
}: Brake): string {
  const limit = `${sharePercent} % of the managed people within ${windowMinutes} minutes, and ${leastPeople} people in any case`;
  switch (state) {
    case 'OFF':
      return 'The deactivation brake is switched off: provisioning may deactivate everybody at once.';
    case 'WATCHING':
      return `Provisioning may deactivate or delete ${limit}.`;
    case 'PULLED':
      return `Provisioning has deactivated or deleted ${pulledCount} of ${pulledBase} managed people, and is not let through any further: they may be ${limit}. Held back: ${held}. Look at who they are, then release or reject.`;
    case 'RELEASED':
      return `An administrator lets deactivations through. Still held back: ${held}, until the identity provider repeats them.`;
    case 'REJECTED':
      return `An administrator has rejected the deactivations that are held back: ${held}. Put right in the identity provider who should stay.`;
  }
}

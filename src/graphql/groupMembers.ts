// The people of a group as a connection, whose edges say since when each is in it and who put the person there.
import { Field, ObjectType } from 'type-graphql';
import { adders, namedAdders } from '../directory/group/adders.js';
import { peopleById } from '../directory/lists.js';
import { connectionObject } from './connectionObjects.js';
import { type GraphqlContext } from './context.js';
import { CallerKind } from './enums.js';
import { DateTime } from './scalars.js';
import { UserObject } from './userObject.js';

@ObjectType('MemberAddedBy', { simpleResolvers: true, description: 'Who put a person into a group.' })
export class MemberAddedBy {
  @Field(() => CallerKind, { description: 'A person or a program.' })
  kind!: keyof typeof CallerKind;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the app integration; null for a person. Shown to administrators.',
  })
  appIntegration?: string | null;

  @Field(() => UserObject, { nullable: true, description: 'The person; null for a program, and for a deleted person.' })
  user?: unknown;
}

export const GroupMemberConnection = connectionObject(
  'GroupMember',
  () => UserObject,
  'people in a group',
  (edge) => {
    Field(() => DateTime, { description: 'Since when the person is in the group.' })(edge.prototype, 'addedAt');
    Field(() => MemberAddedBy, {
      nullable: true,
      description: 'Who put the person into the group; null where that was not a known person or an app integration.',
    })(edge.prototype, 'addedBy');
  },
);

/** Who an id of `added_by` is. Names of app integrations are for administrators; analysts cannot even read them. */
export async function adderOf({ batch, role }: GraphqlContext, id: string | null): Promise<MemberAddedBy | null> {
  if (id === null) return null;
  const adder = await (role === 'ADMIN' ? batch('named adder', id, namedAdders) : batch('adder', id, adders));
  if (adder?.kind === 'PERSON') return { kind: 'PERSON', user: () => batch('person', id, peopleById) };
  return { kind: 'APP_INTEGRATION', appIntegration: adder?.name ?? null };
}

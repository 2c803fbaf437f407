// Who is calling, and fetching anything by its global id.
import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { peopleById } from '../directory/lists.js';
import { allGroups, allUsers } from '../directory/sources.js';
import { type GraphqlContext } from './context.js';
import { CallerKind, RoleName } from './enums.js';
import { findOne } from './findOne.js';
import { fromGlobalId } from './globalId.js';
import { NodeObject } from './nodeObject.js';
import { UserObject } from './userObject.js';
import { groupFilter, userFilter } from './where.js';

@ObjectType('Viewer', { simpleResolvers: true, description: 'Who is calling.' })
export class Viewer {
  @Field(() => CallerKind, { description: 'A person or a program.' })
  kind!: keyof typeof CallerKind;

  @Field(() => RoleName, { description: 'What the caller may do.' })
  role!: keyof typeof RoleName;

  @Field(() => String, { description: 'The short name of the tenant; nothing of another tenant is ever shown.' })
  tenant!: string;

  @Field(() => String, { nullable: true, description: 'The name of the app integration; null for a person.' })
  appIntegration?: string;

  @Field(() => UserObject, { nullable: true, description: 'The person; null for a program or an unnamed person.' })
  user?: unknown;
}

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who is calling, and what they may do.' })
  viewer(@Ctx() context: GraphqlContext): Viewer {
    const { actor, role } = context;
    if (actor.kind === 'INTEGRATION') {
      return { kind: 'APP_INTEGRATION', role, tenant: actor.tenantSlug, appIntegration: actor.name };
    }
    const { id } = actor;
    const user = id === null ? undefined : () => context.batch('person', id, peopleById);
    return { kind: 'PERSON', role, tenant: actor.tenantSlug, user };
  }

  @Query(() => NodeObject, { nullable: true, description: 'Whatever a global id names; null where nothing here does.' })
  node(@Ctx() context: GraphqlContext, @Arg('id', () => ID, { description: 'The global id.' }) id: string) {
    const where = { id: { eq: id } };
    switch (fromGlobalId(id)?.type) {
      case 'User':
        return findOne(context, allUsers, userFilter(where));
      case 'Group':
        return findOne(context, allGroups, groupFilter(where));
      case undefined:
        return null;
    }
  }
}

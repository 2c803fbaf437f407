// History of the tenant, of a person and of a group; for administrators.
import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { groupsById } from '../directory/group/groupsById.js';
import { type ChangeRow, everybodyById } from '../directory/history/records.js';
import { connect } from './connection.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { GroupObject } from './groupObject.js';
import {
  AttributeChange,
  ChangeActor,
  ChangeConnection,
  ChangeObject,
  ChangeWhere,
  MovedMembers,
} from './historyObjects.js';
import { integrationByClientId } from './integrationObject.js';
import { ForRoles } from './introspection.js';
import { PageArgs } from './listArgs.js';
import { connectTo } from './listOfEach.js';
import { NodeObject } from './nodeObject.js';
import { KindOfResource } from './recordEnums.js';
import { listOfChanges } from './recordLists.js';
import { UserObject } from './userObject.js';

const WHERE = { nullable: true, description: 'Only changes for which this holds.' };

@Resolver(() => ChangeObject)
export class HistoryResolver {
  @ForRoles('ADMIN')
  @Query(() => ChangeConnection, { description: 'What changed in the tenant, newest first; for administrators.' })
  history(
    @Ctx() context: GraphqlContext,
    @Arg('where', () => ChangeWhere, WHERE) where: ChangeWhere | undefined,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    requireAdministrator(context);
    return connect(context, listOfChanges('history', where), page);
  }

  @FieldResolver(() => KindOfResource)
  resourceType(@Root() { resourceType }: ChangeRow) {
    return resourceType.toUpperCase();
  }

  @FieldResolver(() => NodeObject, { nullable: true })
  resource(@Root() { resourceType, resourceId }: ChangeRow, @Ctx() context: GraphqlContext) {
    return resourceOf(context, resourceType, resourceId);
  }

  @FieldResolver(() => ChangeActor)
  actor(@Root() { actorKind, actorId }: ChangeRow, @Ctx() context: GraphqlContext) {
    return actorOf(context, actorKind, actorId);
  }

  @FieldResolver(() => [AttributeChange])
  attributes(@Root() { changes }: ChangeRow): AttributeChange[] {
    return Object.entries(changes).flatMap(([name, change]) =>
      name === 'members' ? [] : [{ attribute: name, ...(change as { before: unknown; after: unknown }) }],
    );
  }

  @FieldResolver(() => MovedMembers, { nullable: true })
  membersAdded(@Root() { changes }: ChangeRow) {
    return moved(changes, 'added');
  }

  @FieldResolver(() => MovedMembers, { nullable: true })
  membersRemoved(@Root() { changes }: ChangeRow) {
    return moved(changes, 'removed');
  }
}

@Resolver(() => UserObject)
export class UserHistoryResolver {
  @ForRoles('ADMIN')
  @FieldResolver(() => ChangeConnection, {
    description: 'What changed about the person, newest first; for administrators.',
  })
  history(
    @Root() { id }: { readonly id: string },
    @Ctx() context: GraphqlContext,
    @Arg('where', () => ChangeWhere, WHERE) where: ChangeWhere | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireAdministrator(context);
    return connectTo(context, info, id, page, () => listOfChanges('history of one', where, true));
  }
}

@Resolver(() => GroupObject)
export class GroupHistoryResolver {
  @ForRoles('ADMIN')
  @FieldResolver(() => ChangeConnection, {
    description: 'What changed about the group and its members, newest first; for administrators.',
  })
  history(
    @Root() { id }: { readonly id: string },
    @Ctx() context: GraphqlContext,
    @Arg('where', () => ChangeWhere, WHERE) where: ChangeWhere | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireAdministrator(context);
    return connectTo(context, info, id, page, () => listOfChanges('history of one', where, true));
  }
}

/** The person or group of an id, as it is now; null for what is gone, and for others. */
export function resourceOf(context: GraphqlContext, type: string | null, id: string | null) {
  if (id === null) return null;
  if (type === 'User') return context.batch('anybody', id, everybodyById);
  return type === 'Group' ? context.batch('group', id, groupsById) : null;
}

async function actorOf(context: GraphqlContext, kind: ChangeRow['actorKind'], id: string | null): Promise<ChangeActor> {
  switch (kind) {
    case 'INTEGRATION': {
      const appIntegration = id === null ? undefined : await integrationByClientId(context, id);
      return { kind, name: appIntegration?.name ?? 'An app integration', appIntegration };
    }
    case 'PERSON': {
      const user = id === null ? undefined : await context.batch('anybody', id, everybodyById);
      return { kind, name: user?.displayName ?? user?.userName ?? 'An administrator', user };
    }
    case 'SYSTEM':
      return { kind, name: 'SpeakUp' };
  }
}

function moved(changes: ChangeRow['changes'], way: 'added' | 'removed'): MovedMembers | null {
  const members = changes.members as Partial<Record<typeof way, readonly string[]>> | undefined;
  const ids = members?.[way] ?? [];
  return ids.length > 0 ? { count: ids.length, ids } : null;
}

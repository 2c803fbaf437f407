// The provisioning log; for administrators.
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type EntryRow } from '../directory/history/records.js';
import { connect } from './connection.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { resourceOf } from './historyResolver.js';
import { AppIntegration, integrationByClientId } from './integrationObject.js';
import { ForRoles } from './introspection.js';
import { PageArgs } from './listArgs.js';
import { NodeObject } from './nodeObject.js';
import { ProvisioningEntryObject, ProvisioningLogConnection, ProvisioningLogWhere } from './provisioningLogObjects.js';
import { KindOfResource } from './recordEnums.js';
import { listOfEntries } from './recordLists.js';

@Resolver(() => ProvisioningEntryObject)
export class ProvisioningLogResolver {
  @ForRoles('ADMIN')
  @Query(() => ProvisioningLogConnection, {
    description: 'The SCIM requests that wrote something or were not done, newest first; for administrators.',
  })
  provisioningLog(
    @Ctx() context: GraphqlContext,
    @Arg('where', () => ProvisioningLogWhere, { nullable: true, description: 'Only entries for which this holds.' })
    where: ProvisioningLogWhere | undefined,
    @Args(() => PageArgs) page: PageArgs,
  ) {
    requireAdministrator(context);
    return connect(context, listOfEntries('provisioningLog', where), page);
  }

  @FieldResolver(() => AppIntegration, { nullable: true })
  appIntegration(@Root() { integrationId }: EntryRow, @Ctx() context: GraphqlContext) {
    return integrationByClientId(context, integrationId);
  }

  @FieldResolver(() => [String])
  leniencies(@Root() { leniencies }: EntryRow) {
    return leniencies ?? [];
  }

  @FieldResolver(() => [String])
  ignoredAttributes(@Root() { ignoredAttributes }: EntryRow) {
    return ignoredAttributes ?? [];
  }

  @FieldResolver(() => KindOfResource, { nullable: true })
  resourceType(@Root() { resourceType }: EntryRow) {
    return resourceType?.toUpperCase();
  }

  @FieldResolver(() => NodeObject, { nullable: true })
  resource(@Root() { resourceType, resourceId }: EntryRow, @Ctx() context: GraphqlContext) {
    return resourceOf(context, resourceType, resourceId);
  }
}

// The switches of a tenant.
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { setGroupAdoptionAllowed, setProvisioningEnabled, tenantOf } from '../directory/tenant/tenants.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { ForRoles } from './introspection.js';
import { DateTime } from './scalars.js';
import { payloadOf, UserError } from './userErrors.js';

@ObjectType('TenantSettings', {
  simpleResolvers: true,
  description: 'What administrators decide for the whole tenant.',
})
export class TenantSettings {
  @Field(() => String, { description: 'The short name of the tenant.' })
  slug!: string;

  @Field(() => Boolean, {
    description: 'Whether app integrations may use SCIM. When they may not, people and groups stay as they are.',
  })
  provisioningEnabled!: boolean;

  @Field(() => Boolean, { description: 'Whether provisioning may change, and so take over, groups made in SpeakUp.' })
  groupAdoptionAllowed!: boolean;

  @Field(() => DateTime, { description: 'When the tenant was opened.' })
  createdAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'What the mutations of the switches of a tenant answer.' })
export class TenantSettingsPayload {
  @Field(() => TenantSettings, { nullable: true, description: 'The settings as they are now.' })
  tenantSettings?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@InputType({ description: 'The switch of SCIM provisioning.' })
export class SetProvisioningEnabledInput {
  @Field(() => Boolean, { description: 'Whether app integrations may use SCIM.' })
  enabled!: boolean;
}

@InputType({ description: 'The switch of the adoption of groups.' })
export class AllowGroupAdoptionInput {
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether provisioning may take over groups made in SpeakUp.',
  })
  allowed!: boolean;
}

const SWITCH = { description: 'The switch.' };

@Resolver()
export class TenantSettingsResolver {
  @ForRoles('ADMIN')
  @Query(() => TenantSettings, { description: 'The settings of the tenant. For administrators.' })
  async tenantSettings(@Ctx() context: GraphqlContext) {
    requireAdministrator(context);
    return tenantOf(await context.scope());
  }

  @Mutation(() => TenantSettingsPayload, {
    description: 'Switches SCIM provisioning on or off, within a second. Nothing happens to people and groups.',
  })
  setProvisioningEnabled(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => SetProvisioningEnabledInput, SWITCH) { enabled }: SetProvisioningEnabledInput,
  ): Promise<TenantSettingsPayload> {
    return changed(context, ({ deps, actor, request }) => setProvisioningEnabled(deps.db, actor, request, enabled));
  }

  @Mutation(() => TenantSettingsPayload, {
    description:
      'Lets provisioning change groups made in SpeakUp, which makes them its own, or refuses that again. Groups already taken over stay so.',
  })
  allowGroupAdoption(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => AllowGroupAdoptionInput, SWITCH) { allowed }: AllowGroupAdoptionInput,
  ): Promise<TenantSettingsPayload> {
    return changed(context, ({ deps, actor, request }) => setGroupAdoptionAllowed(deps.db, actor, request, allowed));
  }
}

async function changed(
  context: GraphqlContext,
  work: (context: GraphqlContext) => Promise<void>,
): Promise<TenantSettingsPayload> {
  requireAdministrator(context);
  await context.renew();
  return payloadOf(async () => {
    await work(context);
    return { tenantSettings: async () => tenantOf(await context.scope()) };
  });
}

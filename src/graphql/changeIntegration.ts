// Administration of app integrations that are there. What is revoked or disabled here is refused by every process within
// a second: the database tells all of them.
import { Arg, Ctx, Field, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import {
  completeRotation,
  revokeIntegration,
  rotateSecret,
  setIntegrationEnabled,
  updateIntegration,
} from '../directory/integration/integrations.js';
import { listedIntegrations } from '../directory/integration/listedIntegrations.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { Compatibility, IssuesLevel, UsersAndGroupsLevel } from './enums.js';
import { requiredText } from './inputText.js';
import { AppIntegration, integrationByClientId, shownIntegration } from './integrationObject.js';
import {
  AppIntegrationCredentialsPayload,
  AppIntegrationPayload,
  refuseSecretYears,
  withCredentials,
} from './integrationPayloads.js';
import { ForRoles } from './introspection.js';
import { UUID } from './scalars.js';
import { namedBy, payloadOf } from './userErrors.js';

const CLIENT_ID = { description: 'The Client ID.' };
const keeps = (description: string) => ({
  nullable: true,
  description: `${description} What is absent stays as it is.`,
});

@InputType({ description: 'What changes of an app integration.' })
export class UpdateAppIntegrationInput {
  @Field(() => UUID, CLIENT_ID)
  clientId!: string;

  @Field(() => String, keeps('What administrators call it.'))
  name?: string | null;

  @Field(() => UsersAndGroupsLevel, keeps('What it may do with people and groups.'))
  usersAndGroups?: keyof typeof UsersAndGroupsLevel | null;

  @Field(() => IssuesLevel, keeps('What it may do with issues.'))
  issues?: keyof typeof IssuesLevel | null;

  @Field(() => Compatibility, keeps('How its SCIM requests are read.'))
  compatibility?: keyof typeof Compatibility | null;
}

@InputType({ description: 'For which app integration a second secret is made.' })
export class RotateAppIntegrationSecretInput {
  @Field(() => UUID, CLIENT_ID)
  clientId!: string;

  @Field(() => Int, { defaultValue: 2, description: 'How many years the new secret works: 1 to 3.' })
  secretYears!: number;
}

@InputType({ description: 'Names one app integration.' })
export class AppIntegrationInput {
  @Field(() => UUID, CLIENT_ID)
  clientId!: string;
}

@InputType({ description: 'Whether an app integration may come in.' })
export class SetAppIntegrationEnabledInput {
  @Field(() => UUID, CLIENT_ID)
  clientId!: string;

  @Field(() => Boolean, { description: 'False stops it and its tokens within a second; true lets it in again.' })
  enabled!: boolean;
}

const NAMED = { description: 'Which.' };

@Resolver()
export class ChangeIntegrationResolver {
  @ForRoles('ADMIN')
  @Query(() => [AppIntegration], {
    description: 'The app integrations of the tenant in order of creation, revoked ones too. For administrators.',
  })
  async appIntegrations(@Ctx() context: GraphqlContext): Promise<readonly AppIntegration[]> {
    requireAdministrator(context);
    const found = await listedIntegrations(await context.scope());
    return found.map((one) => shownIntegration(one, context.request.now));
  }

  @ForRoles('ADMIN')
  @Query(() => AppIntegration, {
    nullable: true,
    description: 'One app integration; null where this tenant has none of this Client ID. For administrators.',
  })
  appIntegration(
    @Ctx() context: GraphqlContext,
    @Arg('clientId', () => UUID, CLIENT_ID) clientId: string,
  ): Promise<AppIntegration | undefined> {
    requireAdministrator(context);
    return integrationByClientId(context, clientId);
  }

  @Mutation(() => AppIntegrationPayload, {
    description: 'Renames an app integration, or changes what it may do or how its requests are read.',
  })
  updateAppIntegration(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UpdateAppIntegrationInput, { description: 'What changes.' }) input: UpdateAppIntegrationInput,
  ): Promise<AppIntegrationPayload> {
    return changed(context, input.clientId, async ({ deps, actor, request }) => {
      const { clientId, ...rest } = input;
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
      const name = typeof input.name === 'string' ? { name: requiredText('name', input.name) } : {};
      await updateIntegration(deps.db, actor, request, clientId, { ...given, ...name });
    });
  }

  @Mutation(() => AppIntegrationCredentialsPayload, {
    description:
      'Makes a second secret. The first goes on working until completeAppIntegrationRotation; two may live at once. Tokens are not ended.',
  })
  async rotateAppIntegrationSecret(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => RotateAppIntegrationSecretInput, NAMED) input: RotateAppIntegrationSecretInput,
  ): Promise<AppIntegrationCredentialsPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    const { clientId, secretYears } = input;
    return payloadOf(async () => {
      refuseSecretYears(secretYears);
      const rotate = () => rotateSecret(deps.db, actor, request, clientId, { secretYears });
      return withCredentials(context, await namedBy('clientId', rotate));
    });
  }

  @Mutation(() => AppIntegrationPayload, {
    description: 'Ends every secret but the newest, once the newest is in use. Tokens are not ended.',
  })
  completeAppIntegrationRotation(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => AppIntegrationInput, NAMED) { clientId }: AppIntegrationInput,
  ): Promise<AppIntegrationPayload> {
    return changed(context, clientId, ({ deps, actor, request }) =>
      completeRotation(deps.db, actor, request, clientId),
    );
  }

  @Mutation(() => AppIntegrationPayload, {
    description:
      'Disables an app integration with its tokens, or enables it again. People and groups stay as they are.',
  })
  setAppIntegrationEnabled(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => SetAppIntegrationEnabledInput, NAMED) { clientId, enabled }: SetAppIntegrationEnabledInput,
  ): Promise<AppIntegrationPayload> {
    return changed(context, clientId, ({ deps, actor, request }) =>
      setIntegrationEnabled(deps.db, actor, request, clientId, enabled),
    );
  }

  @Mutation(() => AppIntegrationPayload, {
    description: 'Ends an app integration for good, with its secrets and tokens. People and groups stay as they are.',
  })
  revokeAppIntegration(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => AppIntegrationInput, NAMED) { clientId }: AppIntegrationInput,
  ): Promise<AppIntegrationPayload> {
    return changed(context, clientId, ({ deps, actor, request }) =>
      revokeIntegration(deps.db, actor, request, clientId),
    );
  }
}

/** Does the work as an administrator; answers the integration as it is after. */
export async function changed(
  context: GraphqlContext,
  clientId: string,
  work: (context: GraphqlContext) => Promise<void>,
): Promise<AppIntegrationPayload> {
  requireAdministrator(context);
  await context.renew();
  return payloadOf(async () => {
    await namedBy('clientId', () => work(context));
    return { appIntegration: () => integrationByClientId(context, clientId) };
  });
}

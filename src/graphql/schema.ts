// The schema: every resolver, and what type-graphql cannot say.
import 'reflect-metadata';
import {
  type GraphQLSchema,
  GraphQLInputObjectType,
  GraphQLObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { type FieldAhead } from './ahead.js';
import { AnalyticsResolver, SpanResolver } from './analyticsResolver.js';
import { ChangeBudgetResolver } from './changeBudget.js';
import { ChangeIntegrationResolver } from './changeIntegration.js';
import { AdoptionPreviewResolver } from './adoptionPreview.js';
import { ChangeGroupResolver } from './changeGroup.js';
import { ChangeUserResolver } from './changeUser.js';
import { ChangesResolver } from './changesResolver.js';
import { CreateGroupResolver } from './createGroup.js';
import { CreateUserResolver } from './createUser.js';
import { DeactivationBrakeResolver, TenantBrakeResolver } from './deactivationBrake.js';
import { EraseUserResolver } from './eraseUser.js';
import { LockUserResolver, SignInLockResolver } from './lockUser.js';
import { GroupResolver } from './groupResolver.js';
import { GroupHistoryResolver, HistoryResolver, UserHistoryResolver } from './historyResolver.js';
import { IntegrationResolver } from './integrationResolver.js';
import { NodesResolver } from './nodesResolver.js';
import { ReportingResolver } from './reportingResolver.js';
import { FindingResolver, QualityResolver } from './qualityResolver.js';
import { ReleaseResolver } from './release.js';
import { SignInResolver } from './signInResolver.js';
import { TenantSettingsResolver } from './tenantSettings.js';
import { IntegrationStatusResolver } from './integrationStatus.js';
import { IntegrationWarningsResolver } from './integrationWarnings.js';
import { ProvisioningLogResolver } from './provisioningLogResolver.js';
import { SupportResolver } from './support.js';
import { UserResolver } from './userResolver.js';
import { ViewerResolver } from './viewerResolver.js';

const RESOLVERS = [
  UserResolver,
  GroupResolver,
  ViewerResolver,
  NodesResolver,
  ReportingResolver,
  CreateUserResolver,
  CreateGroupResolver,
  IntegrationResolver,
  AnalyticsResolver,
  SpanResolver,
  QualityResolver,
  FindingResolver,
  ChangeIntegrationResolver,
  ChangeBudgetResolver,
  TenantSettingsResolver,
  SignInResolver,
  LockUserResolver,
  SignInLockResolver,
  ChangeUserResolver,
  ChangeGroupResolver,
  HistoryResolver,
  UserHistoryResolver,
  GroupHistoryResolver,
  ProvisioningLogResolver,
  ChangesResolver,
  AdoptionPreviewResolver,
  ReleaseResolver,
  IntegrationStatusResolver,
  IntegrationWarningsResolver,
  SupportResolver,
  EraseUserResolver,
  DeactivationBrakeResolver,
  TenantBrakeResolver,
] as const;

export const schema: GraphQLSchema = build();

/** The schema as schema/graphql/directory.graphql has it. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;

function build(): GraphQLSchema {
  const built = buildSchemaSync({
    resolvers: RESOLVERS,
    // graphql-js has checked every input against its type; what is more is checked where it is used.
    validate: false,
  });
  for (const type of Object.values(built.getTypeMap())) {
    // type-graphql has no option for @oneOf.
    if (type instanceof GraphQLInputObjectType && type.name.endsWith('Key')) type.isOneOf = true;
    for (const field of type instanceof GraphQLObjectType ? Object.values(type.getFields()) : []) {
      const { resolve } = field.extensions as Partial<FieldAhead<unknown>>;
      if (resolve) field.resolve = resolve;
    }
  }
  describe(built.getQueryType(), 'What can be read. A query answers from one moment: all of it is of the same state.');
  describe(
    built.getMutationType(),
    'What can be changed, by administrators. An input that is wrong is told in `userErrors`.',
  );
  return built;
}

function describe(type: { description?: string | null } | null | undefined, description: string): void {
  if (type) type.description = description;
}

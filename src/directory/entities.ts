// Every entity of the directory, for MikroORM.
import { DeactivationBrake, HeldDeactivation } from './brake/DeactivationBrake.js';
import { ChangedHour } from './ChangedHour.js';
import { Group } from './group/Group.js';
import { Membership } from './group/Membership.js';
import { ChangeRecord } from './history/ChangeRecord.js';
import { ProvisioningEntry } from './history/ProvisioningEntry.js';
import { FederatedCredential, UsedAssertion } from './integration/FederatedCredential.js';
import { Integration, IntegrationSecret } from './integration/Integration.js';
import { Tenant } from './tenant/Tenant.js';
import { SignInLock } from './user/SignInLock.js';
import { User } from './user/User.js';

export const entities = [
  Tenant,
  Integration,
  IntegrationSecret,
  FederatedCredential,
  UsedAssertion,
  User,
  Group,
  Membership,
  ChangedHour,
  ChangeRecord,
  ProvisioningEntry,
  SignInLock,
  DeactivationBrake,
  HeldDeactivation,
];

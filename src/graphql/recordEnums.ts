// The closed lists of words of history and of the provisioning log.
import { type ActorKind, type ChangedResource, type ChangeKind } from '../directory/history/ChangeRecord.js';
import { type Outcome } from '../directory/history/ProvisioningEntry.js';
import { words } from './enums.js';

export const KindOfChange = words<ChangeKind>('ChangeKind', 'What kind of change it was.', {
  CREATED: 'Made.',
  ADOPTED: 'A SpeakUp person or group that the identity provider took over.',
  REVIVED: 'A deleted person who came back.',
  CHANGED: 'Attributes or members changed.',
  DEACTIVATED: 'Made inactive: may not use SpeakUp any more.',
  REACTIVATED: 'Made active again.',
  DELETED: 'Deleted.',
  MANAGER_RESOLVED: 'The manager arrived: the reference now names a person.',
  MANAGER_UNRESOLVED: 'The manager left: the reference names nobody any more.',
  SECRET_ADDED: 'An app integration got another Client Secret.',
  SECRET_REVOKED: 'A Client Secret was ended.',
  REVOKED: 'An app integration was ended for good.',
  LOCKED: 'Locked out by an administrator, whatever the identity provider says.',
  UNLOCKED: 'No longer locked out.',
  RELEASED: 'Taken out of the management of the identity provider.',
  BRAKE_PULLED: 'Too many people were deactivated by provisioning at once: the deactivation brake holds back the rest.',
  BRAKE_RELEASED: 'An administrator lets the deactivations through that the brake held back.',
  BRAKE_REJECTED: 'An administrator rejects the deactivations that the brake holds back.',
  BRAKE_LAPSED: 'A pull, release or rejection of the deactivation brake ended by itself.',
  ERASED: 'The personal data of somebody who left was erased; that there was somebody remains.',
});

export const KindOfActor = words<ActorKind>('ChangeActorKind', 'What kind of caller made a change.', {
  INTEGRATION: 'An app integration, over SCIM.',
  PERSON: 'A person, signed in to SpeakUp.',
  SYSTEM: 'SpeakUp itself or its operator.',
});

export const KindOfResource = words<Uppercase<ChangedResource>>('ChangedResource', 'What something was done to.', {
  USER: 'A person.',
  GROUP: 'A group.',
  INTEGRATION: 'An app integration.',
  TENANT: 'The settings of the tenant.',
});

export const EntryOutcome = words<Outcome>('ProvisioningOutcome', 'How a SCIM request ended.', {
  SUCCEEDED: 'Done.',
  REFUSED: 'Not done: the request, or what it asked for, was not acceptable. `detail` says why.',
  FAILED: 'Not done: something went wrong on the side of SpeakUp.',
});

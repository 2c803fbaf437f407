// What an Entra ID tenant knows: people, managers, security groups. The names of attributes are Entra's own. This is
// also the format of the file that `simulate organisation` writes: one JSON object, one person or group on a line.

/** Languages that people's names and addresses can come from. */
export const LOCALES = ['nl', 'de', 'en', 'fr', 'pl'] as const;
export type Locale = (typeof LOCALES)[number];

export interface Person {
  readonly objectId: string;
  userPrincipalName: string;
  /** Absent: the person has no mailbox. */
  mail?: string;
  /** Entra's default mapping makes this the externalId. */
  mailNickname: string;
  displayName: string;
  givenName: string;
  surname: string;
  jobTitle?: string;
  department?: string;
  division?: string;
  costCenter?: string;
  employeeId?: string;
  employeeType: 'Employee' | 'Contractor' | 'Guest';
  preferredLanguage?: string;
  physicalDeliveryOfficeName?: string;
  streetAddress?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
  telephoneNumber?: string;
  mobile?: string;
  facsimileTelephoneNumber?: string;
  /** False: Entra does not provision the person, and disables who is provisioned already. */
  accountEnabled: boolean;
  /** Simulated minutes since the first cycle when the person was put into Entra's bin; 30 days later they are gone. */
  deletedAt?: number;
  /** objectId. One that nobody has is a manager out of scope: never provisioned. */
  manager?: string;
}

/** Who belongs to a group without being chosen: everybody of a department, at a place, or with a role. */
export type GroupRule =
  | { readonly by: 'department'; readonly value: string }
  | { readonly by: 'place'; readonly value: string }
  | { readonly by: 'role'; readonly value: string };

export interface Group {
  readonly objectId: string;
  displayName: string;
  /** Absent: people are put into it one by one. */
  readonly rule?: GroupRule;
  /** objectIds. */
  readonly members: Set<string>;
}

export interface Organisation {
  readonly seed: number;
  readonly locales: readonly Locale[];
  /** Of userPrincipalNames. */
  readonly domain: string;
  /** By objectId, in order of joining. */
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
}

/** Whether Entra shows the person to a service as active. */
export const isEnabled = ({ accountEnabled, deletedAt }: Person): boolean => accountEnabled && deletedAt === undefined;

/** Whether a rule takes a person in. Guests are in no group by rule. */
export function isRuled(rule: GroupRule, person: Person): boolean {
  if (person.employeeType === 'Guest') return false;
  switch (rule.by) {
    case 'department':
      return person.department === rule.value;
    case 'place':
      return person.physicalDeliveryOfficeName === rule.value;
    case 'role':
      return person.jobTitle?.endsWith(rule.value) ?? false;
  }
}

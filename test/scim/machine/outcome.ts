// What must come of a request. Where several rules refuse it and no document says which speaks first, each will do.
import { type Group, type Person, type Resource } from './model.js';

export interface Reason {
  readonly status: number;
  readonly scimType?: string;
  readonly detail: RegExp;
}

const uniqueness = { status: 409, scimType: 'uniqueness' };
const invalidValue = { status: 400, scimType: 'invalidValue' };

/** Every refusal the machine can meet. */
export const REASONS = {
  notFound: { status: 404, detail: /was not found/ },
  noEmail: { ...invalidValue, detail: /no e-mail address/ },
  userNameTaken: { ...uniqueness, detail: /userName.*already in use/ },
  emailTaken: { ...uniqueness, detail: /e-mail address.*already in use/ },
  twoPeople: { ...uniqueness, detail: /two different people/ },
  groupNameTaken: { ...uniqueness, detail: /displayName is already in use/ },
  unknownMembers: { ...invalidValue, detail: /Unknown members: "/ },
  nested: { ...invalidValue, detail: /[Nn]ested groups are not supported/ },
  madeInSpeakUp: { status: 403, detail: /made in SpeakUp.*administrator/ },
  groupOfSpeakUp: { status: 403, detail: /made in SpeakUp.*allowGroupAdoption/ },
  otherVersion: { status: 412, detail: /changed meanwhile/ },
  readOnly: { status: 403, detail: /may read.*not write/ },
  noAccess: { status: 403, detail: /no access to users and groups/ },
  switchedOff: { status: 403, detail: /switched off for tenant/ },
} as const satisfies Readonly<Record<string, Reason>>;

export type ReasonName = keyof typeof REASONS;

export type Outcome =
  | { readonly kind: 'refused'; readonly reasons: readonly ReasonName[] }
  /** No body. */
  | { readonly kind: 'empty'; readonly status: 204 | 304; readonly of?: Resource }
  | {
      readonly kind: 'shown';
      readonly status: 200 | 201;
      readonly resource: Resource;
      readonly withoutMembers?: boolean;
      /** The version is not foretold but larger than this one. */
      readonly newerThan?: number;
      /** What the machine counts this as. */
      readonly as?: string;
    }
  | {
      readonly kind: 'list';
      readonly resources: readonly Resource[];
      readonly total: number;
      readonly startIndex: number;
      readonly withoutMembers?: boolean;
    };

export const refused = (...reasons: ReasonName[]): Outcome => ({ kind: 'refused', reasons });
export const empty = (of?: Resource): Outcome => ({ kind: 'empty', status: 204, of });
export const shown = (resource: Resource, as?: string): Outcome => ({ kind: 'shown', status: 200, resource, as });

/** The whole of a list, or the page that begins at `startIndex`, counted from 1. */
export function listed(resources: readonly (Person | Group)[], startIndex = 1, count = 100): Outcome {
  const page = resources.slice(startIndex - 1, startIndex - 1 + count);
  return { kind: 'list', resources: page, total: resources.length, startIndex };
}

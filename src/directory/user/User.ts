// How a person is stored. Folded copies (`…Key`) are what indexes find; see DESIGN section 6 and schema/postgres.
import { defineEntity, p } from '@mikro-orm/core';
import { index, oneOf, walled } from '../walls.js';

export type Origin = 'SCIM' | 'SPEAKUP';
export type UserStatus = 'ACTIVE' | 'DEACTIVATED' | 'DELETED';

/** RFC 7643 section 2.4: an element of a multi-valued attribute. Addresses have other parts. */
export interface MultiValue {
  readonly value?: string;
  readonly type?: string;
  readonly primary?: boolean;
  readonly display?: string;
  readonly [part: string]: unknown;
}

const list = () => p.json<readonly MultiValue[]>().nullable();
const text = () => p.text().nullable();
const instant = () => p.datetime(3);

export const User = defineEntity({
  name: 'User',
  tableName: 'directory_user',
  ...walled,
  checks: [
    oneOf('directory_user', 'origin', ['SCIM', 'SPEAKUP']),
    oneOf('directory_user', 'status', ['ACTIVE', 'DEACTIVATED', 'DELETED']),
  ],
  indexes: [
    index('directory_user', 'user_name_unique', 'tenant_id, user_name_key', "status <> 'DELETED'", true),
    index('directory_user', 'match_email_unique', 'tenant_id, match_email_key', "status <> 'DELETED'", true),
    index('directory_user', 'deleted_user_name', 'tenant_id, user_name_key', "status = 'DELETED'"),
    index('directory_user', 'deleted_match_email', 'tenant_id, match_email_key', "status = 'DELETED'"),
    index('directory_user', 'external_id', 'tenant_id, external_id'),
    index('directory_user', 'employee_number', 'tenant_id, employee_number_key'),
    index('directory_user', 'display_name', 'tenant_id, display_name_key, id'),
    index('directory_user', 'manager', 'tenant_id, manager_id, display_name_key, id, status', 'manager_id is not null'),
    index('directory_user', 'manager_key', 'tenant_id, manager_key, id', 'manager_key is not null'),
    index('directory_user', 'inactive', 'tenant_id, id', "not active and status <> 'DELETED'"),
  ],
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    origin: p.text().$type<Origin>(),
    status: p.text().$type<UserStatus>(),
    active: p.boolean().generated("(status = 'ACTIVE') stored"),
    protected: p.boolean().default(false),
    externalId: text(),
    userName: p.text(),
    userNameKey: p.text(),
    matchEmailKey: text(),
    displayName: text(),
    displayNameKey: text(),
    name: p.json<Readonly<Record<string, string>>>().nullable(),
    nickName: text(),
    profileUrl: text(),
    title: text(),
    userType: text(),
    preferredLanguage: text(),
    locale: text(),
    timezone: text(),
    emails: list(),
    phoneNumbers: list(),
    ims: list(),
    photos: list(),
    addresses: list(),
    entitlements: list(),
    roles: list(),
    x509Certificates: list().name('x509_certificates'),
    employeeNumber: text(),
    employeeNumberKey: text(),
    costCenter: text(),
    organization: text(),
    division: text(),
    department: text(),
    managerId: p.uuid().nullable(),
    /** The reference as it was sent, and folded. */
    managerValue: text(),
    managerKey: text(),
    version: p.integer(),
    createdAt: instant(),
    updatedAt: instant(),
    deactivatedAt: instant().nullable(),
    deletedAt: instant().nullable(),
    writtenBy: p.uuid().nullable(),
    /** Since when nothing personal is kept. */
    erasedAt: instant().nullable(),
  },
});

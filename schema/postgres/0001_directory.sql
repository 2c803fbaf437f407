-- The directory. Every table leads with tenant_id: in primary keys, foreign keys and indexes (row-level security does
-- not check foreign keys). Folded values are kept in columns of their own, because row-level security disables an
-- index on an expression whose function is not leakproof.

create function fold(value text) returns text language sql immutable parallel safe
  return replace(lower(value collate "und-x-icu"), 'ς', 'σ');

-- UUID version 7 (RFC 9562 section 5.7): PostgreSQL 15 has none. For rows a statement makes by itself; others come from the service.
create function uuid_v7() returns uuid language sql volatile parallel safe
  return encode(
    set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
    'hex')::uuid;

create table tenant (
  id uuid not null constraint tenant_pkey primary key,
  slug text not null constraint tenant_slug_unique unique,
  provisioning_enabled boolean not null default true,
  group_adoption_allowed boolean not null default false,
  created_at timestamptz(3) not null
);

create table integration (
  tenant_id uuid not null constraint integration_tenant_fkey references tenant (id),
  id uuid not null,
  name text not null,
  users_and_groups text not null constraint integration_users_and_groups_check check (users_and_groups in ('NONE', 'READ_ONLY', 'FULL')),
  issues text not null constraint integration_issues_check check (issues in ('NONE', 'ACCESS')),
  compatibility text not null constraint integration_compatibility_check check (compatibility in ('ENTRA', 'RFC')),
  created_at timestamptz(3) not null,
  disabled_at timestamptz(3) null,
  revoked_at timestamptz(3) null,
  constraint integration_pkey primary key (tenant_id, id)
);
create unique index integration_id_unique on integration (id);

create table integration_secret (
  tenant_id uuid not null,
  id uuid not null,
  integration_id uuid not null,
  hash bytea not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3) null,
  constraint integration_secret_pkey primary key (tenant_id, id),
  constraint integration_secret_integration_fkey foreign key (tenant_id, integration_id) references integration (tenant_id, id)
);
create index integration_secret_integration on integration_secret (tenant_id, integration_id);

create table directory_user (
  tenant_id uuid not null constraint directory_user_tenant_fkey references tenant (id),
  id uuid not null,
  origin text not null constraint directory_user_origin_check check (origin in ('SCIM', 'SPEAKUP')),
  status text not null constraint directory_user_status_check check (status in ('ACTIVE', 'DEACTIVATED', 'DELETED')),
  active boolean not null generated always as (status = 'ACTIVE') stored,
  protected boolean not null default false,
  external_id text collate "C" null,
  user_name text not null,
  user_name_key text collate "C" not null,
  match_email_key text collate "C" null,
  display_name text null,
  display_name_key text collate "C" null,
  name jsonb null,
  nick_name text null,
  profile_url text null,
  title text null,
  user_type text null,
  preferred_language text null,
  locale text null,
  timezone text null,
  emails jsonb null,
  phone_numbers jsonb null,
  ims jsonb null,
  photos jsonb null,
  addresses jsonb null,
  entitlements jsonb null,
  roles jsonb null,
  x509_certificates jsonb null,
  employee_number text null,
  employee_number_key text collate "C" null,
  cost_center text null,
  organization text null,
  division text null,
  department text null,
  manager_id uuid null,
  manager_value text null,
  manager_key text collate "C" null,
  version int not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deactivated_at timestamptz(3) null,
  deleted_at timestamptz(3) null,
  written_by uuid null,
  constraint directory_user_pkey primary key (tenant_id, id),
  constraint directory_user_manager_fkey foreign key (tenant_id, manager_id) references directory_user (tenant_id, id)
) with (fillfactor = 80); -- room for changes of what no index covers to stay on their page
create unique index directory_user_user_name_unique on directory_user (tenant_id, user_name_key) where status <> 'DELETED';
create unique index directory_user_match_email_unique on directory_user (tenant_id, match_email_key) where status <> 'DELETED';
create index directory_user_deleted_user_name on directory_user (tenant_id, user_name_key) where status = 'DELETED';
create index directory_user_deleted_match_email on directory_user (tenant_id, match_email_key) where status = 'DELETED';
create index directory_user_external_id on directory_user (tenant_id, external_id);
create index directory_user_employee_number on directory_user (tenant_id, employee_number_key);
create index directory_user_display_name on directory_user (tenant_id, display_name_key, id);
create index directory_user_manager on directory_user (tenant_id, manager_id, id) where manager_id is not null;
create index directory_user_unresolved_manager on directory_user (tenant_id, manager_key) where manager_id is null and manager_key is not null;

create table user_email (
  tenant_id uuid not null,
  key text collate "C" not null,
  user_id uuid not null,
  constraint user_email_pkey primary key (tenant_id, key, user_id),
  constraint user_email_user_fkey foreign key (tenant_id, user_id) references directory_user (tenant_id, id) on delete cascade
);
create index user_email_user on user_email (tenant_id, user_id);

create table directory_group (
  tenant_id uuid not null constraint directory_group_tenant_fkey references tenant (id),
  id uuid not null,
  origin text not null constraint directory_group_origin_check check (origin in ('SCIM', 'SPEAKUP')),
  external_id text collate "C" null,
  display_name text not null,
  display_name_key text collate "C" not null,
  version int not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  written_by uuid null,
  constraint directory_group_pkey primary key (tenant_id, id)
);
create unique index directory_group_display_name_unique on directory_group (tenant_id, display_name_key);
create index directory_group_external_id on directory_group (tenant_id, external_id);
create index directory_group_updated_at on directory_group (tenant_id, updated_at);

create table membership (
  tenant_id uuid not null,
  group_id uuid not null,
  user_id uuid not null,
  added_at timestamptz(3) not null,
  constraint membership_pkey primary key (tenant_id, group_id, user_id),
  constraint membership_group_fkey foreign key (tenant_id, group_id) references directory_group (tenant_id, id) on delete cascade,
  constraint membership_user_fkey foreign key (tenant_id, user_id) references directory_user (tenant_id, id)
);
create index membership_user on membership (tenant_id, user_id, group_id);

-- One record per request and resource touched, written in the transaction of the change.
create table change_record (
  tenant_id uuid not null constraint change_record_tenant_fkey references tenant (id),
  id uuid not null,
  at timestamptz(3) not null,
  kind text not null,
  resource_type text not null constraint change_record_resource_type_check check (resource_type in ('User', 'Group', 'Integration', 'Tenant')),
  resource_id uuid not null,
  actor_kind text not null constraint change_record_actor_kind_check check (actor_kind in ('INTEGRATION', 'PERSON', 'SYSTEM')),
  actor_id uuid null,
  request_id text not null,
  changes jsonb not null,
  constraint change_record_pkey primary key (tenant_id, id)
);
create index change_record_resource on change_record (tenant_id, resource_id, id);

-- One entry per SCIM request that writes or fails. Values are masked.
create table provisioning_entry (
  tenant_id uuid not null constraint provisioning_entry_tenant_fkey references tenant (id),
  id uuid not null,
  at timestamptz(3) not null,
  integration_id uuid not null,
  request_id text not null,
  method text not null,
  resource_type text null,
  resource_id uuid null,
  status int not null,
  outcome text not null constraint provisioning_entry_outcome_check check (outcome in ('SUCCEEDED', 'REFUSED', 'FAILED')),
  sentence text not null,
  leniencies text[] null,
  ignored_attributes text[] null,
  duration_ms double precision not null,
  constraint provisioning_entry_pkey primary key (tenant_id, id)
);

-- Of the service, not of a tenant.
create table signing_key (
  id text not null constraint signing_key_pkey primary key,
  public_key jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamptz(3) not null
);

create table service_state (
  name text not null constraint service_state_pkey primary key,
  value text not null
);

-- What an app integration is recognised by at an external issuer, and which client assertions were used.

create table federated_credential (
  tenant_id uuid not null,
  id uuid not null,
  integration_id uuid not null,
  use text not null constraint federated_credential_use_check check (use in ('CLIENT_ASSERTION', 'ACCESS_TOKEN')),
  issuer text collate "C" not null,
  subject text collate "C" not null,
  audience text collate "C" null,
  created_at timestamptz(3) not null,
  constraint federated_credential_pkey primary key (tenant_id, id),
  constraint federated_credential_audience_check check ((use = 'CLIENT_ASSERTION') = (audience is not null)),
  constraint federated_credential_integration_fkey foreign key (tenant_id, integration_id) references integration (tenant_id, id) on delete cascade
);
-- Of the whole service: it is what finds the tenant.
create unique index federated_credential_subject_unique on federated_credential (issuer, subject) where use = 'ACCESS_TOKEN';
create index federated_credential_integration on federated_credential (tenant_id, integration_id);

create table used_assertion (
  tenant_id uuid not null,
  integration_id uuid not null,
  key text collate "C" not null,
  uses int not null,
  expires_at timestamptz(3) not null,
  constraint used_assertion_pkey primary key (tenant_id, integration_id, key),
  constraint used_assertion_integration_fkey foreign key (tenant_id, integration_id) references integration (tenant_id, id) on delete cascade
);

do $$
declare
  walled text;
begin
  foreach walled in array array['federated_credential', 'used_assertion'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('alter table %I force row level security', walled);
    execute format('create policy tenant_wall on %I using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', walled);
  end loop;
end $$;

-- Both are asked before the tenant is known: each opens its own rows to reading, and no others.
create policy client_reads_its_credentials on federated_credential for select
  using (integration_id = nullif(current_setting('app.client', true), '')::uuid);
create policy issuer_finds_its_subject on federated_credential for select
  using (use = 'ACCESS_TOKEN' and issuer = nullif(current_setting('app.issuer', true), '') and subject = nullif(current_setting('app.subject', true), ''));

revoke all on federated_credential, used_assertion from public;
grant select, insert, delete on federated_credential to speakup_app;
grant select, insert, update, delete on used_assertion to speakup_app;

-- The app integration that an issuer's access tokens of a subject stand for.
create function integration_by_subject(p_issuer text, p_subject text)
  returns table (tenant_id uuid, integration_id uuid) language plpgsql as $$
begin
  perform set_config('app.issuer', p_issuer, true), set_config('app.subject', p_subject, true);
  return query
    select c.tenant_id, c.integration_id from federated_credential c
    where c.use = 'ACCESS_TOKEN' and c.issuer = p_issuer and c.subject = p_subject;
end $$;

-- Whether an app integration takes client assertions of an issuer for a subject, and for which audiences.
create function assertion_audiences(p_client uuid, p_issuer text, p_subject text)
  returns table (audience text) language plpgsql as $$
begin
  perform set_config('app.client', p_client::text, true);
  return query
    select c.audience from federated_credential c
    where c.integration_id = p_client and c.use = 'CLIENT_ASSERTION' and c.issuer = p_issuer and c.subject = p_subject;
end $$;

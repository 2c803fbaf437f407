-- What administrators ask of history and of the provisioning log is found by an index, and changes get an order in
-- which they can be followed.

-- Newest first from any moment: the primary key itself is in that order, so that writing keeps no index more.
alter table provisioning_entry drop constraint provisioning_entry_pkey;
alter table provisioning_entry add constraint provisioning_entry_pkey primary key (tenant_id, at, id);
alter table change_record drop constraint change_record_pkey;
alter table change_record add constraint change_record_pkey primary key (tenant_id, at, id);

-- The exact error, as the caller was told it; values in it are masked.
alter table provisioning_entry add column scim_type text null;
alter table provisioning_entry add column detail text null;

create index provisioning_entry_request on provisioning_entry (tenant_id, request_id);
create index provisioning_entry_resource on provisioning_entry (tenant_id, resource_id, at, id) where resource_id is not null;
create index provisioning_entry_integration on provisioning_entry (tenant_id, integration_id, at, id);
-- What is rare, and looked for among very many: costs nothing to all others.
create index provisioning_entry_failed on provisioning_entry (tenant_id, at, id) where outcome <> 'SUCCEEDED';
create index change_record_not_by_integration on change_record (tenant_id, at, id) where actor_kind <> 'INTEGRATION';
create index change_record_rare on change_record (tenant_id, at, id) where kind <> 'CREATED' and kind <> 'CHANGED';

-- The order of changes. A writer cannot number its records: one that began earlier may commit later, and whoever
-- follows has then passed its number. So `seal_changes`, one at a time in a database, numbers what is committed: per
-- tenant, from 1, without gaps, and nothing is ever put before a number that was given.
-- Which transaction wrote a record says whether an earlier seal has seen it.
alter table change_record add column xid xid8 not null default pg_current_xact_id();
create index change_record_xid on change_record (xid);

create table change_position (
  tenant_id uuid not null,
  position bigint not null,
  record_id uuid not null,
  at timestamptz(3) not null,
  constraint change_position_pkey primary key (tenant_id, position)
);
create unique index change_position_record on change_position (tenant_id, record_id);

-- What the last seal saw: one row.
create table change_seal (
  one boolean not null default true constraint change_seal_pkey primary key constraint change_seal_one check (one),
  snapshot pg_snapshot null
);
insert into change_seal default values;

-- When an app integration first and last did each kind of thing. Not on the way of a request: what is written here is
-- noted by `seal_changes`, and by the service once a minute at most.
create table integration_activity (
  tenant_id uuid not null,
  integration_id uuid not null,
  activity text not null constraint integration_activity_check check (activity in ('TOKEN', 'REQUEST', 'LOOKUP', 'USER', 'GROUP', 'MEMBER', 'CHANGE')),
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  constraint integration_activity_pkey primary key (tenant_id, integration_id, activity)
);

-- The sealer looks over every tenant's wall, at history only, and can do nothing but seal.
do $$
begin
  if not exists (select from pg_roles where rolname = 'speakup_sealer') then
    begin
      create role speakup_sealer nologin noinherit;
    exception when duplicate_object or unique_violation then
      null; -- another database of this server was migrated at the same moment
    end;
  end if;
  if not pg_has_role(current_user, 'speakup_sealer', 'member') then
    grant speakup_sealer to current_user;
  end if;
end $$;

do $$
declare
  walled text;
begin
  foreach walled in array array['change_position', 'integration_activity'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('alter table %I force row level security', walled);
    execute format('create policy tenant_wall on %I using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', walled);
    execute format('create policy sealer_writes on %I to speakup_sealer using (true)', walled);
  end loop;
end $$;
create policy sealer_reads on change_record for select to speakup_sealer using (true);

revoke all on change_position, change_seal, integration_activity from public;
grant select on change_position to speakup_app;
grant select, insert, update on integration_activity to speakup_app;
grant usage on schema public to speakup_sealer;
grant select on change_record to speakup_sealer;
grant select, insert on change_position to speakup_sealer;
grant select, update on change_seal to speakup_sealer;
grant select, insert, update on integration_activity to speakup_sealer;

-- Numbers what was committed since the last seal, in order of the records' ids; answers how many records that were, null
-- where another process is at it. To be called outside of any other transaction. What the last seal saw only narrows the
-- search: a record is sealed when it has no number. The joins are by index: a plan made without statistics would else
-- read all of history every time.
create function seal_changes() returns bigint language plpgsql security definer
  set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen pg_snapshot;
  sealed bigint;
begin
  if not pg_try_advisory_xact_lock(hashtext('speakup-directory change feed')) then
    return null;
  end if;
  select s.snapshot into seen from change_seal s;
  -- The database was restored into a server that has counted fewer transactions: what was seen says nothing here.
  if pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(seen) then
    seen := null;
  end if;
  with fresh as materialized (
    select r.tenant_id, r.id, r.at, r.kind, r.resource_type, r.actor_kind, r.actor_id, r.changes
    from change_record r
    where r.xid >= coalesce(pg_snapshot_xmin(seen), '0'::xid8)
      and (seen is null or (r.xid < pg_snapshot_xmax(pg_current_snapshot()) and not pg_visible_in_snapshot(r.xid, seen)))
      and not exists (select from change_position p where p.tenant_id = r.tenant_id and p.record_id = r.id)
  ), placed as (
    insert into change_position (tenant_id, position, record_id, at)
    select b.tenant_id, b.n + max(b.last) over (partition by b.tenant_id), b.id, b.at
    from (
      -- The last number of a tenant is looked up once, and before any is given.
      select f.*, case when f.n = 1 then
        coalesce((select max(p.position) from change_position p where p.tenant_id = f.tenant_id), 0) end as last
      from (select tenant_id, id, at, row_number() over (partition by tenant_id order by id) as n from fresh) f
    ) b
    returning 1
  ), noted as (
    insert into integration_activity (tenant_id, integration_id, activity, first_at, last_at)
    select f.tenant_id, f.actor_id, did.activity, min(f.at), max(f.at)
    from fresh f cross join lateral (values
      ('USER', f.resource_type = 'User' and f.kind in ('CREATED', 'ADOPTED', 'REVIVED')),
      ('GROUP', f.resource_type = 'Group' and f.kind in ('CREATED', 'ADOPTED')),
      ('MEMBER', f.resource_type = 'Group' and coalesce(f.changes #> '{members,added,0}', 'null') <> 'null'),
      ('CHANGE', f.resource_type in ('User', 'Group') and (f.kind in ('DEACTIVATED', 'REACTIVATED', 'DELETED')
        or f.kind = 'CHANGED' and f.changes - 'members' <> '{}'))
    ) did (activity, was_done)
    where f.actor_kind = 'INTEGRATION' and f.actor_id is not null and did.was_done
    group by 1, 2, 3
    on conflict (tenant_id, integration_id, activity) do update
      set first_at = least(integration_activity.first_at, excluded.first_at),
        last_at = greatest(integration_activity.last_at, excluded.last_at)
  ), kept as (
    update change_seal set snapshot = pg_current_snapshot() where exists (select from fresh)
  )
  select count(*) into sealed from placed;
  return sealed;
end $$;
revoke execute on function seal_changes() from public;
grant execute on function seal_changes() to speakup_app;
grant create on schema public to speakup_sealer;
alter function seal_changes() owner to speakup_sealer;
revoke create on schema public from speakup_sealer;

-- Notes what an app integration did: `{"REQUEST": {"first": …, "last": …}, …}`. The tenant comes with it.
create function note_integration_activity(p_tenant uuid, p_integration uuid, p_did jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  insert into integration_activity (tenant_id, integration_id, activity, first_at, last_at)
  select p_tenant, p_integration, did.key, (did.value ->> 'first')::timestamptz, (did.value ->> 'last')::timestamptz
  from jsonb_each(p_did) did
  on conflict (tenant_id, integration_id, activity) do update
    set first_at = least(integration_activity.first_at, excluded.first_at),
      last_at = greatest(integration_activity.last_at, excluded.last_at);
end $$;

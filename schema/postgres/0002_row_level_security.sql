-- The second wall: forced row-level security for a role that owns nothing. `app.tenant` is set per transaction; an
-- unset setting is NULL or, on a connection used before, the empty string: both see nothing.

create function current_tenant() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '')::uuid;

do $$
declare
  walled text;
begin
  foreach walled in array array['integration', 'integration_secret', 'directory_user', 'user_email', 'directory_group', 'membership', 'change_record', 'provisioning_entry'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('alter table %I force row level security', walled);
    execute format('create policy tenant_wall on %I using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', walled);
  end loop;
end $$;

-- A client id names its integration before the tenant is known: it opens its own rows to reading, and no others.
create policy client_reads_itself on integration for select using (id = nullif(current_setting('app.client', true), '')::uuid);
create policy client_reads_its_secrets on integration_secret for select using (integration_id = nullif(current_setting('app.client', true), '')::uuid);

do $$
declare
  wanted text;
begin
  foreach wanted in array array['speakup_app', 'speakup_analyst'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin noinherit', wanted);
      exception when duplicate_object or unique_violation then
        null; -- another database of this server was migrated at the same moment
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end $$;

revoke all on all tables in schema public from public;
grant usage on schema public to speakup_app, speakup_analyst;
grant select on tenant, signing_key, service_state to speakup_app;
grant insert, update on tenant, service_state to speakup_app;
grant insert on signing_key to speakup_app;
grant select, insert, update on integration, integration_secret, directory_user to speakup_app;
grant select, insert, update, delete on directory_group, membership, user_email to speakup_app;
-- History can be added to and read, never changed.
grant select, insert on change_record, provisioning_entry to speakup_app;
grant select on directory_user, directory_group, membership to speakup_analyst;
grant select on tenant to speakup_analyst;

-- Reads of one person by their two keys: tenant and query in one round trip. The groups are read in place: a function of
-- their own would be started once more for each person.
create function user_by_id(p_tenant uuid, p_id uuid)
  returns table (person directory_user, manager_display_name text, groups jsonb) language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  return query
    select u, (select m.display_name from directory_user m where m.tenant_id = u.tenant_id and m.id = u.manager_id),
      (select jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display_name) order by g.id)
        from membership s join directory_group g on g.tenant_id = s.tenant_id and g.id = s.group_id
        where s.tenant_id = u.tenant_id and s.user_id = u.id)
    from directory_user u
    where u.tenant_id = p_tenant and u.id = p_id and u.status <> 'DELETED';
end $$;

create function user_by_user_name(p_tenant uuid, p_user_name_key text)
  returns table (person directory_user, manager_display_name text, groups jsonb) language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  return query
    select u, (select m.display_name from directory_user m where m.tenant_id = u.tenant_id and m.id = u.manager_id),
      (select jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display_name) order by g.id)
        from membership s join directory_group g on g.tenant_id = s.tenant_id and g.id = s.group_id
        where s.tenant_id = u.tenant_id and s.user_id = u.id)
    from directory_user u
    where u.tenant_id = p_tenant and u.user_name_key = p_user_name_key and u.status <> 'DELETED';
end $$;

-- What is kept for a time only. The service's role can delete no entry of the provisioning log; the keeper can, over
-- every tenant's wall, but only old ones, and can do nothing else.
do $$
begin
  if not exists (select from pg_roles where rolname = 'speakup_keeper') then
    begin
      create role speakup_keeper nologin noinherit;
    exception when duplicate_object or unique_violation then
      null; -- another database of this server was migrated at the same moment
    end;
  end if;
  if not pg_has_role(current_user, 'speakup_keeper', 'member') then
    grant speakup_keeper to current_user;
  end if;
end $$;

grant usage on schema public to speakup_keeper;
grant select (id) on tenant to speakup_keeper;
grant select (tenant_id, at, id), delete on provisioning_entry to speakup_keeper;
create policy keeper_sees_what_is_old on provisioning_entry for select to speakup_keeper using (at < now() - interval '1 day');
create policy keeper_deletes_what_is_old on provisioning_entry for delete to speakup_keeper using (at < now() - interval '1 day');

-- Deletes up to p_limit entries of the provisioning log from before a moment, the oldest of each tenant first; answers
-- how many, null where another process is at it. Tenant by tenant, because that is how the primary key finds them.
create function delete_old_provisioning_entries(p_before timestamptz, p_limit int) returns int language plpgsql
  security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_tenant uuid;
  -- A caller inside a tenant opens that tenant's wall to the keeper, too.
  v_before timestamptz := least(p_before, now() - interval '1 day');
  v_deleted int := 0;
  v_here int;
begin
  if not pg_try_advisory_xact_lock(hashtext('speakup-directory retention')) then
    return null;
  end if;
  for v_tenant in select t.id from tenant t order by t.id loop
    delete from provisioning_entry e using (
        select o.at, o.id from provisioning_entry o
        where o.tenant_id = v_tenant and o.at < v_before order by o.at, o.id limit p_limit - v_deleted) old
      where e.tenant_id = v_tenant and e.at = old.at and e.id = old.id;
    get diagnostics v_here = row_count;
    v_deleted := v_deleted + v_here;
    exit when v_deleted >= p_limit;
  end loop;
  return v_deleted;
end $$;
revoke execute on function delete_old_provisioning_entries(timestamptz, int) from public;
grant execute on function delete_old_provisioning_entries(timestamptz, int) to speakup_app;
grant create on schema public to speakup_keeper;
alter function delete_old_provisioning_entries(timestamptz, int) owner to speakup_keeper;
revoke create on schema public from speakup_keeper;

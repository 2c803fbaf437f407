-- Locks on signing in, and the erasure of people.

-- Who may not sign in whatever the identity provider says. A row is a lock; who lifted one is in history.
create table sign_in_lock (
  tenant_id uuid not null,
  user_id uuid not null,
  locked_at timestamptz(3) not null,
  locked_by uuid null,
  reason text null,
  constraint sign_in_lock_pkey primary key (tenant_id, user_id),
  constraint sign_in_lock_user_fkey foreign key (tenant_id, user_id) references directory_user (tenant_id, id)
);
alter table sign_in_lock enable row level security;
alter table sign_in_lock force row level security;
create policy tenant_wall on sign_in_lock using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
revoke all on sign_in_lock from public;
grant select, insert, delete on sign_in_lock to speakup_app;

-- What authentication asks about a person's token, see 0003: whether the person is locked, too.
drop function person_by_id(uuid, uuid);
create function person_by_id(p_tenant uuid, p_user uuid)
  returns table (tenant_slug text, status text, locked boolean) language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  return query
    select t.slug, (select u.status from directory_user u where u.tenant_id = p_tenant and u.id = p_user),
      exists (select from sign_in_lock l where l.tenant_id = p_tenant and l.user_id = p_user)
    from tenant t where t.id = p_tenant;
end $$;

-- Whose personal data is gone: an erased person is deleted, without values, and keeps the id, the times and the history.
alter table directory_user add column erased_at timestamptz(3) null;

-- Nobody can change history, with one exception: the values of a person who is erased already. Works through the history
-- and the provisioning log of the tenant at work from one id (exclusive) on, ten thousand records at a time, and returns
-- where to go on; null at the end. p_words are folded, and names of the person that others may refer to as their manager;
-- p_quoted stand in sentences.
create function blank_erased_values(p_user uuid, p_words text[], p_quoted text[], p_after timestamptz) returns timestamptz
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_tenant uuid := current_tenant();
  v_bound timestamptz;
  v_until timestamptz;
  v_quoted text;
begin
  if not exists (select from directory_user where tenant_id = v_tenant and id = p_user and erased_at is not null) then
    raise exception 'only the values of an erased person can be blanked';
  end if;
  select at into v_bound from change_record where tenant_id = v_tenant and at > p_after order by at offset 9999 limit 1;
  v_until := coalesce(v_bound, 'infinity');

  update change_record r set changes = (
      select coalesce(jsonb_object_agg(key, case
        when key in ('status', 'active', 'origin', 'protected', 'locked', 'matchedBy') then value
        else '{"before": null, "after": null, "erased": true}' end), '{}')
      from jsonb_each(r.changes))
    where tenant_id = v_tenant and at > p_after and at <= v_until and resource_id = p_user;

  update change_record r set changes = changes || jsonb_build_object('manager', jsonb_build_object(
      'before', case when fold(changes #>> '{manager,before}') = any (p_words) then 'null' else changes #> '{manager,before}' end,
      'after', case when fold(changes #>> '{manager,after}') = any (p_words) then 'null' else changes #> '{manager,after}' end))
    where tenant_id = v_tenant and at > p_after and at <= v_until and resource_type = 'User' and resource_id <> p_user
      and changes ? 'manager'
      and (fold(changes #>> '{manager,before}') = any (p_words) or fold(changes #>> '{manager,after}') = any (p_words));

  update provisioning_entry set sentence = 'About a person who was erased since.', detail = null, ignored_attributes = null
    where tenant_id = v_tenant and at > p_after and at <= v_until and resource_id = p_user;
  foreach v_quoted in array p_quoted loop
    update provisioning_entry set sentence = replace(sentence, v_quoted, '***'), detail = replace(detail, v_quoted, '***')
      where tenant_id = v_tenant and at > p_after and at <= v_until and position(v_quoted in concat(sentence, ' ', detail)) > 0;
  end loop;
  return v_bound;
end $$;
revoke all on function blank_erased_values(uuid, text[], text[], timestamptz) from public;
grant execute on function blank_erased_values(uuid, text[], text[], timestamptz) to speakup_app;

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

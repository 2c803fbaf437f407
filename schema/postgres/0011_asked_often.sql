-- What is asked often, found fast.

-- When each person and group last changed, to the hour, beside the row: found by an index, and yet a change of a person
-- need not write a new entry into every index of the person.
create table changed_hour (
  tenant_id uuid not null,
  resource_type text not null constraint changed_hour_resource_type_check check (resource_type in ('User', 'Group')),
  hour timestamptz(3) not null,
  id uuid not null,
  constraint changed_hour_pkey primary key (tenant_id, resource_type, hour, id)
);

create function hour_of(moment timestamptz) returns timestamptz language sql immutable parallel safe return
  date_bin('1 hour', moment, timestamptz '2000-01-01 00:00:00+00');

do $$
declare
  one uuid;
begin
  -- The owner is behind the wall too.
  for one in select id from tenant loop
    perform set_config('app.tenant', one::text, true);
    insert into changed_hour select tenant_id, 'User', updated_hour, id from directory_user where tenant_id = one;
    insert into changed_hour select tenant_id, 'Group', updated_hour, id from directory_group where tenant_id = one;
  end loop;
  perform set_config('app.tenant', '', true);
end $$;

alter table changed_hour enable row level security;
alter table changed_hour force row level security;
create policy tenant_wall on changed_hour using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
revoke all on changed_hour from public;
grant select, insert, update, delete on changed_hour to speakup_app;
grant select on changed_hour to speakup_analyst;

alter table directory_user drop column updated_hour;
alter table directory_group drop column updated_hour;

-- The argument says what changed: `User` or `Group`.
create function keep_changed_hour() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into changed_hour values (new.tenant_id, tg_argv[0], hour_of(new.updated_at), new.id);
  elsif tg_op = 'UPDATE' then
    update changed_hour set hour = hour_of(new.updated_at)
      where tenant_id = old.tenant_id and resource_type = tg_argv[0] and hour = hour_of(old.updated_at) and id = old.id;
    -- Rows can be written where triggers are off.
    if not found then
      insert into changed_hour values (new.tenant_id, tg_argv[0], hour_of(new.updated_at), new.id);
    end if;
  else
    delete from changed_hour
      where tenant_id = old.tenant_id and resource_type = tg_argv[0] and hour = hour_of(old.updated_at) and id = old.id;
  end if;
  return null;
end $$;

create trigger directory_user_made after insert or delete on directory_user
  for each row execute function keep_changed_hour('User');
create trigger directory_user_changed after update on directory_user
  for each row when (hour_of(old.updated_at) <> hour_of(new.updated_at)) execute function keep_changed_hour('User');
create trigger directory_group_made after insert or delete on directory_group
  for each row execute function keep_changed_hour('Group');
create trigger directory_group_changed after update on directory_group
  for each row when (hour_of(old.updated_at) <> hour_of(new.updated_at)) execute function keep_changed_hour('Group');

-- Everybody who reports to one of some people, directly or through others, with the least distance. Level by level: the
-- reports of a whole level are read from the index in one pass, where a recursive query looks for those of each person by
-- themselves. It ends: everybody has one manager, so that a circle that is reached from the top downwards can only be one
-- the top itself is in, and the top is left out.
create function people_below(p_tenant uuid, p_tops uuid[]) returns table (id uuid, display_name_key text, depth int)
  language plpgsql stable as $$
#variable_conflict use_column
declare
  v_level uuid[] := p_tops;
  v_names text[];
  v_depth int := 0;
begin
  -- One of them may be below another.
  if cardinality(p_tops) > 1 then
    return query select b.id, min(b.display_name_key), min(b.depth)
      from unnest(p_tops) as top (id) cross join lateral people_below(p_tenant, array[top.id]) b group by b.id;
    return;
  end if;
  loop
    select array_agg(u.id), array_agg(u.display_name_key) into v_level, v_names from directory_user u
      where u.tenant_id = p_tenant and u.manager_id = any (v_level) and u.id <> p_tops[1] and u.status <> 'DELETED';
    exit when v_level is null;
    v_depth := v_depth + 1;
    return query select below.id, below.name, v_depth from unnest(v_level, v_names) as below (id, name);
  end loop;
end $$;

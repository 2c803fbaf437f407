-- The deactivation brake: a mistake in the identity provider must not lock a whole company out. One row for each tenant
-- whose people were ever deactivated by SCIM, or who chose its own settings; without one, the defaults hold.
create table deactivation_brake (
  tenant_id uuid not null constraint deactivation_brake_tenant_fkey references tenant (id),
  enabled boolean not null default true,
  share_percent int not null default 20,
  least_people int not null default 20,
  window_minutes int not null default 60,
  state text not null default 'WATCHING' constraint deactivation_brake_state_check check (state in ('WATCHING', 'PULLED', 'RELEASED', 'REJECTED')),
  pulled_at timestamptz(3) null,
  pulled_count int null,
  pulled_base int null,
  last_tried_at timestamptz(3) null,
  decided_at timestamptz(3) null,
  decision text null constraint deactivation_brake_decision_check check (decision in ('RELEASED', 'REJECTED')),
  -- How many passed, by the minute (since 1970) in which they did.
  passed jsonb not null default '{}',
  -- Active managed people, counted at some moment and brought down by who passed since.
  managed int null,
  managed_at timestamptz(3) null,
  constraint deactivation_brake_pkey primary key (tenant_id)
) with (fillfactor = 50);

-- Whose deactivation was refused by the brake, at most one row for each person.
create table deactivation_held (
  tenant_id uuid not null,
  user_id uuid not null,
  first_tried_at timestamptz(3) not null,
  last_tried_at timestamptz(3) not null,
  constraint deactivation_held_pkey primary key (tenant_id, user_id),
  constraint deactivation_held_user_fkey foreign key (tenant_id, user_id) references directory_user (tenant_id, id)
);

do $$
declare
  walled text;
begin
  foreach walled in array array['deactivation_brake', 'deactivation_held'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('alter table %I force row level security', walled);
    execute format('create policy tenant_wall on %I using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', walled);
    execute format('revoke all on %I from public', walled);
  end loop;
end $$;
grant select, insert, update on deactivation_brake to speakup_app;
grant select, insert, update, delete on deactivation_held to speakup_app;

-- The state at a moment: a pull, a release and a rejection each end by themselves. Entra ID repeats what failed after 6,
-- 12, then every 24 hours, and in quarantine runs once a day: whom nobody tried for 72 hours nobody will try any more.
create function deactivation_brake_state(b deactivation_brake, p_now timestamptz) returns text language sql immutable
  return case
    when not b.enabled then 'OFF'
    when b.state = 'PULLED' and b.last_tried_at <= p_now - interval '72 hours' then 'WATCHING'
    when b.state = 'REJECTED' and greatest(b.last_tried_at, b.decided_at) <= p_now - interval '60 minutes' then 'WATCHING'
    when b.state = 'RELEASED' and b.decided_at <= p_now - interval '24 hours' then 'WATCHING'
    else b.state end;

create function refuse_deactivation(b deactivation_brake, p_user uuid, p_reason text, p_count int, p_base int) returns void language plpgsql as $$
begin
  raise exception 'deactivation held' using errcode = 'SU001', detail = jsonb_build_object('user', p_user, 'reason', p_reason,
    'count', p_count, 'base', p_base, 'sharePercent', b.share_percent, 'leastPeople', b.least_people,
    'windowMinutes', b.window_minutes, 'tenant', (select slug from tenant where id = b.tenant_id));
end $$;

-- Lets a deactivation by SCIM pass and counts it, in its own transaction, or fails it. The last statement but the log's:
-- deactivations of one tenant wait here for each other's commit, and who waits must hold nothing others wait for.
create function pass_deactivation(p_user uuid, p_now timestamptz, p_request text) returns void language plpgsql as $$
declare
  v_tenant uuid := current_tenant();
  b deactivation_brake;
  v_state text;
  v_step int;
  v_minute bigint;
  v_passed jsonb;
  v_count int;
  v_decision text;
begin
  -- First without a lock: nobody waits for others where nothing is counted.
  for v_round in 1..2 loop
    if v_round = 1 then
      select * into b from deactivation_brake where tenant_id = v_tenant;
    else
      insert into deactivation_brake (tenant_id) values (v_tenant) on conflict do nothing;
      select * into b from deactivation_brake where tenant_id = v_tenant for no key update;
    end if;
    v_state := deactivation_brake_state(b, p_now);
    if v_state = 'OFF' then
      return;
    elsif v_state = 'RELEASED' then
      delete from deactivation_held where tenant_id = v_tenant and user_id = p_user;
      return;
    elsif v_state in ('PULLED', 'REJECTED') then
      perform refuse_deactivation(b, p_user, v_state, b.pulled_count, b.pulled_base);
    end if;
  end loop;

  -- A decision holds for those it was made about, for as long as the identity provider repeats them.
  if b.decision is not null then
    select b.decision into v_decision from deactivation_held h where h.tenant_id = v_tenant and h.user_id = p_user
      and h.first_tried_at <= b.decided_at and h.last_tried_at > p_now - interval '72 hours';
    if v_decision = 'REJECTED' then
      perform refuse_deactivation(b, p_user, v_decision, b.pulled_count, b.pulled_base);
    elsif v_decision = 'RELEASED' then
      delete from deactivation_held where tenant_id = v_tenant and user_id = p_user;
      return;
    end if;
  end if;

  if b.state <> 'WATCHING' then
    insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
      values (v_tenant, uuid_v7(), p_now, 'BRAKE_LAPSED', 'Tenant', v_tenant, 'SYSTEM', null, p_request,
        jsonb_build_object('deactivationBrake', jsonb_build_object('before', b.state, 'after', 'WATCHING')));
  end if;
  -- At most 61 counters. One counts as long as any of its time is in the window.
  v_step := greatest(1, ceil(b.window_minutes / 60.0)::int);
  v_minute := floor(extract(epoch from p_now) / 60 / v_step) * v_step;
  select coalesce(jsonb_object_agg(key, value), '{}'), coalesce(sum(value::int), 0) + 1 into v_passed, v_count
    from jsonb_each(b.passed) where key::bigint > v_minute - b.window_minutes - v_step;
  b.managed := b.managed - 1;
  if v_count > b.least_people then
    -- The person is no longer active for this transaction. Counted again where it is old or would decide something.
    if b.managed is null or b.managed_at <= p_now - interval '5 minutes' or b.managed + v_count < 100
        or v_count * 100::bigint > b.share_percent * (b.managed + v_count)::bigint then
      -- Planned for this very tenant: a plan for any would read the whole table for a small one.
      execute 'select count(*) from directory_user where tenant_id = $1 and origin = ''SCIM'' and status = ''ACTIVE'''
        into b.managed using v_tenant;
      b.managed_at := p_now;
    end if;
    if b.managed + v_count >= 100 and v_count * 100::bigint > b.share_percent * (b.managed + v_count)::bigint then
      perform refuse_deactivation(b, p_user, 'LIMIT', v_count - 1, b.managed + v_count);
    end if;
  end if;
  update deactivation_brake set state = 'WATCHING', managed = b.managed, managed_at = b.managed_at,
      passed = v_passed || jsonb_build_object(v_minute::text, coalesce((v_passed ->> v_minute::text)::int, 0) + 1)
    where tenant_id = v_tenant;
end $$;

-- After a deactivation was refused and rolled back: pulls the brake where it is not yet, and notes whose it was. Answers
-- whether this pulled it. What was refused may have been released meanwhile: then there is nothing to note.
create function hold_deactivation(p_tenant uuid, p_now timestamptz, p_integration uuid, p_request text, p_refusal jsonb)
  returns boolean language plpgsql as $$
declare
  b deactivation_brake;
  v_state text;
  v_pulls boolean;
begin
  perform set_config('app.tenant', p_tenant::text, true);
  -- The person before the brake, as whoever deactivates: the other way round two about one person would wait for each other.
  perform from directory_user where tenant_id = p_tenant and id = (p_refusal ->> 'user')::uuid for key share;
  insert into deactivation_brake (tenant_id) values (p_tenant) on conflict do nothing;
  select * into b from deactivation_brake where tenant_id = p_tenant for no key update;
  v_state := deactivation_brake_state(b, p_now);
  if v_state in ('OFF', 'RELEASED') then
    return false;
  end if;
  v_pulls := v_state = 'WATCHING' and p_refusal ->> 'reason' = 'LIMIT';
  if v_pulls then
    update deactivation_brake set state = 'PULLED', pulled_at = p_now, last_tried_at = p_now,
        pulled_count = (p_refusal ->> 'count')::int, pulled_base = (p_refusal ->> 'base')::int
      where tenant_id = p_tenant;
    delete from deactivation_held where tenant_id = p_tenant and last_tried_at <= p_now - interval '72 hours';
    insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
      values (p_tenant, uuid_v7(), p_now, 'BRAKE_PULLED', 'Tenant', p_tenant, 'INTEGRATION', p_integration, p_request,
        jsonb_build_object(
          'deactivationBrake', jsonb_build_object('before', 'WATCHING', 'after', 'PULLED'),
          'deactivated', jsonb_build_object('before', null, 'after', p_refusal -> 'count'),
          'managedPeople', jsonb_build_object('before', null, 'after', p_refusal -> 'base')));
  elsif v_state <> 'WATCHING' and b.last_tried_at < p_now then
    update deactivation_brake set last_tried_at = p_now where tenant_id = p_tenant;
  end if;
  insert into deactivation_held as h (tenant_id, user_id, first_tried_at, last_tried_at)
    values (p_tenant, (p_refusal ->> 'user')::uuid, p_now, p_now)
    on conflict (tenant_id, user_id) do update set last_tried_at = greatest(h.last_tried_at, p_now),
      first_tried_at = case when h.last_tried_at <= p_now - interval '72 hours' then p_now else h.first_tried_at end;
  return v_pulls;
end $$;

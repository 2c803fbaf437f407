-- A budget of requests for an app integration: so many a second, and so many at once. Off where both columns are null.
alter table integration
  add column requests_per_second int null,
  add column burst int null,
  add constraint integration_budget_check check (
    (requests_per_second is null) = (burst is null)
    and requests_per_second >= 1 and requests_per_second <= 10000 and burst >= requests_per_second and burst <= 100000);

-- What those that have a budget have spent of it, all processes together: a bucket that refills by the millisecond. It may be
-- lost in a crash: no log is written ahead for it.
create unlogged table integration_budget (
  tenant_id uuid not null constraint integration_budget_tenant_fkey references tenant (id),
  integration_id uuid not null,
  -- In thousandths of a request, when it was last counted.
  spent bigint not null,
  -- Milliseconds since 1970.
  counted_at bigint not null,
  constraint integration_budget_pkey primary key (tenant_id, integration_id)
) with (fillfactor = 50);
alter table integration_budget enable row level security;
alter table integration_budget force row level security;
create policy tenant_wall on integration_budget using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
revoke all on integration_budget from public;
grant select, insert, update on integration_budget to speakup_app;

-- What is still spent at a moment. One request a second is a thousandth a millisecond: whole numbers, and exact. Clocks of
-- hosts differ: what one has refilled, another does not once more. One that was wrong by a minute is not believed.
create function still_spent(b integration_budget, p_rate int, p_burst int, p_now bigint) returns bigint language sql immutable
  return case when b.counted_at > p_now + 60000 then 0
    else greatest(0, least(b.spent, p_burst * 1000::bigint) - p_rate * greatest(0, p_now - b.counted_at)) end;

-- Takes one request from the budget of an app integration. Answers how many thousandths of a request are left; null where
-- nothing was taken, because less than one is left.
create function spend_request(p_tenant uuid, p_integration uuid, p_rate int, p_burst int, p_now bigint) returns int
  language plpgsql as $$
declare
  v_left int;
begin
  perform set_config('app.tenant', p_tenant::text, true);
  insert into integration_budget as b (tenant_id, integration_id, spent, counted_at)
    values (p_tenant, p_integration, 1000, p_now)
    on conflict (tenant_id, integration_id) do update
    set spent = still_spent(b, p_rate, p_burst, p_now) + 1000,
      counted_at = case when b.counted_at > p_now + 60000 then p_now else greatest(b.counted_at, p_now) end
    where still_spent(b, p_rate, p_burst, p_now) + 1000 <= p_burst * 1000::bigint
    returning p_burst * 1000::bigint - b.spent into v_left;
  return v_left;
end $$;

-- As in 0003, with the budget.
drop function integration_by_client(uuid);
create function integration_by_client(p_client uuid)
  returns table (
    id uuid, tenant_id uuid, tenant_slug text, provisioning_enabled boolean, group_adoption_allowed boolean, name text,
    users_and_groups text, issues text, compatibility text, enabled boolean, budget jsonb, secrets jsonb)
  language plpgsql as $$
begin
  perform set_config('app.client', p_client::text, true);
  return query
    select i.id, i.tenant_id, t.slug, t.provisioning_enabled, t.group_adoption_allowed, i.name,
      i.users_and_groups, i.issues, i.compatibility, i.disabled_at is null and i.revoked_at is null,
      case when i.burst is not null then jsonb_build_object('requestsPerSecond', i.requests_per_second, 'burst', i.burst) end,
      (select coalesce(jsonb_agg(jsonb_build_object('hash', encode(s.hash, 'hex'), 'expiresAt', s.expires_at)), '[]')
       from integration_secret s
       where s.tenant_id = i.tenant_id and s.integration_id = i.id and s.revoked_at is null)
    from integration i
    join tenant t on t.id = i.tenant_id
    where i.id = p_client;
end $$;

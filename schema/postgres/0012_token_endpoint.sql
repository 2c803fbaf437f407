-- Failed attempts at the token endpoint, counted by all processes together (`access/failureLimit.ts`). Which client id or
-- address is not kept, only one of 1 048 576 slots it falls into: so the table is small whatever is sent, and tells nothing of
-- anybody. It may be lost in a crash: no log is written ahead for it.
create unlogged table token_failure (
  key text not null constraint token_failure_pkey primary key,
  points int not null default 0,
  -- Milliseconds since 1970.
  expire bigint null
);
create index token_failure_expire on token_failure (expire);
revoke all on token_failure from public;
grant select, insert, update, delete on token_failure to speakup_app;

-- When a secret was last used, to the minute: an old one that is still used after a rotation is one that nobody may end yet.
alter table integration_secret add column last_used_at timestamptz(3) null;

-- As in 0009; a key `SECRET <hash>` is the use of a secret.
create or replace function note_integration_activity(p_tenant uuid, p_integration uuid, p_did jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  update integration_secret s set last_used_at = greatest(s.last_used_at, (did.value ->> 'last')::timestamptz)
  from jsonb_each(p_did) did
  where s.tenant_id = p_tenant and s.integration_id = p_integration and did.key = 'SECRET ' || encode(s.hash, 'hex');
  insert into integration_activity (tenant_id, integration_id, activity, first_at, last_at)
  select p_tenant, p_integration, did.key, (did.value ->> 'first')::timestamptz, (did.value ->> 'last')::timestamptz
  from jsonb_each(p_did) did
  where not starts_with(did.key, 'SECRET ')
  on conflict (tenant_id, integration_id, activity) do update
    set first_at = least(integration_activity.first_at, excluded.first_at),
      last_at = greatest(integration_activity.last_at, excluded.last_at);
end $$;

-- A key signs from a moment on that may be chosen, and one that leaked is good for nothing any more.
alter table signing_key add column signs_from timestamptz(3) null;
alter table signing_key add column retired_at timestamptz(3) null;
update signing_key set signs_from = created_at + interval '1 day';
alter table signing_key alter column signs_from set not null;
grant update (signs_from, retired_at) on signing_key to speakup_app;

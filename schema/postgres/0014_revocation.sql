-- Revocation: every process remembers for some seconds who may come in, and is told when that changes. The writer's own
-- transaction tells, through triggers, so that no way of writing can forget to; what is told are ids.

-- Tells `<kind> <tenant> <id>`; kind and the column of the id are the trigger's arguments.
create function tell_state_changed() returns trigger language plpgsql as $$
declare
  v_row jsonb;
begin
  if tg_op = 'DELETE' then
    v_row := to_jsonb(old);
  else
    v_row := to_jsonb(new);
  end if;
  perform pg_notify('speakup_state', concat_ws(' ', tg_argv[0], coalesce(v_row ->> 'tenant_id', v_row ->> 'id'), v_row ->> tg_argv[1]));
  return null;
end $$;

create trigger tenant_tells after update or delete on tenant
  for each row execute function tell_state_changed('tenant', 'id');
create trigger integration_tells after update or delete on integration
  for each row execute function tell_state_changed('integration', 'id');
-- Not when one was used: that may be written down often.
create trigger integration_secret_tells after insert or update of hash, expires_at, revoked_at or delete on integration_secret
  for each row execute function tell_state_changed('integration', 'integration_id');
-- Most changes of people say nothing about who may come in, and pay nothing for this: a notification makes commits wait
-- for each other.
create trigger directory_user_tells after update of status on directory_user
  for each row when (old.status is distinct from new.status) execute function tell_state_changed('person', 'id');
create trigger sign_in_lock_tells after insert or delete on sign_in_lock
  for each row execute function tell_state_changed('person', 'user_id');

-- A rejection lasts as long as deactivations are tried, but a day at most: in a tenant in which somebody leaves every
-- hour it would never end. Whoever was held then goes on being refused.
create or replace function deactivation_brake_state(b deactivation_brake, p_now timestamptz) returns text language sql immutable
  return case
    when not b.enabled then 'OFF'
    when b.state = 'PULLED' and b.last_tried_at <= p_now - interval '72 hours' then 'WATCHING'
    when b.state = 'REJECTED' and (b.decided_at <= p_now - interval '24 hours'
      or greatest(b.last_tried_at, b.decided_at) <= p_now - interval '60 minutes') then 'WATCHING'
    when b.state = 'RELEASED' and b.decided_at <= p_now - interval '24 hours' then 'WATCHING'
    else b.state end;

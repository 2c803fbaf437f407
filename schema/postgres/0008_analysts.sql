-- What the role of analysts may see, to the letter: people, groups, memberships. Tenants have no wall of their own, and
-- no question of an analyst needs their names.
revoke select on tenant from speakup_analyst;

-- The smallest version 7 UUID of a moment: ids are in order of time, so that no index of the time is needed.
create function uuid_v7_floor(p_moment timestamptz) returns uuid language sql immutable parallel safe
  return encode(
    substring(int8send(greatest(0, extract(epoch from p_moment) * 1000)::bigint) from 3) || '\x70008000000000000000'::bytea,
    'hex')::uuid;

-- Joiners, movers, leavers and returners, from history. Analysts may not read history, which has everybody's values of
-- all times; of it this function tells numbers of people and nothing else. It runs as its owner, who may pass row-level
-- security: so it names the tenant itself, and nobody but the two roles may call it. Periods are those of UTC; each
-- person counts once in a period for what happened in it, however often. A record's id may be made a little after its moment.
create function people_flow(p_from timestamptz, p_to timestamptz, p_period text)
  returns table (start timestamptz, joiners int, movers int, leavers int, returners int)
  language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.start at time zone 'UTC', coalesce(c.joiners, 0)::int, coalesce(c.movers, 0)::int,
    coalesce(c.leavers, 0)::int, coalesce(c.returners, 0)::int
  from generate_series(
      date_trunc(p_period, p_from at time zone 'UTC'), (p_to at time zone 'UTC') - interval '1 millisecond',
      ('1 ' || p_period)::interval) as s (start)
    left join (
      select p.start, count(*) filter (where p.joined) as joiners, count(*) filter (where p.moved) as movers,
        count(*) filter (where p.departed) as leavers, count(*) filter (where p.returned) as returners
      from (
        select date_trunc(p_period, r.at at time zone 'UTC') as start, r.resource_id,
          bool_or(r.kind = 'CREATED') as joined,
          bool_or(r.kind in ('CHANGED', 'ADOPTED', 'REACTIVATED') and (
            r.changes -> 'department' ->> 'before' <> r.changes -> 'department' ->> 'after'
            or r.changes -> 'division' ->> 'before' <> r.changes -> 'division' ->> 'after'
            or r.changes -> 'organization' ->> 'before' <> r.changes -> 'organization' ->> 'after'
            or r.changes -> 'costCenter' ->> 'before' <> r.changes -> 'costCenter' ->> 'after'
            or r.changes -> 'title' ->> 'before' <> r.changes -> 'title' ->> 'after')) as moved,
          bool_or(r.kind = 'DEACTIVATED'
            or r.kind = 'DELETED' and r.changes -> 'status' ->> 'before' = 'ACTIVE'
            or r.kind = 'ADOPTED' and r.changes -> 'active' ->> 'before' = 'true' and r.changes -> 'active' ->> 'after' = 'false') as departed,
          bool_or(r.kind in ('REACTIVATED', 'REVIVED')
            or r.kind = 'ADOPTED' and r.changes -> 'active' ->> 'before' = 'false' and r.changes -> 'active' ->> 'after' = 'true') as returned
        from change_record r
        where r.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
          and r.id >= uuid_v7_floor(p_from - interval '1 hour') and r.id < uuid_v7_floor(p_to + interval '1 hour')
          and r.at >= p_from and r.at < p_to and r.resource_type = 'User'
          and r.kind in ('CREATED', 'CHANGED', 'ADOPTED', 'REVIVED', 'REACTIVATED', 'DEACTIVATED', 'DELETED')
        group by 1, 2
      ) p
      group by 1
    ) c on c.start = s.start
  order by s.start;
end;
revoke all on function people_flow(timestamptz, timestamptz, text) from public;
grant execute on function people_flow(timestamptz, timestamptz, text) to speakup_app, speakup_analyst;

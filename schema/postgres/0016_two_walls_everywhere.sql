-- Both walls stand everywhere: functions that see more than their caller no longer run as the owner, who may pass
-- row-level security, but as roles that can do that one thing, behind the wall like everybody.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['speakup_counter', 'speakup_eraser'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin noinherit', wanted);
      exception when duplicate_object or unique_violation then
        null; -- another database of this server was migrated at the same moment
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end $$;

grant usage on schema public to speakup_counter, speakup_eraser;
grant select on change_record to speakup_counter;
grant select on directory_user to speakup_eraser;
grant select, update on change_record, provisioning_entry to speakup_eraser;

grant create on schema public to speakup_counter, speakup_eraser;
alter function people_flow(timestamptz, timestamptz, text) owner to speakup_counter;
alter function blank_erased_values(uuid, text[], text[], timestamptz) owner to speakup_eraser;
revoke create on schema public from speakup_counter, speakup_eraser;

-- The keys by which people are found by any of their e-mail addresses, which analysts see and may ask for.
grant select on user_email to speakup_analyst;

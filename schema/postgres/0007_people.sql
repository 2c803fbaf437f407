-- Finding people and groups by the beginnings of their words, and what more is told of people.

-- The words of texts: each begins after a space or a sign, and goes on to the next space, so that `jean-pierre` is found by
-- `jean-p` and by `pierre`. Of what follows an @ only the whole. The service makes them by itself for whoever is written
-- (searchWords.ts); this is for those who are there already.
create function search_words(texts text[]) returns setof text language sql immutable parallel safe as $$
  select distinct left(substr(token, at), 64)
  from unnest(texts) as given (value)
    cross join lateral regexp_split_to_table(fold(value) collate "C", '[\u0009-\u000d\u0020\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+') as tokens (token)
    cross join lateral generate_series(1, length(token)) as starts (at)
  where substr(token, at, 1) collate "C" !~ '[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00b7\u2010-\u201f\u2026]'
    and (at = 1 or substr(token, at - 1, 1) collate "C" ~ '[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00b7\u2010-\u201f\u2026]')
    and position('@' in left(token, greatest(at - 2, 0))) = 0
$$;

-- No foreign key: nobody's row is ever removed, and to look for the person again would be as dear as the word.
create table user_word (
  tenant_id uuid not null,
  key text collate "C" not null,
  user_id uuid not null,
  constraint user_word_pkey primary key (tenant_id, key, user_id)
);
create index user_word_user on user_word (tenant_id, user_id);

create table group_word (
  tenant_id uuid not null,
  key text collate "C" not null,
  group_id uuid not null,
  constraint group_word_pkey primary key (tenant_id, key, group_id),
  constraint group_word_group_fkey foreign key (tenant_id, group_id) references directory_group (tenant_id, id) on delete cascade
);
create index group_word_group on group_word (tenant_id, group_id);

do $$
declare
  walled text;
  one uuid;
begin
  foreach walled in array array['user_word', 'group_word'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('alter table %I force row level security', walled);
    execute format('create policy tenant_wall on %I using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', walled);
  end loop;
  -- The owner is behind the wall too.
  for one in select id from tenant loop
    perform set_config('app.tenant', one::text, true);
    insert into user_word (tenant_id, key, user_id)
      select u.tenant_id, search_words(
        array[u.display_name, u.nick_name, u.user_name, u.name->>'formatted', u.name->>'givenName', u.name->>'middleName', u.name->>'familyName']
        || array(select email->>'value' from jsonb_array_elements(u.emails) as listed (email))), u.id
      from directory_user u where u.tenant_id = one and u.status <> 'DELETED';
    insert into group_word (tenant_id, key, group_id)
      select g.tenant_id, search_words(array[g.display_name]), g.id from directory_group g where g.tenant_id = one;
  end loop;
  perform set_config('app.tenant', '', true);
end $$;

revoke all on user_word, group_word from public;
grant select, insert, delete on user_word, group_word to speakup_app;
grant select on user_word, group_word to speakup_analyst;

-- A person's reports are shown by name: a page of them is read from the index, however many there are.
drop index directory_user_manager;
create index directory_user_manager on directory_user (tenant_id, manager_id, display_name_key, id) where manager_id is not null;

-- By whom: an app integration or a person. Null for those who were there before this, and for the operator.
alter table membership add column added_by uuid null;

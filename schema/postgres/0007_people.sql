-- Finding people and groups by the beginnings of their words, and what more is told of people.

-- The words of texts: each begins after a space or a sign, and goes on to the next space, so that `jean-pierre` is found by
-- `jean-p` and by `pierre`. Of what follows an @ only the whole. The service makes them by itself for whoever is written
-- (searchWords.ts); this is for those who are there already.
create function search_words(texts text[]) returns setof text language sql immutable parallel safe as $$
  select distinct left(substr(token, start), 64)
  from unnest(texts) as given (value)
    -- Spaces become one kind of space, signs one kind of sign.
    cross join lateral unnest(string_to_array(translate(fold(value) collate "C", U&'\0009\000A\000B\000C\000D\0020\0085\00A0\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000', repeat(' ', 24)), ' ')) as tokens (token)
    cross join lateral translate(token, U&'\0021\0022\0023\0024\0025\0026\0027\0028\0029\002A\002B\002C\002D\002E\002F\003A\003B\003C\003D\003E\003F\0040\005B\005C\005D\005E\005F\0060\007B\007C\007D\007E\00B7\2010\2011\2012\2013\2014\2015\2016\2017\2018\2019\201A\201B\201C\201D\201E\201F\2026', repeat('!', 50)) as plain (signs)
    cross join lateral (
      select part, (1 + coalesce(sum(length(part) + 1) over (order by n rows between unbounded preceding and 1 preceding), 0))::int as start
      from unnest(string_to_array(signs, '!')) with ordinality as parts (part, n)) part
  where part <> '' and position('@' in left(token, length(rtrim(left(signs, start - 1), '!')))) = 0
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
      select u.tenant_id, word, u.id
      from directory_user u
        cross join lateral (select array[u.display_name, u.nick_name, u.user_name, u.name->>'formatted', u.name->>'givenName',
          u.name->>'middleName', u.name->>'familyName']
          || array(select email->>'value' from jsonb_array_elements(u.emails) as listed (email)) as texts) given
        cross join lateral search_words(given.texts) as words (word)
      where u.tenant_id = one and u.status <> 'DELETED';
    insert into group_word (tenant_id, key, group_id)
      select g.tenant_id, word, g.id from directory_group g cross join lateral search_words(array[g.display_name]) as words (word)
      where g.tenant_id = one;
  end loop;
  perform set_config('app.tenant', '', true);
end $$;

revoke all on user_word, group_word from public;
grant select, insert, delete on user_word, group_word to speakup_app;
grant select on user_word, group_word to speakup_analyst;

-- A person's reports are shown by name: a page of them is read from the index, however many there are. Everybody below a
-- person is read from the index alone, which is why it has the status.
drop index directory_user_manager;
create index directory_user_manager on directory_user (tenant_id, manager_id, display_name_key, id, status) where manager_id is not null;

-- By whom: an app integration or a person. Null for those who were there before this, and for the operator.
alter table membership add column added_by uuid null;

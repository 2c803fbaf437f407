-- What callers of GraphQL have spent of their minute, all processes together (`graphql/budget.ts`). Not who they are: a digest
-- of it. Rows go when their minute is over; they may be lost in a crash: no log is written ahead for them.
create unlogged table graphql_budget (
  caller text not null constraint graphql_budget_pkey primary key,
  -- Spent, or taken in advance by a process that may spend it.
  spent int not null,
  -- By the last that took.
  taken int not null,
  -- Milliseconds since 1970.
  resets_at bigint not null
) with (fillfactor = 50);
revoke all on graphql_budget from public;
grant select, insert, update, delete on graphql_budget to speakup_app;

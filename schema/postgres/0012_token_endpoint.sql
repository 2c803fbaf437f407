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

-- What identity providers filter on is found by an index.

-- When a row changed, to the hour: an index of the moment itself would make every change rewrite every index of the row.
alter table directory_user add column updated_hour timestamptz(3) not null
  generated always as (date_bin('1 hour', updated_at, timestamptz '2000-01-01 00:00:00+00')) stored;
alter table directory_group add column updated_hour timestamptz(3) not null
  generated always as (date_bin('1 hour', updated_at, timestamptz '2000-01-01 00:00:00+00')) stored;
create index directory_user_updated_hour on directory_user (tenant_id, updated_hour, id);
create index directory_group_updated_hour on directory_group (tenant_id, updated_hour, id);
drop index directory_group_updated_at;

-- Only those who are not: the others are nearly everybody, and are found as fast in order of id.
create index directory_user_inactive on directory_user (tenant_id, id) where not active and status <> 'DELETED';

-- By a manager reference as it was sent, resolved or not.
drop index directory_user_unresolved_manager;
create index directory_user_manager_key on directory_user (tenant_id, manager_key, id) where manager_key is not null;

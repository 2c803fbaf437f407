-- Adds an entry to the provisioning log, inside the transaction of a change or alone: the tenant comes with the entry.
create function add_provisioning_entry(p_entry jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.tenant', p_entry ->> 'tenant_id', true);
  insert into provisioning_entry select * from jsonb_populate_record(null::provisioning_entry, p_entry);
end $$;

-- The last failures of one app integration: without an index of their own they were looked for among everything it did
-- wherever most requests of all tenants fail.
create index provisioning_entry_failed_integration on provisioning_entry (tenant_id, integration_id, at, id)
  where outcome <> 'SUCCEEDED';

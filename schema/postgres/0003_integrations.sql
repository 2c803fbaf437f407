-- What authentication asks at nearly every request, each in one round trip and behind the wall: the setting opens the
-- asked rows and no others, and nothing is found where it is missing.

-- An app integration by its client id, before the tenant is known (policies client_reads_itself, client_reads_its_secrets).
create function integration_by_client(p_client uuid)
  returns table (
    id uuid, tenant_id uuid, tenant_slug text, provisioning_enabled boolean, group_adoption_allowed boolean, name text,
    users_and_groups text, issues text, compatibility text, enabled boolean, secrets jsonb)
  language plpgsql as $$
begin
  perform set_config('app.client', p_client::text, true);
  return query
    select i.id, i.tenant_id, t.slug, t.provisioning_enabled, t.group_adoption_allowed, i.name,
      i.users_and_groups, i.issues, i.compatibility, i.disabled_at is null and i.revoked_at is null,
      (select coalesce(jsonb_agg(jsonb_build_object('hash', encode(s.hash, 'hex'), 'expiresAt', s.expires_at)), '[]')
       from integration_secret s
       where s.tenant_id = i.tenant_id and s.integration_id = i.id and s.revoked_at is null)
    from integration i
    join tenant t on t.id = i.tenant_id
    where i.id = p_client;
end $$;

-- The tenant of a person's token, and the person's status where the token names one; null when there is no such person.
create function person_by_id(p_tenant uuid, p_user uuid)
  returns table (tenant_slug text, status text) language plpgsql as $$
begin
  perform set_config('app.tenant', p_tenant::text, true);
  return query
    select t.slug, (select u.status from directory_user u where u.tenant_id = p_tenant and u.id = p_user)
    from tenant t where t.id = p_tenant;
end $$;

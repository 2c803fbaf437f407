// What a tenant's history and provisioning log hold: read where they are kept, because SCIM does not show them.
import { requestContext, readIn } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { type Json, type TestTenant } from '../support/tenant.js';

type From = Pick<TestTenant, 'server' | 'tenant'>;

const select = ({ server, tenant }: From, text: string, params: readonly unknown[]): Promise<Json[]> =>
  readIn(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), (scope) =>
    scope.send({ text }, [tenant.id, ...params]),
  );

/** The history of a resource, oldest first. */
export const historyOf = (from: From, resourceId: string): Promise<Json[]> =>
  select(from, 'select * from change_record where tenant_id = $1 and resource_id = $2 order by at, id', [resourceId]);

/** The history that one request has written, of whatever resource. */
export const historyOfRequest = (from: From, requestId: string): Promise<Json[]> =>
  select(from, 'select * from change_record where tenant_id = $1 and request_id = $2 order by id', [requestId]);

/** The whole history of a tenant, oldest first. */
export const historyOfTenant = (from: From): Promise<Json[]> =>
  select(from, 'select * from change_record where tenant_id = $1 order by at, id', []);

/** The entries of the provisioning log for one request. */
export const logged = (from: From, requestId: string): Promise<Json[]> =>
  select(from, 'select * from provisioning_entry where tenant_id = $1 and request_id = $2 order by id', [requestId]);

// Bulk requests as tests say them, and what came of each operation.
import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { type Answer, type Json, type TestTenant } from '../support/tenant.js';

export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** The body of a POST /Bulk. */
export const bulkOf = (Operations: readonly unknown[], more: object = {}) => ({
  schemas: [BULK_REQUEST],
  ...more,
  Operations,
});

/** An operation that creates. */
export const post = (bulkId: string, path: string, data: unknown) => ({ method: 'POST', path, bulkId, data });

/** A person's attributes that name this manager. */
export const under = (manager: unknown) => ({ [ENTERPRISE_USER]: { manager } });

/** A reference to what the operation with this bulkId makes. */
export const member = (bulkId: string) => ({ value: `bulkId:${bulkId}` });

/** The statuses of so many creations. */
export const allMade = (count: number): string[] => Array.from({ length: count }, () => '201');

/** Sends the operations; the request as a whole must succeed. Returns the results. */
export async function bulk(
  tenant: Pick<TestTenant, 'scim'>,
  operations: readonly unknown[],
  more: object = {},
): Promise<Json[]> {
  return resultsOf(await tenant.scim('POST', '/Bulk', bulkOf(operations, more)));
}

/** The results in the answer to a Bulk request. */
export function resultsOf(answer: Answer<Json>): Json[] {
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  expect(answer.headers.get('Content-Type')).to.equal('application/scim+json; charset=utf-8');
  expect(answer.body).to.have.all.keys('schemas', 'Operations');
  expect(answer.body.schemas).to.deep.equal([BULK_RESPONSE]);
  for (const result of answer.body.Operations as Json[]) expectResult(result);
  return answer.body.Operations as Json[];
}

/** What every result of RFC 7644 section 3.7.3 keeps to. */
function expectResult(result: Json): void {
  const { location, method, status, response } = result;
  expect(Object.keys(result as object)).to.include('status');
  expect(status).to.match(/^\d{3}$/);
  if (Number(status) < 300) {
    expect(location).to.be.a('string');
    expect(response, 'no body where all went well').to.equal(undefined);
    return;
  }
  if (method === 'POST') expect(location, 'a failed POST has no location').to.equal(undefined);
  expect(response.schemas).to.deep.equal(['urn:ietf:params:scim:api:messages:2.0:Error']);
  expect(response.status).to.equal(status);
  expect(response.detail).to.be.a('string').and.not.equal('');
}

export const statuses = (results: readonly Json[]): string[] => results.map(({ status }) => status as string);

/** The id of what an operation made. */
export const madeBy = ({ location }: Json): string => /[^/]+$/.exec(String(location))?.[0] ?? 'nothing';

/** An operation that failed: its status, scimType and what an administrator reads. */
export function expectFailure(result: Json, status: number, scimType: string | undefined, detail: RegExp): void {
  expect(result.status, JSON.stringify(result)).to.equal(String(status));
  expect(result.response.scimType).to.equal(scimType);
  expect(result.response.detail).to.match(detail);
}

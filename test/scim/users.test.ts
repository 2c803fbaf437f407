import { expect } from 'chai';
import { aUser } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

describe('people over SCIM', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });

  it('creates a person and shows everything as it was sent', async () => {
    const body = aUser({
      name: { givenName: 'Mara', familyName: 'Vos' },
      title: 'Inkoper',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Inkoop', employeeNumber: '70077' },
    });
    const created = await tenant.scim('POST', '/Users', body);
    expect(created.status).to.equal(201);
    expect(created.headers.get('Location')).to.equal(created.body.meta.location);
    expect(created.headers.get('ETag')).to.equal('W/"1"');
    expect(created.body).to.deep.include(body);
    const read = await tenant.scim('GET', `/Users/${created.body.id}`);
    expect(read.status).to.equal(200);
    expect(read.body).to.deep.equal(created.body);
  });

  it('finds a person by userName in any case', async () => {
    const { userName } = (await tenant.scim('POST', '/Users', aUser())).body;
    const filter = encodeURIComponent(`userName eq "${userName.toUpperCase()}"`);
    const found = await tenant.scim('GET', `/Users?filter=${filter}`);
    expect(found.status).to.equal(200);
    expect(found.body.totalResults).to.equal(1);
    expect(found.body.Resources[0].userName).to.equal(userName);
  });

  it('answers an empty list for somebody who does not exist', async () => {
    const found = await tenant.scim('GET', '/Users?filter=userName+eq+%2211112222-aaaa-4bbb-8ccc-333344445555%22');
    expect(found.status).to.equal(200);
    expect(found.body).to.deep.equal({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('answers 409 uniqueness when the userName is in use', async () => {
    const body = aUser();
    await tenant.scim('POST', '/Users', body);
    const again = await tenant.scim('POST', '/Users', body);
    expect(again.status).to.equal(409);
    expect(again.body.scimType).to.equal('uniqueness');
  });

  it('patches, deactivates, reactivates and deletes', async () => {
    const { id } = (await tenant.scim('POST', '/Users', aUser())).body;
    const patch = (operations: unknown[]) =>
      tenant.scim('PATCH', `/Users/${id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: operations,
      });
    const changed = await patch([
      { op: 'Replace', path: 'displayName', value: 'Mara de Vos' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+31 6 5555 0199' },
      { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'Finance' },
    ]);
    expect(changed.status, JSON.stringify(changed.body)).to.equal(200);
    expect(changed.body.phoneNumbers).to.deep.equal([{ type: 'mobile', value: '+31 6 5555 0199' }]);
    expect((await patch([{ op: 'Replace', path: 'active', value: 'False' }])).body.active).to.equal(false);
    expect((await patch([{ op: 'Replace', path: 'active', value: 'True' }])).body.active).to.equal(true);
    expect((await tenant.scim('DELETE', `/Users/${id}`)).status).to.equal(204);
    expect((await tenant.scim('GET', `/Users/${id}`)).status).to.equal(404);
  });
});

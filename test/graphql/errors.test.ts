import { expect } from 'chai';
import { GraphQLError } from 'graphql';
import { pronounce } from '../../src/graphql/errors.js';
import { createLog } from '../../src/operation/logging.js';
import { Refusal } from '../../src/refusal.js';
import { aTenant, send } from '../support/tenant.js';
import { person } from './asking.js';

describe('errors of GraphQL', () => {
  const asked = { requestId: 'r-1', log: createLog('silent') };

  it('G5: say nothing of what is inside', () => {
    for (const error of [
      new Error('secret'),
      new GraphQLError('secret', { originalError: new Error('secret') }),
      'secret',
    ]) {
      const { status, message, extensions } = pronounce(error, asked);
      expect(status).to.equal(500);
      expect(message).to.match(/^Something went wrong on our side. Please report incident [\w-]{36}\.$/);
      expect(extensions).to.include({ code: 'INTERNAL', requestId: 'r-1' });
      expect(message).to.include((extensions as { incident?: string }).incident);
    }
  });

  it('say what a lost database and a slow statement mean', () => {
    const coded = (code: string) => Object.assign(new Error('secret'), { code });
    expect(pronounce(coded('57P01'), asked).extensions.code).to.equal('UNAVAILABLE');
    expect(pronounce(coded('57014'), asked).extensions.code).to.equal('TIMEOUT');
    expect(
      pronounce(new GraphQLError('x', { originalError: coded('57P01'), path: ['users'] }), asked).extensions.code,
    ).to.equal('UNAVAILABLE');
  });

  it('name an operation that is not there, also beside one without a name', async () => {
    const tenant = await aTenant();
    const headers = { Authorization: `Bearer ${await tenant.personToken()}`, 'Content-Type': 'application/json' };
    for (const query of ['{ viewer { role } }', 'query A { viewer { role } }']) {
      for (const operationName of ['B', '']) {
        const { status, body } = await send(`${tenant.server.url}/graphql`, 'POST', { query, operationName }, headers);
        expect([status, body.errors[0].extensions.code]).to.deep.equal([400, 'OPERATION_RESOLUTION_FAILURE']);
      }
    }
  });

  it('keep a refusal’s own words', () => {
    const { status, message, extensions } = pronounce(new Refusal('forbidden', 'Not you.'), asked);
    expect([status, message, extensions]).to.deep.equal([403, 'Not you.', { code: 'FORBIDDEN', requestId: 'r-1' }]);
  });

  it('carry the request’s id and the field, and leave the other fields alone', async () => {
    const tenant = await aTenant();
    await person(tenant);
    const { status, body, headers } = await tenant.graphql(
      '{ viewer { role } user(by: { userName: "a" }, includeDeleted: true) { id } }',
      {},
      { role: 'FRONTEND' },
    );
    expect(status).to.equal(200);
    expect(body.data).to.deep.equal({ viewer: { role: 'FRONTEND' }, user: null });
    expect(body.errors).to.have.length(1);
    expect(body.errors[0].path).to.deep.equal(['user']);
    expect(body.errors[0].extensions).to.deep.equal({ code: 'FORBIDDEN', requestId: headers.get('X-Request-Id') });
    expect(headers.get('Cache-Control')).to.equal('no-store');
  });
});

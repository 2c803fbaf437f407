import { expect } from 'chai';
import { aUser, each, CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { type Answer, type Json, send } from '../support/tenant.js';
import { bareRequest } from './bareRequest.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const PATHS = [
  '/ServiceProviderConfig',
  '/ResourceTypes',
  '/ResourceTypes/User',
  '/ResourceTypes/Group',
  '/Schemas',
  `/Schemas/${CORE_USER}`,
  `/Schemas/${CORE_GROUP}`,
  `/Schemas/${ENTERPRISE_USER}`,
];

describe('discovery', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const bare = async (method: string, path: string, headers = {}): Promise<Answer<Json>> => {
    const answer = await bareRequest(scene, method, path, { headers: { Authorization: '', ...headers } });
    return { ...answer, headers: new Headers(answer.headers as Record<string, string>) };
  };
  const unauthenticated = { status: 401, detail: /access token/ };

  for (const path of PATHS) {
    it(`shows ${path} to anybody, and the same with a token`, async () => {
      const open = await bare('GET', path);
      expect(open.status).to.equal(200);
      expect(open.headers.get('Content-Type')).to.equal('application/scim+json; charset=utf-8');
      expect(await scene.get(path)).to.deep.equal(open.body);
      expect((await bare('HEAD', path)).status).to.equal(200);
      expect((await bare('GET', `${path}?aadOptscim062020`)).status).to.equal(200);
    });
  }

  const spellings = [
    '/serviceproviderconfig',
    '/SCHEMAS',
    '/Schemas/',
    '//Schemas',
    '/%53chemas',
    '/./Schemas',
    '/Users/../Schemas',
    '/Schemas/x/y',
    '/ServiceProviderConfig/x',
    '/schemas/../Users',
    '/Schemas/%2e%2e/Users',
    '/Schemas/../Users',
  ];
  for (const path of spellings) {
    it(`is public in no other spelling: ${path}`, async () => {
      const answer = await bare('GET', path);
      expectRefusal(answer, unauthenticated);
      expect(answer.headers.get('WWW-Authenticate')).to.match(/^Bearer/);
    });
  }

  it('is public to nobody with a token that is not good', async () => {
    for (const Authorization of ['Bearer nonsense', 'Basic eDp5', 'Bearer']) {
      const answer = await bare('GET', '/Schemas', { Authorization });
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('WWW-Authenticate')).to.match(/^Bearer/);
    }
  });

  it('tolerates slashes with a token', async () => {
    for (const path of ['/Schemas/', '//Schemas', `/Schemas//${CORE_USER}/`]) {
      expect((await bareRequest(scene, 'GET', path)).status, path).to.equal(200);
    }
  });

  it('refuses filters, with or without a token', async () => {
    for (const path of PATHS) {
      for (const query of ['filter=id+pr', 'FILTER=']) {
        const refused = { status: 403, detail: /cannot be filtered/ };
        expectRefusal(await bare('GET', `${path}?${query}`), refused);
        expectRefusal(await scene.scim('GET', `${path}?${query}`), refused);
      }
    }
  });

  it('answers 404 for what there is not', async () => {
    for (const path of ['/Schemas/urn:x:y', '/ResourceTypes/Device', '/ResourceTypes/constructor']) {
      expectRefusal(await bare('GET', path), { status: 404, detail: /was not found/ });
    }
  });

  it('finds a schema by its URN in any case', async () => {
    expect((await scene.get(`/Schemas/${CORE_USER.toLowerCase()}`)).id).to.equal(CORE_USER);
  });

  it('lists schemas and resource types as a ListResponse of their documents', async () => {
    const expected = { Schemas: [CORE_USER, ENTERPRISE_USER, CORE_GROUP], ResourceTypes: ['User', 'Group'] };
    for (const [name, ids] of Object.entries(expected)) {
      const list = (await bare('GET', `/${name}`)).body;
      expect(list).to.deep.include({
        schemas: [LIST],
        totalResults: ids.length,
        itemsPerPage: ids.length,
        startIndex: 1,
      });
      expect(each(list.Resources, 'id')).to.deep.equal(ids);
      for (const document of list.Resources) {
        expect(await scene.get(`/${name}/${document.id}`)).to.deep.equal(document);
        expect((await send(document.meta.location)).body).to.deep.equal(document);
      }
    }
  });

  it('tells the resource types with their schemas', async () => {
    const [user, group] = (await scene.get('/ResourceTypes')).Resources;
    expect(user).to.deep.include({ name: 'User', endpoint: '/Users', schema: CORE_USER });
    expect(user.schemaExtensions).to.deep.equal([{ schema: ENTERPRISE_USER, required: false }]);
    expect(group).to.deep.include({ name: 'Group', endpoint: '/Groups', schema: CORE_GROUP, schemaExtensions: [] });
  });

  it('publishes everything a full person and group have, and no password', async () => {
    const parts = (value: string) => ({ value, type: 'work', display: 'D', primary: true });
    const every = ['phoneNumbers', 'ims', 'entitlements', 'roles', 'photos', 'x509Certificates'];
    const boss = await scene.person({ displayName: 'Boss' });
    const body = aUser({
      externalId: 'e',
      displayName: 'D',
      nickName: 'N',
      profileUrl: 'https://x.example/p',
      title: 'T',
      userType: 'Employee',
      preferredLanguage: 'nl',
      locale: 'nl-NL',
      timezone: 'Europe/Amsterdam',
      password: 'secret',
      name: {
        formatted: 'f',
        familyName: 'f',
        givenName: 'g',
        middleName: 'm',
        honorificPrefix: 'p',
        honorificSuffix: 's',
      },
      addresses: [
        {
          formatted: 'f',
          streetAddress: 's',
          locality: 'l',
          region: 'r',
          postalCode: 'p',
          country: 'NL',
          type: 'work',
          primary: true,
        },
      ],
      ...Object.fromEntries(every.map((name) => [name, [parts('dmFsdWU=')]])),
      [ENTERPRISE_USER]: {
        employeeNumber: '1',
        costCenter: 'c',
        organization: 'o',
        division: 'd',
        department: 'd',
        manager: { value: boss.id },
      },
    });
    const kept: Json = { ...body };
    delete kept.password;
    const person = await scene.person(body);
    await scene.group([person.id], { externalId: 'e' });
    const full = await scene.get(`/Users/${person.id}`);
    const { [ENTERPRISE_USER]: extension, ...rest } = kept;
    expect(full).to.deep.include(rest);
    expect(full[ENTERPRISE_USER]).to.deep.include({ ...extension, manager: full[ENTERPRISE_USER].manager });
    const schemas: Json[] = (await scene.get('/Schemas')).Resources;
    const published = (urn: string, value: Json) => {
      const document = schemas.find(({ id }) => id === urn);
      const common = ['schemas', 'id', 'externalId', 'meta', ENTERPRISE_USER];
      const names = each(document.attributes, 'name');
      expect(names).to.have.members(Object.keys(value).filter((name) => !common.includes(name)));
      for (const { name, subAttributes = [], multiValued } of document.attributes) {
        const element = multiValued ? value[name][0] : value[name];
        if (subAttributes.length === 0) expect(element, name).to.not.be.an('object');
        else expect(each(subAttributes, 'name'), name).to.include.members(Object.keys(element));
      }
    };
    published(CORE_USER, full);
    published(ENTERPRISE_USER, full[ENTERPRISE_USER]);
    published(CORE_GROUP, (await scene.get('/Groups')).Resources[0]);
    expect(JSON.stringify(schemas))
      .to.not.match(/password/i)
      .and.not.contain('null');
  });

  it('tells the truth about what is supported', async () => {
    const config = await scene.get('/ServiceProviderConfig');
    expect(config).to.deep.include({ patch: { supported: true }, changePassword: { supported: false } });
    expect(config.filter).to.deep.equal({ supported: true, maxResults: 1000 });
    expect([config.sort, config.etag]).to.deep.equal([{ supported: true }, { supported: true }]);
    expect(config.authenticationSchemes[0].type).to.equal('oauthbearertoken');
    expect((await send(config.meta.location)).body).to.deep.equal(config);
  });
});

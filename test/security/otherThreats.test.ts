// Threats by number that no other test is about.
import { expect } from 'chai';
import { type GraphQLSchema, buildClientSchema, getIntrospectionQuery, isObjectType } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';
import { type Role } from '../../src/directory/actor.js';
import { codesOf, data, globalId, group, person, reportsTo } from '../graphql/asking.js';
import { sentWhile } from '../graphql/sending.js';
import { CORE_USER, ENTERPRISE_USER, each, patchOf, unique } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { documentOf, filledIn, placesOf } from './walk/graphqlPlaces.js';

describe('threats by number', function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });

  it('I4: an address of another tenant’s person finds nobody', async () => {
    const other = await aTenant();
    const { id, meta } = await person(other);
    const report = await person(tenant, { externalId: id, ...reportsTo(id) });
    for (const path of ['meta.location', 'manager.$ref', 'externalId']) {
      const filter = encodeURIComponent(`${path} eq "${meta.location}"`);
      expect((await tenant.scim('GET', `/Users?filter=${filter}`)).body.totalResults, path).to.equal(0);
    }
    // Somebody is here, and an address here finds them.
    const own = encodeURIComponent(`meta.location eq "${report.meta.location}"`);
    expect(each((await tenant.scim('GET', `/Users?filter=${own}`)).body.Resources, 'id')).to.deep.equal([report.id]);
  });

  it('I8: an externalId is text: equal to an id, a number or another’s externalId, it finds and changes nobody else', async () => {
    const victim = await person(tenant);
    const values = [victim.id, '1', '0', 'admin', tenant.clientId, tenant.tenant.id, victim.userName] as string[];
    const made = [];
    for (const externalId of [...values, ...values]) made.push(await person(tenant, { externalId }));
    for (const value of values) {
      const found = await tenant.scim('GET', `/Users?filter=${encodeURIComponent(`externalId eq "${value}"`)}`);
      const ids = made.filter(({ externalId }) => externalId === value).map(({ id }) => id as string);
      expect(each(found.body.Resources, 'id'), value).to.have.members(ids);
    }
    for (const path of ['1', '0', 'admin']) expect((await tenant.scim('GET', `/Users/${path}`)).status).to.equal(404);
    expect((await tenant.scim('GET', `/Users/${victim.id}`)).body).to.deep.equal(victim);
  });

  it('I12: what a request has read belongs to that request: the same question of two tenants at the same moment is answered to each from its own', async () => {
    const other = await aTenant();
    const userName = `same.${unique()}@fabriek.example`;
    const ids = new Map<TestTenant, string>();
    for (const one of [tenant, other]) {
      const { id } = await person(one, { userName, title: one.tenant.slug });
      await group(one, `Same ${userName}`, [id]);
      ids.set(one, id);
    }
    const query = `query ($id: ID!) { user(by: { userName: "${userName}" }) { scimId title groups { nodes { members { nodes { title } } } } } node(id: $id) { id } }`;
    const asked = Array.from({ length: 60 }, async (_, at) => {
      const one = at % 2 ? tenant : other;
      const foreign = globalId('User', ids.get(at % 2 ? other : tenant) ?? '');
      const { user, node } = await data(one, query, { id: foreign }, at % 3 ? 'ADMIN' : 'ANALYST');
      const title = one.tenant.slug;
      const groups = { nodes: [{ members: { nodes: [{ title }] } }] };
      expect({ user, node }).to.deep.equal({ user: { scimId: ids.get(one), title, groups }, node: null });
    });
    await Promise.all(asked);
  });

  it('I12: no code works with the entity manager that all requests share', () => {
    const source = join(projectRoot(), 'src');
    const files = readdirSync(source, { recursive: true }).map(String);
    const wrong = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [
          ...readFileSync(join(source, file), 'utf8').matchAll(
            /orm\.em\b(?!\.(fork|getConnection)\()|orm\[|\bem\b[^{}]*\}[^=;()]*= [\w.]*orm\b/gi,
          ),
        ].map(() => file),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('S8: no path and no name reaches the prototype of an object, in any of 60 ways and more', async () => {
    const { id } = await person(tenant);
    const intrinsics = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
    const before = intrinsics.map((intrinsic) => Reflect.ownKeys(intrinsic));
    const evil = [
      '__proto__',
      'constructor',
      'prototype',
      'constructor.prototype',
      '__proto__.polluted',
      'constructor.prototype.polluted',
      'toString',
      '__defineGetter__',
      'hasOwnProperty',
    ];
    const paths = evil.flatMap((name) => [
      name,
      `name.${name}`,
      `${CORE_USER}:${name}`,
      `${ENTERPRISE_USER}:${name}`,
      `emails[type eq "work"].${name}`,
      `emails[${name} eq "x"].value`,
      `meta.${name}`,
    ]);
    expect(paths.length).to.be.at.least(60);
    for (const [at, path] of paths.entries()) {
      for (const op of [['add', 'replace', 'remove'][at % 3]]) {
        const { status } = await tenant.scim(
          'PATCH',
          `/Users/${id}`,
          patchOf({ op, path, ...(op === 'remove' ? {} : { value: 'polluted' }) }),
        );
        expect(status, `${op} ${path}`).to.be.below(500);
      }
      const bodies = [
        `{"op":"add","value":{${JSON.stringify(path)}:{"polluted":"yes"}}}`,
        `{"op":"add","value":{"name":{${JSON.stringify(path)}:{"polluted":"yes"}}}}`,
      ];
      for (const operation of bodies) {
        const body = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[${operation}]}`;
        expect((await tenant.scim('PATCH', `/Users/${id}`, body)).status, operation).to.be.below(500);
      }
      const find = await tenant.scim(
        'GET',
        `/Users?filter=${encodeURIComponent(`${path} eq "x"`)}&sortBy=${encodeURIComponent(path)}&attributes=${encodeURIComponent(path)}`,
      );
      expect(find.status, path).to.be.below(500);
    }
    expect(intrinsics.map((intrinsic) => Reflect.ownKeys(intrinsic))).to.deep.equal(before);
    expect(({} as Json).polluted).to.equal(undefined);
    expect(JSON.stringify((await tenant.scim('GET', `/Users/${id}`)).body)).to.not.include('polluted');
  });

  it('S13: a group without its members is read without reading members, alone and in lists', async () => {
    const { id } = await group(tenant, `Large ${unique()}`, [(await person(tenant)).id]);
    for (const path of [`/Groups/${id}`, '/Groups', '/Groups?filter=displayName%20pr']) {
      const sent = await sentWhile(() =>
        tenant.scim('GET', `${path}${path.includes('?') ? '&' : '?'}excludedAttributes=members`),
      );
      expect(
        sent.filter(({ text }) => /\bmembership\b/.test(text)),
        path,
      ).to.deep.equal([]);
    }
    const { status } = await tenant.scim(
      'PATCH',
      `/Groups/${id}`,
      patchOf({ op: 'replace', path: 'displayName', value: `Larger ${unique()}` }),
    );
    expect(status).to.equal(204);
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`G8: every field with arguments that the schema does not show ${role} is refused to them, wherever it is`, async () => {
      const shownTo = async (who: Role): Promise<GraphQLSchema> =>
        buildClientSchema(await data(tenant, getIntrospectionQuery({ oneOf: true }), undefined, who));
      const [whole, part] = [await shownTo('ADMIN'), await shownTo(role)];
      const shown = new Set(
        Object.values(part.getTypeMap())
          .filter(isObjectType)
          .flatMap((type) => Object.keys(type.getFields())),
      );
      const own = {
        userId: (await person(tenant)).id,
        groupId: (await group(tenant, unique())).id,
        clientId: tenant.clientId,
        requestId: 'x',
      };
      const suitable: Json = {
        ID: globalId('User', own.userId),
        UUID: own.clientId,
        DateTime: '2026-01-01T00:00:00Z',
        String: 'x',
      };
      const hidden = new Map(
        placesOf(whole)
          .filter(({ field }) => !shown.has(field.field.name))
          .map((place) => [place.field.name, place]),
      );
      expect([...hidden.keys()]).to.include.members([
        'createUser',
        'eraseUser',
        'provisioningLog',

        'support',
        'changes',
      ]);
      for (const [name, place] of hidden) {
        const variables = place.variables(suitable[place.scalar], own);
        const query = filledIn(documentOf(place, Object.keys(variables)), own);
        const { body } = await tenant.graphql(query, variables, { role });
        expect(new Set(codesOf(body)), `${name}: ${JSON.stringify(body)}`).to.deep.equal(new Set(['FORBIDDEN']));
      }
    });
  }
});

// docs/entra-id.md against the running service. `WRITE_DOCS=1 npx mocha test/contract/entraDoc.test.ts` writes what the
// service says into the document; the diff is the review.
import { expect } from 'chai';
import { MANAGER, MAPPINGS } from '../../src/simulator/scim/mapping.js';
import { data } from '../graphql/asking.js';
import { aScene } from '../scim/scene.js';
import { unique } from '../support/builders.js';
import { cli } from '../support/program.js';
import { theDatabase, theServer } from '../support/server.js';
import { type Json } from '../support/tenant.js';
import { type Block, blocks, mappingTables, rewrite } from './entraDocument.js';
import { SCENES } from './entraScenes.js';

/** The document's own values. */
const BASE = 'https://directory.speakup.example';
const CLIENT_ID = '01a200a3-5abc-7540-ae7d-6f8c2f1891a3';
const SECRET = 'sus_m9TlG9kborjpmk9VKhl93-pWFE3R_GjeIZ-ibhAlJWgM7GcOw';
const ENDS = '2028-11-22';
const COMMAND = 'npm run --silent cli -- ';

const places = [...blocks.entries()];
const of = (wanted: string): readonly [number, Block][] => places.filter(([, { language }]) => language === wanted);
const quoted = of('text').filter(([, { name }]) => name !== 'output');

describe('docs/entra-id.md', function () {
  this.timeout(60_000);
  const said = new Map<number, string>();
  const holds = (place: number, really: string) => {
    if (process.env.WRITE_DOCS) said.set(place, really);
    else expect(blocks[place]?.text.trimEnd()).to.equal(really);
  };

  before(() => theServer());
  after(() => {
    if (said.size > 0) rewrite(said);
  });

  it('quotes what a test makes the service say, and nothing else', () => {
    expect(quoted.map(([, { name }]) => name)).to.have.members(Object.keys(SCENES));
    expect(new Set(blocks.map(({ language }) => language))).to.deep.equal(new Set(['sh', 'text', 'graphql']));
  });

  for (const [place, { name }] of quoted) {
    it(`quotes the service word for word: ${name}`, async () => {
      holds(place, (await SCENES[name]?.()) ?? `There is no scene ${name}`);
    });
  }

  it('has commands that work, and print what it shows', async () => {
    const tenant = `doc-${unique()}`;
    const environment = { ...(await theDatabase()).environment, PUBLIC_URL: BASE };
    let clientId = '';
    for (const [place, { text }] of of('sh')) {
      const line = text.trim().replace('acme', tenant).replace(CLIENT_ID, clientId);
      expect(line.startsWith(COMMAND), line).to.equal(true);
      const { code, stdout, stderr } = await cli(wordsOf(line.slice(COMMAND.length)), environment);
      expect([line, code, stderr]).to.deep.equal([line, 0, '']);
      clientId = /Client ID +(\S+)/.exec(stdout)?.[1] ?? clientId;
      expect(blocks[place + 1]?.name).to.equal('output');
      holds(place + 1, asInDocument(stdout.trimEnd(), tenant));
    }
    expect(of('sh')).to.have.length(4);
  });

  for (const [place, { text }] of of('graphql')) {
    const [name = ''] = /\b\w+(?=\(| \{|$)/m.exec(text.replace(/^(mutation )?\{\s*/, '')) ?? [];
    it(`has GraphQL that works: ${name} (${place})`, async () => {
      const scene = await aScene();
      const { createUser } = await data(
        scene,
        'mutation { createUser(input: { userName: "b@acme.example", protected: true }) { user { id } } }',
      );
      if (text.includes('releaseFromManagement'))
        await data(scene, 'mutation { setProvisioningEnabled(input: { enabled: false }) { __typename } }');
      const asked = text.replace(CLIENT_ID, scene.clientId).replace('ID-OF-THE-PERSON', createUser.user.id as string);
      const [answered] = Object.values<Json>(await data(scene, asked));
      expect(answered, 'an answer').to.not.equal(null);
      expect(answered.userErrors ?? []).to.deep.equal([]);
    });
  }

  describe('in its attribute mapping', () => {
    const [people = [], groups = []] = mappingTables();

    it('has every attribute of Entra’s default mapping and of SpeakUp’s guide, once', () => {
      const targets = people.map(({ target }) => target);
      expect(targets).to.have.members([...MAPPINGS.map(({ path }) => path), MANAGER]);
      expect(people.filter(({ advice }) => advice.includes('matching'))).to.have.length(1);
      expect(groups.map(({ source, target }) => [source, target])).to.deep.equal([
        ['displayName', 'displayName'],
        ['objectId', 'externalId'],
        ['members', 'members'],
      ]);
    });

    it('has no attribute that the service does not store', async () => {
      const scene = await aScene();
      const [{ id }, manager] = [await scene.person(), await scene.person()];
      const special: Readonly<Record<string, unknown>> = {
        active: 'True',
        userName: `u-${unique()}@fabriek.example`,
        'emails[type eq "work"].value': `m-${unique()}@fabriek.example`,
        [MANAGER]: manager.id,
      };
      for (const { target } of people) {
        const { status } = await scene.patch(`/Users/${id}`, {
          op: 'Add',
          path: target,
          value: special[target] ?? 'x',
        });
        const found = await scene.find('/Users', `id eq "${id}" and ${target} pr`);
        expect([target, status, found.totalResults]).to.deep.equal([target, 200, 1]);
      }
      const { provisioningLog } = await data(scene, '{ provisioningLog { nodes { ignoredAttributes } } }');
      for (const { ignoredAttributes } of provisioningLog.nodes as Json[]) expect(ignoredAttributes).to.deep.equal([]);
    });
  });
});

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, inQuotes, bare]) => inQuotes ?? bare ?? '');

/** What differs each time, as the document has it. */
const asInDocument = (text: string, tenant: string): string =>
  text
    .replaceAll(tenant, 'acme')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, CLIENT_ID)
    .replace(/sus_[\w-]+/g, SECRET)
    .replace(/\d{4}-\d{2}-\d{2}/g, ENDS);

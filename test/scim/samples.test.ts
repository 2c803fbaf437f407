import { expect } from 'chai';
import { type Json } from '../support/tenant.js';
import { resultsOf } from './bulkRequest.js';
import {
  type BulkSample,
  type ExchangeSample,
  type FilterSample,
  type ResourceSample,
  type SchemaSample,
  samples,
  setScene,
  without,
} from './sampleFiles.js';
import { aScene } from './scene.js';

const newScene = () => aScene({ compatibility: 'RFC' });

describe('the examples of the RFCs', function () {
  this.timeout(60_000);
  for (const [name, sample] of samples()) {
    switch (sample.kind) {
      case 'resource':
        it(`creates and reads ${name}`, () => createsAndReads(sample));
        break;
      case 'filters':
        describe(`in ${name}`, () => findsEach(sample));
        break;
      case 'exchange':
        it(`does as ${name} says`, () => doesAs(sample));
        break;
      case 'bulk':
        it(`answers the Bulk request of ${name}`, () => answersBulk(sample));
        break;
      case 'schema':
        it(`publishes the attributes of ${name}, each with its characteristics`, () => publishes(sample));
    }
  }
});

async function createsAndReads({ given = {}, endpoint, resource, differences }: ResourceSample): Promise<void> {
  const scene = await newScene();
  const ours = await setScene(scene, given);
  const created = await scene.scim('POST', endpoint, ours(resource));
  expect(created.status, JSON.stringify(created.body)).to.equal(201);
  const read = await scene.get(`${endpoint}/${created.body.id}`);
  expect(read).to.deep.equal(created.body);
  expect(read.id).to.not.equal(resource.id);
  expect(read.meta).to.have.all.keys('resourceType', 'created', 'lastModified', 'location', 'version');
  const expected = without(ours(resource), 'id', 'meta');
  for (const { attribute, part, answer } of differences) {
    if (answer === undefined) delete expected[attribute];
    else if (part === undefined) expected[attribute] = ours(answer);
    else expected[attribute] = { ...(expected[attribute] as object), [part]: ours(answer) };
  }
  expect(without(read, 'id', 'meta')).to.deep.equal(expected);
}

function findsEach({ given, endpoint, filters }: FilterSample): void {
  let scene: Awaited<ReturnType<typeof newScene>>;
  before(async () => {
    scene = await newScene();
    await setScene(scene, given);
  });
  for (const { filter, finds, refused } of filters) {
    it(refused === undefined ? `finds by ${filter}` : `refuses ${filter}`, async () => {
      const answer = await scene.scim('GET', `${endpoint}?filter=${encodeURIComponent(filter)}`);
      if (refused !== undefined) {
        expect(answer.status).to.equal(400);
        expect(answer.body.scimType).to.equal(refused);
        return;
      }
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
      const found = answer.body.Resources as readonly Json[];
      expect(found.map(({ userName }) => userName)).to.have.members([...(finds ?? [])]);
    });
  }
}

async function doesAs({ given, request, status, error, after }: ExchangeSample): Promise<void> {
  const scene = await newScene();
  const ours = await setScene(scene, given);
  const { method, path, body } = ours(request);
  const answer = await scene.scim(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
  if (error) {
    // The words of `detail` are ours.
    expect(without(answer.body, 'detail')).to.deep.equal(without(error, 'detail'));
    expect(answer.body.detail).to.be.a('string').and.not.equal('');
  }
  if (!after) return;
  const read = await scene.get(path);
  expect(without(read, 'id', 'meta')).to.deep.equal(ours(after));
  if (!error && answer.body !== undefined) expect(answer.body).to.deep.equal(read);
}

async function answersBulk({ given, request, results, after = {} }: BulkSample): Promise<void> {
  const scene = await newScene();
  const ours = await setScene(scene, given);
  const answered = resultsOf(await scene.scim('POST', '/Bulk', ours(request)));
  let expected = JSON.stringify(ours({ results, after }));
  // What the RFC calls by its ids has got ours by now.
  for (const [index, { location, method }] of results.entries()) {
    if (typeof location === 'string' && method === 'POST')
      expected = expected.replaceAll(location.slice(-36), String(answered[index].location).slice(-36));
  }
  const named = JSON.parse(expected) as { results: readonly Json[]; after: Readonly<Record<string, Json>> };
  expect(answered.map(unworded)).to.deep.equal(named.results.map(unworded));
  for (const [path, resource] of Object.entries(named.after)) {
    const { status, body } = await scene.scim('GET', path);
    if (resource === null) expect(status).to.equal(404);
    else expect(without(body, 'id', 'meta')).to.deep.equal(resource);
  }
}

/** A result without the words of its detail, which are ours, and without its version, but for that there is one. */
const unworded = (result: Json): Json => ({
  ...result,
  ...('version' in result ? { version: /^W\/".+"$/.test(String(result.version)) } : {}),
  ...('response' in result ? { response: without(result.response, 'detail') } : {}),
});

/** What an attribute of the document says, with the defaults of RFC 7643 section 2.2. */
function characteristics(attribute: Json): Record<string, unknown> {
  const { canonicalValues, referenceTypes, ...named } = attribute;
  const values = referenceTypes ?? canonicalValues ?? [];
  return { caseExact: false, uniqueness: 'none', ...named, values };
}

function allAttributes(attributes: readonly Json[], parent = ''): Map<string, Record<string, unknown>> {
  const entries = attributes.flatMap((attribute): [string, Record<string, unknown>][] => {
    const name = `${parent}${attribute.name}`;
    return [[name, characteristics(attribute)], ...allAttributes(attribute.subAttributes ?? [], `${name}.`)];
  });
  return new Map(entries);
}

async function publishes({ id, columns, attributes, differences }: SchemaSample): Promise<void> {
  const scene = await newScene();
  const ours = allAttributes((await scene.get(`/Schemas/${id}`)).attributes);
  const theirs = new Map(attributes.map((row) => [String(row[0]), row]));
  const found = [...theirs].flatMap(([name, row]) => {
    const published = ours.get(name);
    if (!published) return [`${name} missing`];
    const differing = columns.filter((column, at) => at > 0 && !same(published[column], row[at] ?? []));
    return differing.map((column) => `${name} ${column}`);
  });
  const added = [...ours.keys()].filter((name) => !theirs.has(name)).map((name) => `${name} added`);
  expect([...found, ...added]).to.have.members(Object.keys(differences));
  expect(Object.values(differences).every((why) => why !== '')).to.equal(true);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

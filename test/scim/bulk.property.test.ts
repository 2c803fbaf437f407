// Random references between operations, against what RFC 7644 sections 3.7.1 to 3.7.3 say of such a graph.
import { expect } from 'chai';
import fc from 'fast-check';
import { aGroup, aUser, each, ENTERPRISE_USER } from '../support/builders.js';
import { runsOf, SEED } from '../support/property.js';
import { type Json } from '../support/tenant.js';
import { bulk, madeBy, post } from './bulkRequest.js';
import { aScene, type Scene } from './scene.js';

/** Creates a person, or a group, that refers to people by their place in the request. */
interface Node {
  readonly kind: 'User' | 'Group';
  readonly refersTo: readonly number[];
  /** Without a name, so that it fails by itself. */
  readonly bad: boolean;
}

const graphs = fc
  .array(fc.record({ person: fc.boolean(), towards: fc.array(fc.nat(), { maxLength: 4 }), badness: fc.nat(5) }), {
    minLength: 1,
    maxLength: 9,
  })
  .map((drawn) => {
    const people = drawn.flatMap(({ person }, index) => (person ? [index] : []));
    return drawn.map(({ person, towards, badness }): Node => {
      const chosen = people.length === 0 ? [] : towards.map((one) => people[one % people.length] ?? 0);
      const refersTo = [...new Set(person ? chosen.slice(0, 1) : chosen)];
      return { kind: person ? 'User' : 'Group', refersTo, bad: badness === 0 };
    });
  });

/** By the definition: conflict where a circle or a failure is referred to, at whatever distance. */
function expectedStatus(graph: readonly Node[], at: number, path: readonly number[] = []): string {
  const { refersTo, bad } = graph[at] ?? { refersTo: [], bad: true };
  if (path.includes(at)) return '409';
  if (refersTo.some((other) => expectedStatus(graph, other, [...path, at]) !== '201')) return '409';
  return bad ? '400' : '201';
}

function operationOf({ kind, refersTo, bad }: Node, index: number) {
  const values = refersTo.map((other) => ({ value: `bulkId:n${other}` }));
  const [manager] = values;
  if (kind === 'Group')
    return post(`n${index}`, '/Groups', aGroup({ members: values, ...(bad ? { displayName: '' } : {}) }));
  const under = manager ? { [ENTERPRISE_USER]: { manager } } : {};
  return post(`n${index}`, '/Users', aUser({ ...under, ...(bad ? { userName: '' } : {}) }));
}

describe(`random Bulk requests (seed ${SEED})`, function () {
  this.timeout(600_000);
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const expectReferences = async (graph: readonly Node[], results: readonly Json[]): Promise<void> => {
    for (const [index, { kind, refersTo }] of graph.entries()) {
      if (results[index].status !== '201') continue;
      const made = await scene.get(`/${kind}s/${madeBy(results[index])}`);
      const manager: unknown = made[ENTERPRISE_USER]?.manager?.value;
      const found = kind === 'Group' ? each(made.members ?? [], 'value') : manager === undefined ? [] : [manager];
      expect(found).to.have.members(refersTo.map((other) => madeBy(results[other])));
    }
  };

  it('end as their references say, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const results = await bulk(scene, graph.map(operationOf));
        expect(results.map(({ bulkId }) => bulkId as string)).to.deep.equal(graph.map((_, index) => `n${index}`));
        expect(results.map(({ status }) => status as string)).to.deep.equal(
          graph.map((_, index) => expectedStatus(graph, index)),
        );
        await expectReferences(graph, results);
      }),
      { numRuns: runsOf({ usual: 60, deep: 1000 }), seed: SEED },
    );
  });

  it('stop after so many errors, and not before', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), async (graph, failOnErrors) => {
        const results = await bulk(scene, graph.map(operationOf), { failOnErrors });
        const failures = results.filter(({ status }) => status !== '201');
        expect(failures.length).to.be.at.most(failOnErrors);
        if (failures.length < failOnErrors) expect(results).to.have.length(graph.length);
        for (const { bulkId, status } of results) {
          expect(status).to.equal(expectedStatus(graph, Number(String(bulkId).slice(1))));
        }
      }),
      { numRuns: runsOf({ usual: 60, deep: 1000 }), seed: SEED },
    );
  });

  it('are done in the order given where nothing has to wait', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const backwards = graph.map((node, index) => ({
          ...node,
          refersTo: node.refersTo.filter((other) => other < index),
        }));
        const results = await bulk(scene, backwards.map(operationOf));
        // Ids are UUIDs of version 7: in order of creation.
        const made = results.filter(({ status }) => status === '201').map(madeBy);
        expect(made).to.deep.equal([...made].sort());
      }),
      { numRuns: runsOf({ usual: 40, deep: 500 }), seed: SEED },
    );
  });
});

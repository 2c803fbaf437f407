import { expect } from 'chai';
import { expectFound, expectProjected } from './conformanceReads.js';
import { expectSorted } from './conformanceSorting.js';
import { expectUnchangeable, expectUnique, expectWritable } from './conformanceWrites.js';
import { documentsToCome, leafOf, nameOf, type Subject, subjectsOf } from './publishedAttributes.js';
import { aScene, type Scene } from './scene.js';

describe('what /Schemas says of an attribute is so', function () {
  this.timeout(60_000);
  let scene: Scene;
  let published: readonly Subject[];
  before(async () => {
    scene = await aScene({ compatibility: 'RFC' });
    published = subjectsOf((await scene.get('/Schemas')).Resources);
  });

  const sentence = (subject: Subject) => `${subject.endpoint.slice(1, -1)} ${nameOf(subject)}`;

  for (const { endpoint, schema, attribute, sub } of subjectsOf(documentsToCome())) {
    const title = sentence({ endpoint, schema, attribute, sub });
    it(`${title} is written, found, sorted, shown and hidden as published`, async () => {
      const subject = published.find((one) => sentence(one) === title);
      if (!subject) throw new Error(`${title} is not published`);
      await expectConformance(scene, subject);
    });
  }

  it('publishes the attributes that were looked at, and no other', () => {
    expect(published.map(sentence)).to.deep.equal(subjectsOf(documentsToCome()).map(sentence));
  });
});

async function expectConformance(scene: Scene, subject: Subject): Promise<void> {
  const { mutability, uniqueness } = leafOf(subject);
  expect(mutability).to.be.oneOf(['readWrite', 'readOnly', 'immutable']);
  await Promise.all([
    mutability === 'readWrite' ? expectWritable(scene, subject) : expectUnchangeable(scene, subject),
    ...(mutability === 'readWrite' && uniqueness === 'server' ? [expectUnique(scene, subject)] : []),
    expectFound(scene, subject),
    expectProjected(scene, subject),
    expectSorted(scene, subject),
  ]);
}

import { expect } from 'chai';
import { idsInOrder } from '../../src/directory/id.js';

describe('an id', () => {
  const newId = idsInOrder();

  it('is a UUID of version 7 that tells its moment', () => {
    const now = new Date(Date.now() + 1000);
    const id = newId(now);
    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).to.equal(now.getTime());
  });

  it('is greater than every one before it, in the same moment and when the clock goes back', () => {
    const now = new Date(Date.now() + 2000);
    const ids = Array.from({ length: 20_000 }, (_, index) => newId(index === 10_000 ? new Date(0) : now));
    expect([...ids].sort()).to.deep.equal(ids);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});

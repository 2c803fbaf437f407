import { expect } from 'chai';
import { greatestT, TELLS, welchT } from './welch.js';

describe('Welch’s t', () => {
  it('is the difference of the means in standard errors', () => {
    // Means 3 and 6, variances 2.5 and 10: -3 / sqrt(2.5 / 5 + 10 / 5).
    expect(welchT([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])).to.be.closeTo(-1.897367, 1e-6);
    expect(welchT([1, 2], [1, 2])).to.equal(0);
  });

  it('finds a difference that rare long delays would hide', () => {
    const sample = (shift: number) => Array.from({ length: 1000 }, (_, n) => (n % 100 === 0 ? 5000 : (n % 7) + shift));
    expect(Math.abs(welchT(sample(0), sample(1)))).to.be.below(1);
    expect(Math.abs(greatestT(sample(0), sample(1)))).to.be.above(TELLS);
    expect(Math.abs(greatestT(sample(0), sample(0)))).to.equal(0);
  });
});

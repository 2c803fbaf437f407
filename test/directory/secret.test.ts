import { expect } from 'chai';
import { hashSecret, looksLikeSecret, makeSecret, matchesSecret } from '../../src/directory/integration/secret.js';

describe('a client secret', () => {
  it('is 256 random bits behind a prefix, with a checksum for scanners', () => {
    const secret = makeSecret();
    expect(secret).to.match(/^sus_[\w-]{49}$/);
    expect(makeSecret()).to.not.equal(secret);
    expect(looksLikeSecret(secret)).to.equal(true);
    expect(looksLikeSecret(secret.replace(/.$/, (last) => (last === 'A' ? 'w' : 'A')))).to.equal(false);
  });

  it('matches its own hash, among others', () => {
    const secret = makeSecret();
    const hashes = [hashSecret(makeSecret()), hashSecret(secret)];
    expect(matchesSecret([secret], hashes)).to.equal(true);
    expect(matchesSecret([secret, 'x'], [...hashes].reverse())).to.equal(true);
    expect(matchesSecret(['x', secret], hashes)).to.equal(true);
    expect(matchesSecret(['x'], hashes)).to.equal(false);
    expect(matchesSecret([secret], [])).to.equal(false);
  });
});

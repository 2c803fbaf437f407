import { expect } from 'chai';
import { hashSecret, looksLikeSecret, makeSecret, matchingHash } from '../../src/directory/integration/secret.js';

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
    const [other, own] = [makeSecret(), secret].map((each) => hashSecret(each).toString('hex'));
    const hashes = [other ?? '', own ?? ''];
    expect(matchingHash([secret], hashes)).to.equal(own);
    expect(matchingHash([secret, 'x'], [...hashes].reverse())).to.equal(own);
    expect(matchingHash(['x', secret], hashes)).to.equal(own);
    expect(matchingHash(['x'], hashes)).to.equal(undefined);
    expect(matchingHash([secret], [])).to.equal(undefined);
  });
});

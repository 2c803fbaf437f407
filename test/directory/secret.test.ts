import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSecret, looksLikeSecret, makeSecret, matchingHash } from '../../src/directory/integration/secret.js';
import { projectRoot } from '../../src/projectRoot.js';

describe('a client secret', () => {
  it('is 256 random bits behind a prefix, with a checksum for scanners', () => {
    const secret = makeSecret();
    expect(secret).to.match(/^sus_[\w-]{49}$/);
    expect(makeSecret()).to.not.equal(secret);
    expect(looksLikeSecret(secret)).to.equal(true);
    expect(looksLikeSecret(secret.replace(/.$/, (last) => (last === 'A' ? 'w' : 'A')))).to.equal(false);
  });

  it('keeps the format that scanners were told, docs/token-endpoint.md', () => {
    const documented = 'sus_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADCtZhg';
    expect(readFileSync(join(projectRoot(), 'docs', 'token-endpoint.md'), 'utf8')).to.include(documented);
    expect(looksLikeSecret(documented)).to.equal(true);
    for (const other of [
      `${documented}A`,
      documented.slice(1),
      documented.replace('sus_', 'sk_'),
      ` ${documented}`,
      '',
    ]) {
      expect(looksLikeSecret(other), other).to.equal(false);
    }
    const scanner = /(?<![A-Za-z0-9_-])sus_[A-Za-z0-9_-]{49}(?![A-Za-z0-9_-])/g;
    const secrets = Array.from({ length: 100 }, makeSecret);
    const found = `client_secret=${secrets.join('&x="')}"`.match(scanner);
    expect(found).to.deep.equal(secrets);
    expect(secrets.every(looksLikeSecret)).to.equal(true);
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

import { expect } from 'chai';
import { newId } from '../../src/directory/id.js';
import { hashSecret, looksLikeSecret, makeSecret, matchesSecret } from '../../src/directory/integration/secret.js';
import { isSlug } from '../../src/directory/tenant/tenants.js';

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
    expect(matchesSecret(['x', secret], hashes)).to.equal(true);
    expect(matchesSecret(['x'], hashes)).to.equal(false);
    expect(matchesSecret([secret], [])).to.equal(false);
  });
});

describe('an id', () => {
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

describe('the name of a tenant', () => {
  it('is short, in lower case, and has no hyphen at its ends', () => {
    for (const slug of ['acme', 'a1', 'acme-2', 'x'.repeat(63)]) expect(isSlug(slug), slug).to.equal(true);
    for (const slug of ['a', 'Acme', '-acme', 'acme-', 'ac me', 'ac_me', 'ácme', '', 'x'.repeat(64), 'acme\n']) {
      expect(isSlug(slug), slug).to.equal(false);
    }
  });
});

import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecentCache } from '../../src/operation/recentCache.js';

/** A question that is answered by hand. */
function asked() {
  const open: { readonly key: string; answer(value: string): void; fail(error: Error): void }[] = [];
  const load = (key: string) =>
    new Promise<string>((answer, fail) => {
      open.push({ key, answer, fail });
    });
  return { open, load };
}

const settings = { limit: 3, maxAgeMs: () => 60, patienceMs: 60 };

describe('what is remembered of who may come in', () => {
  it('is asked for once by all who come at the same time, and again when it is too old', async () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    const first = [cache.get('a'), cache.get('a')];
    open[0]?.answer('one');
    expect(await Promise.all([...first, cache.get('a')])).to.deep.equal(['one', 'one', 'one']);
    expect(open).to.have.lengthOf(1);
    await sleep(70);
    const later = cache.get('a');
    open[1]?.answer('two');
    expect(await later).to.equal('two');
  });

  it('T6: is asked for again when it changed, also while the question was under way', async () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    const before = cache.get('a');
    cache.forget('a');
    const after = cache.get('a');
    open[1]?.answer('after');
    open[0]?.answer('before');
    expect([await before, await after, await cache.get('a')]).to.deep.equal(['before', 'after', 'after']);
    expect(open).to.have.lengthOf(2);
  });

  it('T6: is forgotten by what was answered, and wherever no answer tells yet', async () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    const all = ['a', 'b', 'c'].map((key) => cache.get(key));
    open[0]?.answer('acme');
    open[1]?.answer('other');
    await Promise.all(all.slice(0, 2));
    cache.forgetWhere((_, value) => value === 'acme');
    void ['a', 'b', 'c'].map((key) => cache.get(key));
    expect(open.map(({ key }) => key)).to.deep.equal(['a', 'b', 'c', 'a', 'c']);
  });

  it('T6: is not believed when the answer took too long', async () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    const late = cache.get('a').catch((error: Error) => error);
    await sleep(70);
    open[0]?.answer('ACTIVE');
    expect(await late).to.include({ kind: 'unavailable' });
    void cache.get('a');
    expect(open).to.have.lengthOf(2);
  });

  it('T6: is never kept where the question failed', async () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    const failed = cache.get('a').catch((error: Error) => error.message);
    open[0]?.fail(new Error('away'));
    expect(await failed).to.equal('away');
    void cache.get('a');
    expect(open).to.have.lengthOf(2);
  });

  it('is bounded: the one asked for longest ago goes', () => {
    const { open, load } = asked();
    const cache = createRecentCache(settings, load);
    for (const key of ['a', 'b', 'c', 'd', 'b', 'c', 'd', 'a']) void cache.get(key);
    expect(open.map(({ key }) => key)).to.deep.equal(['a', 'b', 'c', 'd', 'a']);
  });
});

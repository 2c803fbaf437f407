// Locks that end with their holder.
import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acquireLock, tryAcquireLock } from '../../src/database/processLock.js';
import { aFolder, cleanUp, modeOf, rejection, run } from './embeddedSubject.js';

describe('locks between processes', () => {
  afterEach(cleanUp);

  it('lets many share, and one alone exclude', async () => {
    const file = join(aFolder(), 'lock');
    const first = await acquireLock(file, 'shared', { waitMs: 0 });
    const second = await acquireLock(file, 'shared', { waitMs: 0 });
    first.release();
    expect(tryAcquireLock(file, 'exclusive')).to.equal(undefined);
    second.release();
    const alone = await acquireLock(file, 'exclusive', { waitMs: 0 });
    expect(tryAcquireLock(file, 'shared')).to.equal(undefined);
    expect(tryAcquireLock(file, 'exclusive')).to.equal(undefined);
    expect(readdirSync(dirname(file))).to.deep.equal(['lock']);
    alone.release();
    expect(modeOf(file)).to.equal(0o600);
  });

  it('waits for its turn, and says which file it waited for in vain', async () => {
    const file = join(aFolder(), 'lock');
    const first = await acquireLock(file, 'exclusive', { waitMs: 0 });
    const waiting = acquireLock(file, 'exclusive', { waitMs: 5000 });
    await rejection(acquireLock(file, 'shared', { waitMs: 60 }), file);
    first.release();
    (await waiting).release();
  });

  it('lets go when the holder is killed, not when its garbage is collected, and prints no warning', async () => {
    const file = join(aFolder(), 'lock');
    const script = `import { acquireLock } from './src/database/processLock.ts';
      await acquireLock(process.argv[1], 'exclusive', { waitMs: 0 });
      for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 10)).then(globalThis.gc);
      console.log('{}'); process.stdin.resume();`;
    const holder = await run(script, file);
    expect(tryAcquireLock(file, 'shared')).to.equal(undefined);
    await holder.kill();
    tryAcquireLock(file, 'exclusive')!.release();
    expect(holder.errors()).to.equal('');
  });
});

import { expect } from 'chai';
import pino from 'pino';
import { logOptions } from '../../src/operation/logging.js';
import { noteEarlyRefusals } from '../../src/operation/earlyRefusals.js';
import { setTimeout as sleep } from 'node:timers/promises';

describe('requests that were refused in front of everything', () => {
  it('are told in the log: one line of each tenant for many, and what was counted when it stops', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = pino(logOptions('info'), { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
    const { note, stop } = noteEarlyRefusals(log, 50);
    for (const tenant of ['a', 'a', 'b', 'a']) note(tenant);
    expect(lines).to.deep.equal([]);
    await sleep(120);
    const told = () => lines.splice(0).map(({ tenantId, counted }) => [tenantId, counted]);
    expect(told()).to.deep.equal([
      ['a', 3],
      ['b', 1],
    ]);
    note('b');
    stop();
    expect(told()).to.deep.equal([['b', 1]]);
    await sleep(120);
    expect(lines).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { phaseInWords } from '../../src/cli/simulate/progress.js';
import { duration, share, speed } from '../../src/cli/simulate/options.js';
import { niceTop } from '../../src/simulator/report/charts.js';
import { html } from '../../src/simulator/report/html.js';
import { assertAllowed, bounded } from '../../src/simulator/wire/bounds.js';
import { type Transport } from '../../src/simulator/wire/exchange.js';

const answered: Transport = {
  send: () => Promise.resolve({ status: 200, headers: {}, body: '' }),
  close: () => undefined,
};
const request = { method: 'GET', url: 'http://127.0.0.1/', headers: {} } as const;

/** What a promise is rejected with. */
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );

describe('the bounds of a simulation', () => {
  const isAllowed = (url: string, ...allowHosts: string[]): boolean => {
    try {
      assertAllowed(url, { allowHosts });
      return true;
    } catch {
      return false;
    }
  };

  it('are this machine, however it is spelled', () => {
    const here = [
      'http://localhost:3000',
      'http://127.0.0.1/scim/v2',
      'https://127.8.9.10',
      'http://[::1]:1/x',
      'http://0x7f.1/',
    ];
    const elsewhere = [
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://10.0.0.1',
      'http://[::2]',
      'http://0.0.0.0',
    ];
    const nothing = ['ftp://127.0.0.1', 'file:///etc/passwd', '127.0.0.1:3000', ''];
    expect(here.filter((url) => !isAllowed(url))).to.deep.equal([]);
    expect([...elsewhere, ...nothing].filter((url) => isAllowed(url))).to.deep.equal([]);
  });

  it('are wider by the hosts that were named, exactly', () => {
    expect(isAllowed('https://directory.example/scim/v2', 'directory.example')).to.equal(true);
    expect(isAllowed('https://other.directory.example/scim/v2', 'directory.example')).to.equal(false);
  });

  it('are so many requests, so long, and until somebody interrupts', async () => {
    const few = bounded(answered, { allowHosts: [], maxRequests: 2 });
    await few.send(request);
    await few.send(request);
    expect(await refusal(few.send(request))).to.equal('the limit of 2 requests was reached');
    const short = bounded(answered, { allowHosts: [], maxSeconds: 0 });
    expect(await refusal(short.send(request))).to.equal('the limit of 0 seconds was reached');
    const interrupted = bounded(answered, { allowHosts: [], signal: AbortSignal.abort() });
    expect(await refusal(interrupted.send(request))).to.equal('it was interrupted');
  });
});

describe('what a simulation is told and tells', () => {
  it('reads shares, lengths of time and speeds', () => {
    expect(['1%', '0.2 %', '0.03', '100%', '0'].map(share)).to.deep.equal([0.01, 0.002, 0.03, 1, 0]);
    expect(['90s', '40m', '6h', '1.5d'].map(duration)).to.deep.equal([90, 2400, 21_600, 129_600]);
    expect(speed('40m=2s')).to.deep.equal({ interval: 40, seconds: 2 });
    for (const wrong of ['101%', '-1%', 'x', '']) expect(() => share(wrong), wrong).to.throw();
    for (const wrong of ['40', '0m', '5y', '40m=2']) expect(() => speed(`${wrong}=2s`), wrong).to.throw();
  });

  it('says how far a phase is, how fast, how long it takes yet, and what failed', () => {
    const phase = { name: 'people', objects: 5000, started: 0, done: 1198, failed: 2 };
    expect(phaseInWords(phase, 4000)).to.equal('people 1200/5000, 300/s, 13 s left, 2 failed');
    expect(phaseInWords({ ...phase, done: 5000, failed: 0 }, 4000)).to.equal('people 5000/5000, 1250/s');
  });

  it('escapes what stands in the page, and rounds the axis up', () => {
    const { text } = html`<b title="${'"'}">${['<script>', html`<i>${'&'}</i>`]}</b>`;
    expect(text).to.equal('<b title="&#34;">&#60;script&#62;<i>&#38;</i></b>');
    expect([0.3, 1, 1.1, 24, 51, 700].map(niceTop)).to.deep.equal([0.5, 1, 2, 50, 100, 1000]);
  });
});

import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from 'jose';
import { issuerKeys, type KeyLimits } from '../../src/access/issuerKeys.js';
import { createLog } from '../../src/operation/logging.js';
import { Refusal } from '../../src/refusal.js';
import { send } from '../support/tenant.js';
import { attacker } from './jwt/campaign.js';
import { externalScene } from './jwt/externalScene.js';
import { reissued } from './jwt/forge.js';
import { anIssuer, type TestIssuer } from './jwt/issuer.js';

describe('the keys of an issuer', () => {
  let issuer: TestIssuer;
  beforeEach(async () => void (issuer = await anIssuer('ES256', 'first')));
  afterEach(() => issuer.close());

  const keysWith = (limits: Partial<KeyLimits> = {}, path = '/keys') => {
    const keys = issuerKeys(new URL(path, issuer.url), createLog('silent'), limits);
    const header = (kid: string) => ({ alg: 'ES256', kid });
    /** What looking a kid up comes to. */
    return async (kid: string): Promise<'found' | 'unknown' | 'unavailable'> => {
      try {
        await keys.find(header(kid), { payload: '', signature: '' });
        return 'found';
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) return 'unknown';
        if (error instanceof Refusal && error.kind === 'unavailable') return 'unavailable';
        throw error;
      }
    };
  };

  it('J4: are fetched once for a thousand tokens of random kids at once, and no kid of an odd form at all', async () => {
    const find = keysWith();
    expect(await find('../../etc/passwd?')).to.equal('unknown');
    expect(issuer.fetches()).to.equal(0);
    const found = await Promise.all(Array.from({ length: 1000 }, () => find(randomUUID())));
    expect(new Set(found)).to.deep.equal(new Set(['unknown']));
    expect(await find('first')).to.equal('found');
    expect(issuer.fetches()).to.equal(1);
  });

  it('J4: are fetched again for an unknown kid, never more often than the limit, however long the flood', async () => {
    const find = keysWith({ attemptEveryMs: 300 });
    const start = performance.now();
    while (performance.now() - start < 1000) await Promise.all(Array.from({ length: 50 }, () => find(randomUUID())));
    expect(issuer.fetches()).to.be.within(3, 4);
  });

  it('J10: follow a rotation by themselves', async () => {
    const find = keysWith({ attemptEveryMs: 100 });
    expect(await find('second')).to.equal('unknown');
    const next = await anIssuer('ES256', 'second');
    const both = [issuer, next].map(({ publicKey, kid }) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
    await next.close();
    issuer.answerWith((_, response) => void response.end(JSON.stringify({ keys: both })));
    await sleep(110);
    expect([await find('second'), await find('first')]).to.deep.equal(['found', 'found']);
  });

  it('J4: serve on through an outage, and not for ever', async () => {
    const find = keysWith({ attemptEveryMs: 50, reloadAfterMs: 50, keepMs: 700 });
    expect(await find('first')).to.equal('found');
    issuer.answerWith((_, response) => void response.writeHead(503).end());
    const start = performance.now();
    while (performance.now() - start < 500) {
      expect(await find('first')).to.equal('found');
      expect(await find('nobody')).to.equal('unknown');
      await sleep(20);
    }
    expect(issuer.fetches()).to.be.within(5, 12);
    await sleep(300);
    expect(await find('first')).to.equal('unavailable');
    issuer.answerWith();
    await sleep(60);
    expect(await find('first')).to.equal('found');
  });

  it('J4: are left in peace while the issuer fails from the beginning', async () => {
    issuer.answerWith((_, response) => void response.writeHead(500).end());
    const find = keysWith();
    const found = await Promise.all(Array.from({ length: 200 }, () => find('first')));
    for (let n = 0; n < 200; n += 1) found.push(await find('first'));
    expect(new Set(found)).to.deep.equal(new Set(['unavailable']));
    expect(issuer.fetches()).to.equal(1);
  });

  it('J5: come from the configured address only: no redirect is followed', async () => {
    const elsewhere = await attacker();
    for (const status of [301, 302, 303, 307, 308]) {
      issuer.answerWith((_, response) => void response.writeHead(status, { Location: elsewhere.url }).end());
      expect(await keysWith()('attacker')).to.equal('unavailable');
    }
    expect(elsewhere.connections()).to.equal(0);
    await elsewhere.close();
  });

  it('J4: are not waited for longer than the limit, nor read beyond a length', async () => {
    issuer.answerWith(() => undefined);
    const start = performance.now();
    expect(await keysWith({ timeoutMs: 200 })('first')).to.equal('unavailable');
    expect(performance.now() - start).to.be.below(2000);
    issuer.answerWith((_, response) => void response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`));
    expect(await keysWith()('first')).to.equal('unavailable');
    for (const text of ['', 'null', '[]', '{"keys":1}', '<html>', '{"keys":[1]}']) {
      issuer.answerWith((_, response) => void response.end(text));
      expect(await keysWith()('first'), text).to.be.oneOf(['unavailable', 'unknown']);
    }
  });
});

describe('a token whose issuer cannot be reached', function () {
  this.timeout(60_000);
  it('is answered with 503 and Retry-After, since nobody can say that it is bad', async () => {
    const { cognito, honest, server, close } = await externalScene();
    cognito.answerWith((request) => void request.socket.destroy());
    const headers = { Authorization: `Bearer ${reissued(honest.cognitoApp())}` };
    const answer = await send(`${server.url}/scim/v2/Users`, 'GET', undefined, headers);
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '30']);
    await close();
  });
});

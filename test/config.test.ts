import { expect } from 'chai';
import { ConfigError, readConfig, type Environment } from '../src/config.js';
import { publicUrlOf } from '../src/publicUrl.js';

const mistakesIn = (environment: Environment): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(readConfig({})).to.deep.equal({
      port: 3000,
      host: '127.0.0.1',
      dataDir: './.data',
      databaseUrl: undefined,
      publicUrl: undefined,
      masterKey: undefined,
      masterKeyFile: undefined,
      metricsPort: undefined,
      trustedIssuersFile: undefined,
      logLevel: 'info',
      workers: 1,
      poolSize: 10,
      shutdownSeconds: 10,
      graphqlBudget: 10_000_000,
      trustedProxies: 0,
      tokenFailures: 20,
      provisioningLogDays: 30,
      admission: true,
    });
  });

  it('are absent when they are empty, as composed containers leave them', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', PUBLIC_URL: '' })).to.deep.equal(readConfig({}));
  });

  it('are read as what they are', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const config = readConfig({
      PORT: '0',
      PUBLIC_URL: 'https://Directory.example/x//',
      MASTER_KEY: key,
      LOG_LEVEL: 'WARN',
    });
    expect(config).to.include({ port: 0, publicUrl: 'https://directory.example/x', masterKey: key, logLevel: 'warn' });
  });

  it('are refused all at once, each by its name and without its value', () => {
    const mistakes = mistakesIn({
      PORT: '65536',
      METRICS_PORT: '-1',
      HOST: 'a b',
      DATABASE_URL: 'mysql://secret@host/x',
      PUBLIC_URL: 'https://host/?x=1',
      MASTER_KEY: 'c2VjcmV0',
      LOG_LEVEL: 'loud',
      POOL_SIZE: '0',
      SHUTDOWN_SECONDS: '1.5',
      GRAPHQL_BUDGET: '24999',
      TRUSTED_PROXIES: '10.0.0.0/8, proxy.example',
    });
    expect(mistakes.map((mistake) => mistake.split(':')[0])).to.have.members([
      'PORT',
      'METRICS_PORT',
      'HOST',
      'DATABASE_URL',
      'PUBLIC_URL',
      'MASTER_KEY',
      'LOG_LEVEL',
      'POOL_SIZE',
      'SHUTDOWN_SECONDS',
      'GRAPHQL_BUDGET',
      'TRUSTED_PROXIES',
    ]);
    expect(mistakes.join()).to.not.match(/secret|c2VjcmV0/);
    expect(mistakes.join()).to.match(/PORT: a whole number from 0 to 65535/);
  });

  it('are refused when the embedded database has not the connections that so many workers want', () => {
    for (const WORKERS of ['0', '65', '1.5', 'two']) expect(mistakesIn({ WORKERS })).to.have.lengthOf(1);
    expect(readConfig({ WORKERS: '12' }).workers).to.equal(12);
    expect(mistakesIn({ WORKERS: '13' })).to.have.lengthOf(1);
    expect(mistakesIn({ WORKERS: '13' })[0]).to.match(/^WORKERS and POOL_SIZE: .* 182 .* 180/);
    expect(readConfig({ WORKERS: '64', DATABASE_URL: 'postgresql://host/x' }).workers).to.equal(64);
  });

  it('name proxies by number, or by addresses and networks', () => {
    const proxies = (TRUSTED_PROXIES: string) => readConfig({ TRUSTED_PROXIES }).trustedProxies;
    expect(proxies('2')).to.equal(2);
    expect(proxies('10.0.0.0/8, 2001:db8::/32,::1')).to.deep.equal(['10.0.0.0/8', '2001:db8::/32', '::1']);
    for (const wrong of ['10', '-1', 'true', '10.0.0.0/33', '::1/129', '10.0.0', '10.0.0.1,', '10.0.0.1 10.0.0.2']) {
      expect(mistakesIn({ TRUSTED_PROXIES: wrong }), wrong).to.have.lengthOf(1);
    }
  });

  it('are refused when they give the master key twice', () => {
    const both = { MASTER_KEY: Buffer.alloc(32).toString('base64'), MASTER_KEY_FILE: '/run/key' };
    expect(mistakesIn(both)).to.have.lengthOf(1);
  });

  it('make the public URL of the real host and port, where none is given', () => {
    expect(publicUrlOf(readConfig({}), 4000)).to.equal('http://127.0.0.1:4000');
    expect(publicUrlOf(readConfig({ HOST: '0.0.0.0' }), 1)).to.equal('http://127.0.0.1:1');
    expect(publicUrlOf(readConfig({ HOST: '::1' }), 1)).to.equal('http://[::1]:1');
    expect(publicUrlOf(readConfig({ PUBLIC_URL: 'https://x.example' }), 1)).to.equal('https://x.example');
  });
});

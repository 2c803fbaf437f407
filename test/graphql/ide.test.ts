import { expect } from 'chai';
import { theServer } from '../support/server.js';

const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('GraphiQL at /graphql', () => {
  const get = async (path: string, headers: Record<string, string> = {}) =>
    fetch(`${(await theServer()).url}${path}`, { headers });

  it('is shown to browsers, and loads nothing from elsewhere', async () => {
    const page = await get('/graphql', BROWSER);
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).to.not.match(/https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files).to.have.length(6);
    for (const path of files) {
      const file = await get(path);
      expect(file.status, path).to.equal(200);
      expect(file.headers.get('content-type'), path).to.match(/^text\/(css|javascript); charset=utf-8$/);
      expect((await file.text()).length, path).to.be.greaterThan(200);
    }
  });

  it('runs under a policy that allows our own scripts only', async () => {
    const policy = (await get('/graphql', BROWSER)).headers.get('content-security-policy');
    expect(policy).to.include("script-src 'self';").and.include("default-src 'none'").and.include("connect-src 'self'");
    expect((await get('/livez')).headers.get('content-security-policy')).to.not.include('script-src');
  });

  it('is not shown to programs, and other names below are nothing', async () => {
    expect((await get('/graphql', { Accept: 'application/json' })).status).to.equal(401);
    expect((await get('/graphql')).status).to.equal(401);
    for (const path of [
      '/graphql/ide/nothing.js',
      '/graphql/ide/../../package.json',
      '/graphql/ide/',
      '/graphql/ide.js',
    ])
      expect((await get(path, BROWSER)).status, path).to.equal(404);
  });
});

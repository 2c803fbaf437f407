import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';

const text = readFileSync(join(projectRoot(), 'SECURITY.md'), 'utf8');
const tests = (folder: string): string =>
  readdirSync(join(projectRoot(), folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(projectRoot(), folder, name), 'utf8'))
    .join('\n');

describe('SECURITY.md', () => {
  it('names tests and files that are there', () => {
    const named = [...text.matchAll(/`((?:test|src)\/[\w./]+|security-floor\.json|\.ci\/run)`/g)].map(
      ([, name = '']) => name,
    );
    expect(named.length).to.be.greaterThan(15);
    expect(named.filter((name) => !existsSync(join(projectRoot(), name)))).to.deep.equal([]);
  });

  it('names settings that are there', () => {
    const config = readFileSync(join(projectRoot(), 'src/config.ts'), 'utf8');
    const named = [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !config.includes(`'${name}'`))).to.deep.equal([]);
    expect(named).to.include.members(['TRUSTED_PROXIES', 'PUBLIC_URL', 'MASTER_KEY_FILE']);
  });

  it('names single files whose tests carry the number of their threat', () => {
    const rows = [...text.matchAll(/^\| (I9|I10|2\.6|2\.7) +\|.*\| (.*?) *\|$/gm)];
    expect(rows.length).to.be.at.least(8);
    for (const [, number = '', places = ''] of rows) {
      for (const [, file = ''] of places.matchAll(/`(test\/[\w./]+\.test\.ts)`/g)) {
        expect(readFileSync(join(projectRoot(), file), 'utf8'), file).to.include(`'${number}: `);
      }
    }
    expect(tests('test'))
      .to.match(/it\('S\d+: /)
      .and.match(/it\('T\d+: /);
  });
});

import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contracts } from '../../scripts/contracts.js';
import { projectRoot } from '../../src/projectRoot.js';

describe('schema/', () => {
  for (const [file, text] of Object.entries(contracts())) {
    it(`${file} is what the code says (npm run schema writes it)`, () => {
      const path = join(projectRoot(), 'schema', file);
      expect(existsSync(path) ? readFileSync(path, 'utf8') : '').to.equal(text);
    });
  }
});

// `npm run schema`: writes what the outside depends on to schema/. A test compares; the diff is the review.
import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../src/projectRoot.js';
import { contracts } from './contracts.js';

for (const [file, text] of Object.entries(contracts())) {
  const path = join(projectRoot(), 'schema', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`schema/${file}`);
}

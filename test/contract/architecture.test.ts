import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';

const source = join(projectRoot(), 'src');
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'));

/** What each room may import of the others: DESIGN, "Tree". A file beside the rooms is a room of its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  refusal: [],
  projectRoot: [],
  normalPath: [],
  scimErrorBody: [],
  config: [],
  publicUrl: ['config', 'directory', 'database'],
  attribute: ['refusal'],
  filter: ['attribute', 'refusal'],
  // Who is served, when, and how long.
  admission: ['refusal', 'normalPath', 'scimErrorBody'],
  directory: ['attribute', 'filter', 'refusal', 'database', 'admission'],
  database: ['directory', 'projectRoot', 'config', 'admission'],
  operation: ['directory', 'refusal', 'normalPath', 'scimErrorBody', 'config', 'admission'],
  access: ['admission', 'directory', 'attribute', 'refusal', 'config', 'deps', 'operation', 'normalPath', 'database'],
  deps: ['admission', 'access', 'config', 'database', 'operation'],
  scim: [
    'admission',
    'access',
    'directory',
    'filter',
    'attribute',
    'refusal',
    'deps',
    'operation',
    'normalPath',
    'scimErrorBody',
  ],
  // An Entra ID knows nothing of the service but what it answers.
  simulator: [],
  // GraphiQL's page is a file of the project.
  graphql: [
    'admission',
    'access',
    'directory',
    'filter',
    'attribute',
    'refusal',
    'deps',
    'operation',
    'database',
    'projectRoot',
  ],
};

/** Packages that belong to some rooms only. */
const PACKAGES: readonly { readonly name: RegExp; readonly rooms: readonly string[] }[] = [
  { name: /^@mikro-orm\//, rooms: ['directory', 'database'] },
  { name: /^ajv$/, rooms: ['scim'] },
  { name: /^(koa|@koa\/|koa-)/, rooms: ['scim', 'access', 'operation', 'graphql', 'server'] },
  { name: /^(type-graphql|@apollo\/|@graphql-tools\/|@as-integrations\/|graphql|dataloader)/, rooms: ['graphql'] },
  { name: /^jose$/, rooms: ['access'] },
  { name: /^pg$/, rooms: ['directory', 'database', 'access', 'operation', 'deps', 'openDirectory', 'publicUrl'] },
];

const roomOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '');

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

const inside = (file: string, name: string): string =>
  roomOf(relative(source, join(source, dirname(file), name)).replace(/\.js$/, '.ts'));

describe('the architecture', () => {
  it('lets imports between rooms point one way', () => {
    const wrong = files.flatMap((file) => {
      const allowed = MAY_IMPORT[roomOf(file)];
      if (!allowed) return [];
      return importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => inside(file, name))
        .filter((room) => room !== roomOf(file) && !allowed.includes(room))
        .map((room) => `${file} imports ${room}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('keeps each library in its rooms', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((name) =>
        PACKAGES.filter((rule) => rule.name.test(name) && !rule.rooms.includes(roomOf(file))).map(
          () => `${file} imports ${name}`,
        ),
      ),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('reads the environment in config.ts only', () => {
    const readers = files.filter((file) => readFileSync(join(source, file), 'utf8').includes('process.env'));
    expect(readers).to.deep.equal(['config.ts']);
  });

  it('has no variable that lives as long as the process', () => {
    const wrong = files.filter((file) => /^(export )?let /m.test(readFileSync(join(source, file), 'utf8')));
    expect(wrong).to.deep.equal([]);
  });

  it('keeps files small: median 90 lines, 95 of 100 at most 250, none over 400', () => {
    const sizes = files
      .map((file) => readFileSync(join(source, file), 'utf8').split('\n').length)
      .sort((a, b) => a - b);
    const at = (share: number) => sizes[Math.floor(sizes.length * share)] ?? 0;
    expect(at(0.5)).to.be.at.most(90);
    expect(at(0.95)).to.be.at.most(250);
    expect(sizes.at(-1)).to.be.at.most(400);
  });
});

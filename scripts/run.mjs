// Runs a compiled program: `node scripts/run.mjs main.js`. Compiles first when the sources changed.
// Each state of the sources has a folder of its own under dist/, put in place by one rename: two commands that
// compile at the same moment cannot disturb each other, nor a server that is already running.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
  console.error(
    `Node ${process.versions.node} is too old: Node 22.17 or newer is needed. Use "npm start" or "npm run cli"; on Linux x64 and arm64 "npm ci" brings Node 24 along.`,
  );
  process.exit(1);
}

// Otherwise graphql-js looks at each object and each type twice, to find a second copy of itself.
process.env.NODE_ENV ??= 'production';
const root = fileURLToPath(new URL('..', import.meta.url));
const build = join(root, 'dist', sourceHash());
if (!existsSync(build)) compile();
const [program = 'main.js', ...rest] = process.argv.slice(2);
process.argv = [process.execPath, join(build, program), ...rest];
await import(pathToFileURL(join(build, program)).href);

function sourceHash() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
    hash.update(readFileSync(join(root, file)));
  for (const entry of readdirSync(join(root, 'src'), { recursive: true }).map(String).sort()) {
    if (entry.endsWith('.ts')) hash.update(entry).update(readFileSync(join(root, 'src', entry)));
  }
  return hash.digest('hex').slice(0, 16);
}

function compile() {
  const target = `${build}.${process.pid}`;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', target], {
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    rmSync(target, { recursive: true, force: true });
    console.error(`The sources do not compile:\n${result.stdout}${result.stderr}`);
    process.exit(1);
  }
  try {
    renameSync(target, build);
  } catch (error) {
    // Another command put the same build in place first.
    rmSync(target, { recursive: true, force: true });
    if (!existsSync(build)) throw error;
  }
}

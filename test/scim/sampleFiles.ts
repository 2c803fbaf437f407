// The examples of RFC 7643 and RFC 7644, retyped as facts in test/samples and named by section. Ids and addresses in
// them are the RFC's own; a scene says which of ours stand for them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { type Scene } from './scene.js';

type Attributes = Readonly<Record<string, unknown>>;

/** The resources that an example takes for granted, by the RFC's id. */
export interface Given {
  readonly Users?: Readonly<Record<string, Attributes>>;
  readonly Groups?: Readonly<Record<string, Attributes>>;
}

/** A resource that is created and read back equal, but for the differences. */
export interface ResourceSample {
  readonly kind: 'resource';
  readonly given?: Given;
  readonly endpoint: string;
  readonly resource: Attributes;
  readonly differences: readonly Difference[];
}

/** Without `answer` the attribute is not there. `part` is an attribute of the extension that `attribute` names. */
interface Difference {
  readonly attribute: string;
  readonly part?: string;
  readonly answer?: unknown;
  readonly why: string;
}

/** Filters, and the userNames of whom they find. */
export interface FilterSample {
  readonly kind: 'filters';
  readonly given: Given;
  readonly endpoint: string;
  readonly filters: readonly {
    readonly filter: string;
    readonly finds?: readonly string[];
    /** The scimType of the refusal, and the reason for it. */
    readonly refused?: string;
    readonly why?: string;
  }[];
}

/** A request, and what the resource at its path is afterwards. */
export interface ExchangeSample {
  readonly kind: 'exchange';
  readonly given: Given;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly status: number;
  readonly error?: Attributes;
  readonly after?: Attributes;
}

/** The characteristics of a schema's attributes, and the reasons why ours are not the same. */
export interface SchemaSample {
  readonly kind: 'schema';
  readonly id: string;
  readonly columns: readonly string[];
  readonly attributes: readonly (readonly unknown[])[];
  /** The reason by `attribute characteristic`, `attribute missing` or `attribute added`. */
  readonly differences: Readonly<Record<string, string>>;
}

/** A Bulk request, its results, and what is at some paths afterwards (null: nothing). */
export interface BulkSample {
  readonly kind: 'bulk';
  readonly given: Given;
  readonly request: Attributes;
  readonly results: readonly Attributes[];
  readonly after?: Readonly<Record<string, Attributes | null>>;
  /** Where the example is not the RFC's word for word, or the answer is not, and why. */
  readonly differences: readonly string[];
}

export type Sample = ResourceSample | FilterSample | ExchangeSample | SchemaSample | BulkSample;

const FOLDER = join(projectRoot(), 'test', 'samples');

/** Every example by the name of its file. */
export const samples = (): readonly (readonly [string, Sample])[] =>
  readdirSync(FOLDER)
    .sort()
    .map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Sample]);

/** Says a value of an example with our ids and addresses in place of the RFC's. */
export type Translation = <T>(value: T) => T;

/** Creates what an example takes for granted, people first. */
export async function setScene(scene: Scene, { Users = {}, Groups = {} }: Given): Promise<Translation> {
  const ids = new Map<string, string>();
  const ours: Translation = (value) => translated(value, ids, scene);
  for (const [id, person] of Object.entries(Users)) ids.set(id, await created(scene, '/Users', ours(person)));
  for (const [id, group] of Object.entries(Groups)) ids.set(id, await created(scene, '/Groups', ours(group)));
  return ours;
}

async function created(scene: Scene, endpoint: string, attributes: Attributes): Promise<string> {
  const core = endpoint === '/Users' ? CORE_USER : CORE_GROUP;
  const schemas = ENTERPRISE_USER in attributes ? [core, ENTERPRISE_USER] : [core];
  const { status, body } = await scene.scim('POST', endpoint, { schemas, ...attributes });
  if (status !== 201) throw new Error(`The scene is not set: ${JSON.stringify(body)}`);
  return body.id as string;
}

function translated<T>(value: T, ids: ReadonlyMap<string, string>, { server }: Scene): T {
  if (value === undefined) return value;
  let text = JSON.stringify(value).replaceAll('https://example.com/v2/', `${server.url}/scim/v2/`);
  // Only whole values, parts of addresses and texts in filters are ids: `bjensen` is also a userName.
  for (const [theirs, own] of ids) if (/[0-9a-f]{8}/.test(theirs)) text = text.replaceAll(theirs, own);
  return JSON.parse(text) as T;
}

/** A resource without what the server alone says. */
export function without(resource: Json, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(resource as object).filter(([name]) => !names.includes(name)));
}

// The organisation as a file: JSON that a person can read, a line for each person and each group.
import { constants, createWriteStream } from 'node:fs';
import { access, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SimulatorError } from '../simulatorError.js';
import { type Group, type Locale, type Organisation, type Person } from './organisation.js';

const FORMAT = 1;

/** As it stands in a file: sets are lists. */
export interface OrganisationJson {
  readonly format: number;
  readonly seed: number;
  readonly locales: readonly Locale[];
  readonly domain: string;
  readonly people: readonly Person[];
  readonly groups: readonly (Omit<Group, 'members'> & { readonly members: readonly string[] })[];
}

/** Reads what `writeOrganisation` wrote. Refuses (wrong usage) a file that is something else. */
export async function readOrganisation(path: string): Promise<Organisation> {
  return organisationFromJson((await readJson(path)) as OrganisationJson, path);
}

/** Replaces the file as a whole, so that a run that is cut off leaves the old one. */
export async function writeOrganisation(path: string, organisation: Organisation): Promise<void> {
  await writeInPlace(path, function* () {
    yield '{';
    yield* organisationLines(organisation);
    yield '}\n';
  });
}

export function organisationFromJson(json: OrganisationJson, path: string): Organisation {
  const { format, seed, locales, domain, people, groups } = json;
  if (format !== FORMAT || !Array.isArray(people) || !Array.isArray(groups)) {
    throw new SimulatorError('wrongUsage', `${path} is no organisation of this version: make it again.`);
  }
  return {
    seed,
    locales,
    domain,
    people: new Map((people as readonly Person[]).map((person) => [person.objectId, person])),
    groups: new Map(
      (groups as OrganisationJson['groups']).map((group) => [
        group.objectId,
        { ...group, members: new Set(group.members) },
      ]),
    ),
  };
}

/** The members of the JSON object, without its braces. */
export function* organisationLines({ seed, locales, domain, people, groups }: Organisation): Generator<string> {
  const head = { format: FORMAT, seed, locales, domain };
  yield `${JSON.stringify(head).slice(1, -1)},\n"people":[`;
  yield* lines(people.values());
  yield '\n],\n"groups":[';
  yield* lines(groups.values(), (group) => ({ ...group, members: [...group.members] }));
  yield '\n]';
}

/** The elements of a list, each on a line. */
export function* lines<T>(items: Iterable<T>, shape: (item: T) => unknown = (item) => item): Generator<string> {
  let between = '\n';
  for (const item of items) {
    yield between + JSON.stringify(shape(item));
    between = ',\n';
  }
}

/** Writes beside the file, then takes its place. */
export async function writeInPlace(path: string, text: () => Iterable<string>): Promise<void> {
  await assertWritable(path);
  const beside = `${path}.${process.pid}`;
  await pipeline(Readable.from(text()), createWriteStream(beside, { mode: 0o600 }));
  await rename(beside, path);
}

/** Refuses (wrong usage) a file in a folder that is not there, or not ours to write to. */
export async function assertWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new SimulatorError('wrongUsage', `${path} cannot be written: ${(error as Error).message}`);
  }
}

/**
 * Reads what `lines` wrote without having all of its text at once, which is several times as large as what it says; any
 * other JSON as a whole.
 */
export async function readJson(path: string): Promise<unknown> {
  try {
    return (await readByLine(path)) ?? JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SimulatorError('wrongUsage', `${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Undefined where the text is written in another way. */
async function readByLine(path: string): Promise<unknown> {
  const file = await open(path);
  try {
    return await fromLines(file.readLines({ encoding: 'utf8' }));
  } finally {
    await file.close();
  }
}

async function fromLines(text: AsyncIterable<string>): Promise<unknown> {
  const lists = new Map<string, unknown[]>();
  const state: { list?: unknown[] } = {};
  let others = '';
  for await (const line of text) {
    const [, opened] = /"(\w+)":\[$/.exec(line) ?? [];
    if (line.startsWith(']')) delete state.list;
    const value = state.list && parsed(line.replace(/,$/, ''));
    if (state.list && value === undefined) return undefined;
    if (state.list) state.list.push(value);
    else others += line;
    if (opened !== undefined) lists.set(opened, (state.list = []));
  }
  return parsed(others, (key, value) => lists.get(key) ?? value);
}

function parsed(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}

// A whole organisation from a seed: the same seed and numbers make the same organisation, byte by byte.
import { addDirt } from './dirt.js';
import { drawGroups } from './groups.js';
import { openMakers } from './maker.js';
import { type Locale, type Organisation, type Person } from './organisation.js';
import { drawPerson } from './person.js';
import { drawPosts } from './structure.js';

export interface OrganisationWanted {
  readonly people: number;
  readonly groups: number;
  readonly seed: number;
  readonly locales: readonly Locale[];
  /** Also makes what is wrong in real directories. */
  readonly dirt?: boolean;
}

/** Makes it. Everybody's manager comes before them. */
export async function generateOrganisation(wanted: OrganisationWanted): Promise<Organisation> {
  const { seed, locales } = wanted;
  const domain = 'fabriek.example';
  const people = new Map<string, Person>();
  const maker = (await openMakers({ seed, locales, domain, people }))(0);
  const posts = drawPosts(wanted.people, maker.random);
  const leading = new Set(posts.map(({ manager }) => manager));
  const ids: string[] = [];
  posts.forEach((post, n) => {
    const manager = post.manager === undefined ? undefined : ids[post.manager];
    const person = drawPerson(maker, n, post, manager, leading.has(n));
    ids.push(person.objectId);
    people.set(person.objectId, person);
  });
  const groups = drawGroups(wanted.groups, [...people.values()], maker.random);
  const organisation = { seed, locales, domain, people, groups };
  if (wanted.dirt) addDirt(organisation, maker.random);
  return organisation;
}

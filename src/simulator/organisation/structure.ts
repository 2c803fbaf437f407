// The tree of managers: how many report to somebody is log-normal, as in real companies: most have six or seven, a few
// have forty.
import { type Random } from '../random.js';
import { DIVISIONS } from './words.js';

/** A place in the tree. */
export interface Post {
  /** 0 is the head of the company. */
  readonly level: number;
  /** Which post this one reports to; undefined for the head. */
  readonly manager: number | undefined;
  readonly division: string;
  readonly department: string;
}

const SPAN = { median: 6.5, sigma: 0.55 };
/** One in fifty works for another department than the manager does. */
const ELSEWHERE = 0.02;

/** So many posts; managers come before who reports to them. */
export function drawPosts(count: number, random: Random): readonly Post[] {
  const posts: Post[] = [{ level: 0, manager: undefined, division: 'Board', department: 'Board' }];
  for (let at = 0; posts.length < count; at += 1) {
    const span = at === 0 ? DIVISIONS.length : Math.max(1, Math.round(random.logNormal(SPAN.median, SPAN.sigma)));
    for (let n = 0; n < span && posts.length < count; n += 1) posts.push(postBelow(posts, at, n, random));
  }
  return posts;
}

/** Who reports to the head leads a division; who reports to them, a department of it. */
function postBelow(posts: readonly Post[], manager: number, n: number, random: Random): Post {
  const above = posts[manager] as Post;
  const level = above.level + 1;
  const own = DIVISIONS.find(({ name }) => name === above.division);
  if (level === 1 || !own) {
    const division = DIVISIONS[n % DIVISIONS.length] as (typeof DIVISIONS)[number];
    return { level, manager, division: division.name, department: `${division.name} Management` };
  }
  if (level > 2 && random.chance(ELSEWHERE)) return { level, manager, ...anyDepartment(random) };
  const department = level === 2 ? (own.departments[n % own.departments.length] as string) : above.department;
  return { level, manager, division: above.division, department };
}

/** A department of any division. */
export function anyDepartment(random: Random): { readonly division: string; readonly department: string } {
  const { name, departments } = random.pick(DIVISIONS);
  return { division: name, department: random.pick(departments) };
}

// A group with its members as JSON text, a page of members at a time: memory stays the same whatever the size. Each
// page is a read of its own, so that a slow reader holds no connection.
import { Readable } from 'node:stream';
import { type Projection, attributeNamed } from '../attribute/projection.js';
import { type GroupRow } from '../directory/group/groups.js';
import { MEMBERS_PAGE, type MemberRow, membersPage } from '../directory/group/members.js';
import { groupType } from '../directory/resourceTypes.js';
import { readIn } from '../directory/scope.js';
import { type Call } from './call.js';
import { resourceFromRow } from './resource.js';

const membersAttribute = attributeNamed(groupType, 'members');

export const showsMembers = (projection: Projection): boolean =>
  projection.shows(membersAttribute) && projection.parts(membersAttribute)?.size !== 0;

/** The JSON of a group. */
export const groupStream = (call: Call, group: GroupRow, projection: Projection): Readable =>
  Readable.from(groupText(call, group, projection), { objectMode: false, encoding: 'utf8' });

/** The JSON of a group, in pieces. */
export async function* groupText(call: Call, group: GroupRow, projection: Projection): AsyncGenerator<string> {
  const { deps, actor, request, base } = call;
  const text = JSON.stringify(resourceFromRow(groupType, group, projection, base));
  yield `${text.slice(0, -1)},"members":[`;
  const parts = projection.parts(membersAttribute);
  let after: string | undefined;
  let separator = '';
  for (;;) {
    // The reader may be slow: each page has its own time.
    request.inFlight?.renew();
    const page = await readIn(deps.db, actor, request, (scope) => membersPage(scope, group.id, after));
    const texts = page.flatMap((member) => memberText(member, base, parts) ?? []);
    if (texts.length > 0) {
      yield separator + texts.join(',');
      separator = ',';
    }
    after = page.at(-1)?.value;
    if (page.length < MEMBERS_PAGE) break;
  }
  yield ']}';
}

/** Undefined where the member has none of the parts that are asked for: `members.display` of somebody without a name. */
function memberText(
  { value, display }: MemberRow,
  base: string,
  parts: ReadonlySet<string> | undefined,
): string | undefined {
  const member = { value, $ref: `${base}/Users/${value}`, type: 'User', ...(display === null ? {} : { display }) };
  if (!parts) return JSON.stringify(member);
  const shown = Object.entries(member).filter(([name]) => parts.has(name));
  return shown.length > 0 ? JSON.stringify(Object.fromEntries(shown)) : undefined;
}

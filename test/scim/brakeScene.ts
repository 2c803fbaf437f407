// A tenant with a crowd of managed people, and short ways to deactivate them by SCIM and to ask about the brake.
import { patchOf } from '../support/builders.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { type Answer, type Json, tokenOf } from '../support/tenant.js';
import { data } from '../graphql/asking.js';
import { aScene, type Scene } from './scene.js';

const HOUR = 3_600_000;

/** A server whose time is moved by a test. */
export async function aClockwork() {
  const time = { ahead: 0 };
  const server = await startServer((await theDatabase()).environment, () => new Date(Date.now() + time.ahead));
  return { server, pass: (hours: number) => void (time.ahead += hours * HOUR) };
}

export interface BrakeScene extends Scene {
  /** Managed people, not yet deactivated. */
  readonly people: string[];
  /** The answers to so many deactivations, one after the other, of those who come next. */
  leave(count: number): Promise<Answer<Json>[]>;
  /** The answers to deactivations of these. */
  tryAgain(ids: readonly string[]): Promise<Answer<Json>[]>;
  brake(fields?: string): Promise<Json>;
}

export const deactivation = patchOf({ op: 'Replace', path: 'active', value: 'False' });

export const BRAKE = 'state pulledAt pulledCount pulledBase releasedUntil heldPeople { totalCount }';

export async function aCrowd(size: number, server?: TestServer): Promise<BrakeScene> {
  const scene = await aScene({}, server);
  const people = await scene.crowd(size);
  /** With a token of now: the clock may have been moved. */
  const tryAgain = async (ids: readonly string[]) => {
    const headers = { Authorization: `Bearer ${await tokenOf(scene.server.url, scene)}` };
    const answers = [];
    for (const id of ids) answers.push(await scene.scim('PATCH', `/Users/${id}`, deactivation, headers));
    return answers;
  };
  return {
    ...scene,
    people,
    tryAgain,
    leave: (count) => tryAgain(people.splice(0, count)),
    brake: async (fields = BRAKE) => (await data(scene, `{ deactivationBrake { ${fields} } }`)).deactivationBrake,
  };
}

export const statusesOf = (answers: readonly Answer<Json>[]): number[] => answers.map(({ status }) => status);

/** `how many` × `status`. */
export function counted(answers: readonly Answer<Json>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export const decide = async (scene: Scene, mutation: string): Promise<Json> =>
  (await data(scene, `mutation { decided: ${mutation} { deactivationBrake { state } userErrors { code message } } }`))
    .decided;

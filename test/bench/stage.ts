// Everything a run needs, in the order it is built: database, service, tenants, people, statements, bare program, load
// generator; taken down in the opposite order.
import { type Client, type Pool } from 'pg';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { type Target } from './client.js';
import { aBareProgram, aTenant, bareTenant, setGround, type Closers, type Settings, type Side } from './ground.js';
import { populate, populateUnknown, type UnknownSubject } from './population.js';
import { startLoad, type Load } from './programs.js';
import { type Subject } from './requests.js';
import { oneOfEach } from './sameStatements.js';
import { actorOf } from './statements.js';

export type SideName = 'service' | 'bare';

export interface Stage {
  /** The owner's connection. */
  readonly owner: Client;
  /** As the service opens it. */
  readonly pool: Pool;
  readonly actor: IntegrationActor;
  readonly subject: Subject;
  /** A tenant that came after the statistics. */
  readonly unknown: { readonly actor: IntegrationActor; readonly subject: UnknownSubject };
  readonly load: Load;
  readonly sides: Readonly<Record<SideName, Side>>;
  /** Where a side answers for the populated tenant. */
  readonly target: (side: SideName) => Target;
  /** An empty tenant of its own. */
  emptyTenant(side: SideName): Promise<Target>;
  readonly logFile: string;
}

/** `closers` hears what to undo, also when this fails half-way. */
export async function setStage(settings: Settings, closers: Closers): Promise<Stage> {
  const ground = await setGround(settings, closers);
  const { owner, pool, service, logFile, programs } = ground;
  const { id, actor, target: toService } = await aTenant(ground);
  settings.say('populating a tenant with 110 000 people and its neighbour with 30 000');
  const subject = await populate(owner, id, await bareTenant(owner));
  const unknownId = await bareTenant(owner);
  const unknown = { actor: actorOf(unknownId, actor.id), subject: await populateUnknown(owner, unknownId) };
  const bare = await aBareProgram(ground, { actor, requests: (side) => oneOfEach(subject, side) }, closers);
  const load = startLoad(programs);
  closers.push(() => load.stop());
  await load.run({ order: 'subject', subject });
  const toBare = toBareProgram(toService, bare);
  return {
    owner,
    pool,
    actor,
    subject,
    unknown,
    load,
    logFile,
    sides: { service, bare },
    target: (side) => (side === 'service' ? toService : toBare),
    emptyTenant: async (side) =>
      side === 'service'
        ? (await aTenant(ground)).target
        : { ...toBare, headers: `${authorizationOf(toBare)}X-Tenant: ${await bareTenant(owner)}\r\n` },
  };
}

/** The bare program in the place of the service. */
export const toBareProgram = (target: Target, { port }: Side): Target => ({ ...target, port });

const authorizationOf = ({ headers }: Target): string => headers.slice(0, headers.indexOf('\r\n') + 2);

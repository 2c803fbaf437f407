// Holds the bare program to the service: it gets the statements the service sends, and must send the same ones for the
// same request. A service that begins to send another statement stops the benchmark until the bare program does too.
import { type Pool } from 'pg';
import { type MasterKey } from '../../src/access/masterKey.js';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { type Texts } from './bareTransactions.js';
import { type Program } from './programs.js';
import {
  addMembers,
  createGroup,
  createUser,
  DEPARTMENT,
  filterByUserName,
  matchGroup,
  patchManager,
  patchUser,
  probeManager,
  removeMember,
  type BenchRequest,
  type Subject,
} from './requests.js';
import { namesOf, statementsOf, textsOf } from './statements.js';

/** What is held against each other. */
export interface Twins {
  readonly actor: IntegrationActor;
  /** One of each kind. Each side changes other people. */
  readonly requests: (side: 'service' | 'bare') => readonly BenchRequest[];
  /** Opens the cursors in the requests. */
  readonly masterKey: MasterKey;
}

/** Starts the bare program with the statements of the service. Throws when the two differ for any request. */
export async function sameStatements(
  pool: Pool,
  { actor, requests, masterKey }: Twins,
  start: (texts: Texts) => Promise<Program>,
): Promise<Program> {
  const expected = new Map<string, string>();
  let texts: Texts = {};
  for (const request of requests('service')) {
    const sent = await statementsOf(pool, actor, request, masterKey);
    expected.set(request.kind, namesOf(sent, request.kind).join(','));
    texts = { ...texts, ...textsOf(sent, request.kind) };
  }
  const bare = await start(texts);
  try {
    for (const request of requests('bare')) {
      const sent = await tracedNames(bare, actor.tenantId, request);
      if (sent === expected.get(request.kind)) continue;
      throw new Error(
        `The bare program is no longer the service's twin. For "${request.kind}" the service sends ${expected.get(request.kind)}; it sends ${sent}. Change bareTransactions.ts.`,
      );
    }
  } catch (error) {
    await bare.stop();
    throw error;
  }
  return bare;
}

/** A request of each kind that provisioning takes. */
export function oneOfEach({ people, outsiders, groups }: Subject, side: string): readonly BenchRequest[] {
  const [person, manager] = people.slice(side === 'bare' ? 10 : 20);
  const outsider = outsiders[side === 'bare' ? 0 : 1] ?? '';
  const { id = '', userName = '' } = person ?? {};
  const group = groups[10] ?? '';
  return [
    { method: 'GET', path: `/Users/${id}`, status: 200, kind: 'get' },
    filterByUserName(userName),
    createUser(`twin.${side}`),
    patchUser(id, DEPARTMENT, 'Twins', 'department'),
    probeManager(id, manager?.id ?? ''),
    patchManager(id, manager?.id ?? ''),
    matchGroup('Everybody of 10'),
    createGroup(`Twins ${side}`),
    addMembers(group, [outsider], 'add'),
    removeMember(group, outsider),
  ];
}

async function tracedNames({ port }: Program, tenantId: string, request: BenchRequest): Promise<string> {
  const { method, path, body, status } = request;
  const response = await fetch(`http://127.0.0.1:${port}/scim/v2${path}`, {
    method,
    headers: { 'X-Tenant': tenantId, 'X-Trace': '1' },
    ...(body === undefined ? {} : { body }),
  });
  if (response.status !== status)
    throw new Error(`The bare program answered ${response.status} to ${method} ${path}: ${await response.text()}`);
  return response.headers.get('X-Statements') ?? '';
}

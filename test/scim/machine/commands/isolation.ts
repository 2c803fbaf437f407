// An id of the other tenant in every place of a request: `ask` compares the answer with that for an id nobody has.
import fc from 'fast-check';
import { aGroup, aUser, patchOf } from '../../../support/builders.js';
import { type Machine, ask, tenantOf } from '../ask.js';
import { type Where, at, groupAt, kindOf, personAt, writing } from '../command.js';
import { createGroup } from '../groups.js';
import { refused } from '../outcome.js';

type Sent = readonly [method: string, body?: unknown];

const walk = (name: string, path: '/Users/' | '/Groups/', requests: readonly Sent[]) =>
  kindOf(
    name,
    writing<{ at: number; verb: number }>({ at, verb: fc.nat(requests.length - 1) }),
    ({ at: place, verb, ...where }, machine) => {
      const id = foreignId(machine, where, path, place);
      if (id === undefined) return Promise.resolve();
      const [method, body] = requests[verb] ?? ['GET'];
      return ask(machine, { ...where, method, path: `${path}${id}`, body, foreign: id }, () => refused('notFound'));
    },
    { weight: 6 },
  );

const foreignId = ({ model }: Machine, { which }: Where, path: string, place: number): string | undefined =>
  (path === '/Users/' ? personAt : groupAt)(model, which, { of: 'other', at: place }).foreign;

export const foreignUser = walk("ask for another tenant's user", '/Users/', [
  ['GET'],
  ['GET'],
  ['GET'],
  ['PUT', aUser()],
  ['PATCH', patchOf({ op: 'replace', path: 'title', value: 'Ours' })],
  ['PATCH', patchOf({ op: 'remove', path: 'nickName' })],
  ['DELETE'],
]);

export const foreignGroup = walk("ask for another tenant's group", '/Groups/', [
  ['GET'],
  ['GET'],
  ['PUT', aGroup()],
  ['PATCH', patchOf({ op: 'replace', path: 'displayName', value: 'Ours' })],
  ['PATCH', patchOf({ op: 'remove', path: 'members' })],
  ['DELETE'],
]);

export const foreignNested = kindOf(
  "create group with another tenant's group inside",
  writing<{ at: number }>({ at }),
  ({ at: place, ...where }, machine) => {
    const id = foreignId(machine, where, '/Groups/', place);
    if (id === undefined) return Promise.resolve();
    const given = { displayName: 'Kade 99', members: [{ value: id }] };
    const request = { ...where, method: 'POST', path: '/Groups', body: aGroup(given), foreign: id };
    return ask(machine, request, (newId) => createGroup(tenantOf(machine, where.which), given, newId));
  },
);

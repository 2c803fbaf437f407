// Every kind of command. A new capability adds a file beside these, and its name here.
import fc from 'fast-check';
import * as access from './access.js';
import * as changeGroup from './changeGroup.js';
import * as changeUser from './changeUser.js';
import * as compareGraphql from './compareGraphql.js';
import * as createGroup from './createGroup.js';
import * as createUser from './createUser.js';
import * as isolation from './isolation.js';
import * as local from './local.js';
import * as manager from './manager.js';
import * as readGroup from './readGroup.js';
import * as readUser from './readUser.js';
import { type Command, type Kind } from '../command.js';

const files: readonly object[] = [
  createUser,
  local,
  readUser,
  changeUser,
  manager,
  createGroup,
  readGroup,
  changeGroup,
  isolation,
  compareGraphql,
  access,
];

const isKind = (exported: unknown): exported is Kind =>
  typeof exported === 'object' && exported !== null && 'arbitrary' in exported && 'weight' in exported;

export const KINDS: readonly Kind[] = files.flatMap((file) => Object.values(file).filter(isKind));

/** How a run begins, so that there is somebody to ask about: what these make is random, too. */
export const beginning: fc.Arbitrary<readonly Command[]> = fc.tuple(
  ...[
    createUser.createUser,
    createUser.createUser,
    local.createLocalUser,
    local.createLocalUser,
    local.createLocalGroupOf,
    createUser.createUser,
    changeUser.deleteUser,
    createGroup.createGroupOfPeople,
    createUser.createUser,
    createGroup.createGroupOfPeople,
  ].map(({ arbitrary }) => arbitrary),
);

/** What follows: up to `most` commands of every kind. */
export const commandsUpTo = (most: number) =>
  fc.commands([fc.oneof(...KINDS.map(({ weight, arbitrary }) => ({ weight, arbitrary })))], {
    maxCommands: most,
    size: 'max',
  });

// simulate: an Entra ID to test against. It speaks HTTP only, so it works against any SCIM server.
import { type Command } from 'commander';
import { simulateConnection } from './connection.js';
import { simulateCycles } from './cycles.js';
import { simulateOrganisation } from './organisation.js';
import { simulateStories } from './stories.js';

/** Adds the commands. */
export function simulate(parent: Command): void {
  simulateOrganisation(parent);
  simulateConnection(parent);
  simulateCycles(parent);
  simulateStories(parent);
}

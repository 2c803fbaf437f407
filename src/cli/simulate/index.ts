// simulate: an Entra ID to test against. It speaks HTTP only, so it works against any SCIM server.
import { type Command } from 'commander';
import { simulateOrganisation } from './organisation.js';

/** Adds the commands. */
export function simulate(parent: Command): void {
  simulateOrganisation(parent);
}

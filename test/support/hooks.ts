// Mocha's root hooks: what a run started ends with it.
import 'reflect-metadata';
import { killPrograms } from './program.js';
import { stopEverything } from './server.js';

export const mochaHooks = {
  async afterAll(this: Mocha.Context) {
    this.timeout(30_000);
    await killPrograms();
    await stopEverything();
  },
};

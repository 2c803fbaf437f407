// Exit codes, the same for every program of this project, and the plain sentence that goes with a failure.
import { ConfigError } from './config.js';
import { refusalFromDatabase } from './directory/constraints.js';
import { WorkerEnded } from './operation/crew.js';
import { Refusal } from './refusal.js';

export const EXIT = { done: 0, failed: 1, wrongUsage: 2, notReachable: 3, differencesFound: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a program ends, for people; undefined for what is a bug and deserves its stack. */
export function failureOf(error: unknown): { readonly code: number; readonly message: string } | undefined {
  if (error instanceof ConfigError) {
    const lines = error.mistakes.map((mistake) => `  ${mistake}`);
    return { code: EXIT.wrongUsage, message: ['Wrong settings:', ...lines].join('\n') };
  }
  if (isNotReachable(error)) {
    return { code: EXIT.notReachable, message: `The database is not reachable: ${reasonOf(error)}` };
  }
  if (error instanceof WorkerEnded) return { code: error.code, message: error.message };
  if (error instanceof Refusal) return { code: EXIT.failed, message: error.message };
  if (codeOf(error) === 'EADDRINUSE') {
    return {
      code: EXIT.failed,
      message: 'The port is taken by another program: set PORT (or METRICS_PORT) to another.',
    };
  }
  return undefined;
}

/** Gone, or there but not for this login (28), or without this database (3D). */
const isNotReachable = (error: unknown): boolean => {
  const refusal = refusalFromDatabase(error);
  return (refusal instanceof Refusal && refusal.kind === 'unavailable') || /^(28|3D)/.test(codeOf(error));
};

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';

/** A name that resolves to several addresses fails with one error for each. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

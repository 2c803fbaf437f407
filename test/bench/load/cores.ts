// Who makes the load has a core of its own: what it needs for three times the requests must not be missing where they
// are served.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const last = availableParallelism() - 1;

/** Keeps this process, and what it starts from now on, off the last core. False where this machine has no `taskset`, or one core. */
export const leaveLastCore = (): boolean => last > 0 && pinned(process.pid, `0-${last - 1}`);

/** Moves a process to the last core. */
export const toLastCore = (pid: number): boolean => pinned(pid, String(last));

/** All its threads. */
const pinned = (pid: number, cores: string): boolean =>
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]).status === 0;

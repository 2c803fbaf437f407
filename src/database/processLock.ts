// Locks between processes that the kernel lets go of when their holder dies, kill -9 included: SQLite's own locks
// on small empty files. A file with a process id in it would have to be guessed about after a crash.
import { closeSync, fchownSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

export type LockMode = 'exclusive' | 'shared';

export interface ProcessLock {
  /** Lets the lock go; a second call does nothing. */
  release(): void;
}

const POLL_MS = 25;
const SQLITE_BUSY = 5;

const sqlite = loadSqlite();

// An unreferenced DatabaseSync is closed by the garbage collector, and its lock would go with it.
const held = new Set<Sqlite.DatabaseSync>();

/**
 * Waits for the lock on `file`, which is made (mode 0600, empty) when it is not there; its folder must exist.
 * Throws when the lock is still taken after `waitMs` milliseconds. Two callers in one process exclude each other too.
 */
export async function acquireLock(file: string, mode: LockMode, { waitMs }: { waitMs: number }): Promise<ProcessLock> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const lock = tryAcquireLock(file, mode);
    if (lock !== undefined) return lock;
    if (Date.now() >= deadline) throw new Error(`${file} has been locked by another process for ${waitMs / 1000} s.`);
    await sleep(POLL_MS);
  }
}

/** The lock on `file`, or undefined when somebody has it. */
export function tryAcquireLock(file: string, mode: LockMode): ProcessLock | undefined {
  createIfMissing(file);
  const database = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    // Kept in memory: a journal beside the file would outlive a killed process.
    database.exec('pragma journal_mode = memory');
    database.exec(mode === 'exclusive' ? 'begin exclusive' : 'begin; select 1 from sqlite_master');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}

/**
 * Others must not even read the file: a reader could hold a shared lock on it for ever. It is opened only when it is
 * new, because closing any descriptor of a file ends the locks this process has on it (POSIX).
 */
function createIfMissing(file: string): void {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      const { uid, gid } = statSync(dirname(file));
      // Root at work in somebody's folder: its owner must be able to lock too.
      if (process.getuid?.() === 0 && uid !== 0) fchownSync(descriptor, uid, gid);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && (code & 0xff) === SQLITE_BUSY;
}

/** Loads node:sqlite without the one warning that Node 22 prints about it; every other warning stays. */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = (...all: unknown[]) => {
    if (all[1] === 'ExperimentalWarning' && String(all[0]).startsWith('SQLite ')) return;
    emitWarning(...all);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    if (original) Object.defineProperty(process, 'emitWarning', original);
    else Reflect.deleteProperty(process, 'emitWarning');
  }
}

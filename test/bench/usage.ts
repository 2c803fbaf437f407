// What processes have used, from Linux's /proc: CPU of a server with its children and of its PostgreSQL backends, and
// the most memory it held. Zero where there is no /proc.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type Client } from 'pg';

/** Linux counts a process's CPU in hundredths of a second. */
const TICK_MS = 10;

/** CPU milliseconds, user and system, by process id. */
export type Usage = ReadonlyMap<number, number>;

/** Of the processes themselves and everything they started. */
export async function treeUsage(root: number): Promise<Usage> {
  const parents = new Map<number, number>();
  const used = new Map<number, number>();
  for (const entry of await readdir('/proc').catch(() => [])) {
    const stat = /^\d+$/.test(entry) ? await statOf(Number(entry)) : undefined;
    if (!stat) continue;
    parents.set(Number(entry), stat.parent);
    used.set(Number(entry), stat.cpuMs);
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return new Map([...used].filter(([pid]) => isBelow(pid)));
}

/** Of the PostgreSQL backends of an application; empty when the server is on another machine. */
export async function backendUsage(owner: Client, applicationName: string): Promise<Usage> {
  const { rows } = await owner.query<{ pid: number }>({
    name: 'backends',
    text: 'select pid from pg_stat_activity where application_name = $1 and datname = current_database()',
    values: [applicationName],
  });
  const used = new Map<number, number>();
  for (const { pid } of rows) {
    const stat = await statOf(pid);
    if (stat?.command === 'postgres') used.set(pid, stat.cpuMs);
  }
  return used;
}

/** Milliseconds between two readings; a process that came in between counts from nothing, one that went does not count. */
export const spent = (before: Usage, after: Usage): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);

/** The most memory a process held since it began or was last asked, in MiB. */
export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  // 5 resets the peak: see proc(5), clear_refs.
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
  return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function statOf(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The command is in parentheses and may contain anything.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    command: text.slice(text.indexOf('(') + 1, end),
    parent: Number(fields[1]),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
  };
}

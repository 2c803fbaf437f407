// Refused credentials are answered on a grid of time: what is looked up, compared and counted takes some microseconds more
// or less for one kind of wrong credentials than for another, and from enough answers that could be read.
import { setTimeout as sleep } from 'node:timers/promises';

const GRID_MS = 25;

/** Waits until a whole number of 25 ms has passed since a moment of `performance.now()`. */
export async function evenly(since: number): Promise<void> {
  const until = since + Math.ceil((performance.now() - since) / GRID_MS) * GRID_MS;
  // A timer counts whole milliseconds and may be early by a part of one.
  for (let left = until - performance.now(); left > 0; left = until - performance.now()) await sleep(Math.ceil(left));
}

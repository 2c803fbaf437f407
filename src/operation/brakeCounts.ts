// What the deactivation brakes of all tenants did in this process, for the metrics.

export interface BrakeCounts {
  /** Deactivations and deletions that were refused. */
  held: number;
  /** Brakes that were pulled. */
  pulled: number;
}

export const createBrakeCounts = (): BrakeCounts => ({ held: 0, pulled: 0 });

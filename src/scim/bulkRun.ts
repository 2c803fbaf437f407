// The order in which the operations of a Bulk request are done: as given, but what another one refers to comes first
// (RFC 7644 sections 3.7.1 and 3.7.2). Which operation refers to which is learned by trying: what counts as a reference
// is known where attributes are read, in every dialect, and nowhere else.
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../refusal.js';
import { type ScimErrorBody } from '../scimErrorBody.js';
import { type BulkOperation, type BulkRequest } from './bulkMessage.js';

/** The result of an operation, as RFC 7644 section 3.7.3 shows it. */
export interface OperationResult {
  readonly location?: string;
  readonly method?: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: ScimErrorBody;
}

export interface Outcome {
  readonly result: OperationResult;
  /** The id of the resource; undefined when the operation failed. */
  readonly id: string | undefined;
}

/** Tries one operation. Rejects with `Awaits` when others must be done before; every other error is an outcome. */
export type Attempt = (
  operation: BulkOperation,
  refused: Refusal | undefined,
  idsFor: (references: readonly string[]) => readonly string[],
) => Promise<Outcome>;

/** Thrown while an operation is read that refers to others which are not done yet. */
export class Awaits extends Error {
  constructor(readonly jobs: ReadonlySet<Job>) {
    super('Operations that are referred to come first.');
  }
}

interface Job {
  readonly operation: BulkOperation;
  refused: Refusal | undefined;
  outcome?: Outcome;
}

export class BulkRun {
  private readonly jobs: readonly Job[];
  private readonly byBulkId: ReadonlyMap<string, Job>;
  private readonly failOnErrors: number;
  /** The job at work, after those that wait for it. */
  private readonly waiting: Job[] = [];
  private errors = 0;

  constructor(
    { operations, failOnErrors }: BulkRequest,
    private readonly attempt: Attempt,
  ) {
    this.jobs = operations.map((operation) => ({ operation, refused: operation.malformed }));
    this.byBulkId = new Map(this.jobs.map((job) => [job.operation.bulkId ?? '', job]));
    this.failOnErrors = failOnErrors;
  }

  /** The results in the order of the operations, without those that `failOnErrors` left undone. */
  async perform(): Promise<readonly OperationResult[]> {
    for (const job of this.jobs) await this.settle(job);
    return this.jobs.flatMap(({ outcome }) => outcome?.result ?? []);
  }

  private async settle(job: Job): Promise<void> {
    this.waiting.push(job);
    while (!job.outcome && this.errors < this.failOnErrors) {
      // Refusals cost no round trip to wait for: other requests get their turn between any two operations.
      await setImmediate();
      try {
        job.outcome = await this.attempt(job.operation, job.refused, (references) => this.idsFor(references));
        if (job.outcome.id === undefined) this.errors += 1;
      } catch (error) {
        if (!(error instanceof Awaits)) throw error;
        await this.settleBefore(job, error.jobs);
      }
    }
    this.waiting.pop();
  }

  private async settleBefore(job: Job, others: ReadonlySet<Job>): Promise<void> {
    for (const other of others) {
      const at = this.waiting.indexOf(other);
      if (at < 0) await this.settle(other);
      else for (const one of this.waiting.slice(at)) one.refused ??= circular(this.waiting.slice(at));
      if (job.refused) return;
    }
  }

  /** What `bulkId:…` stands for; other values stand for themselves. */
  private idsFor(references: readonly string[]): readonly string[] {
    const open = new Set<Job>();
    const ids = references.map((reference) => {
      if (!reference.startsWith(PREFIX)) return reference;
      const bulkId = reference.slice(PREFIX.length);
      const job = this.byBulkId.get(bulkId);
      if (!job || bulkId === '')
        throw new Refusal('invalidValue', `bulkId "${bulkId}" is not that of an operation in this request.`);
      if (!job.outcome) open.add(job);
      else if (job.outcome.id === undefined) throw failed(bulkId, job.outcome.result);
      return job.outcome?.id ?? reference;
    });
    if (open.size > 0) throw new Awaits(open);
    return ids;
  }
}

const PREFIX = 'bulkId:';

/** SPEC section 6: of RFC 7644 section 3.7.1's two choices, the one that leaves nothing half done. */
const circular = (jobs: readonly Job[]): Refusal =>
  new Refusal('conflict', `Operations refer to each other in a circle: ${jobs.map(named).join(', ')}.`);

const named = ({ operation }: Job): string => `"${operation.bulkId ?? ''}"`;

const failed = (bulkId: string, { status }: OperationResult): Refusal =>
  new Refusal('conflict', `bulkId "${bulkId}" stands for nothing: its operation failed with ${status}.`);

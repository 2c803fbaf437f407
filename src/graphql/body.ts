// The body of a GraphQL request.
import { type Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import { bodyEncodingFault } from '../operation/bodyEncoding.js';
import { Refusal } from '../refusal.js';

const DEEPEST = 32;
/** Each is walked several times before anything is known of it. */
export const MOST_VALUES = 10_000;
/** The rest of the body is not read, so nothing that follows it on the connection would be. */
const CLOSE = { Connection: 'close' };

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: '1mb',
  onerror: (error, ctx) => {
    const { status } = error as { status?: number };
    if (status === 413) throw new Refusal('tooLarge', 'A GraphQL request may have 1 MiB.', CLOSE);
    // Nobody hears it: the caller has left.
    if (ctx.req.errored || !ctx.req.complete)
      throw new Refusal('invalidSyntax', 'The connection ended before the body did.');
    if (status === undefined || status >= 500) throw error;
    throw new Refusal('invalidSyntax', 'The body is not JSON in UTF-8.');
  },
});

/** Reads `ctx.request.body`. Refuses with `invalidSyntax` and `tooLarge`. */
export async function readBody(ctx: Context): Promise<void> {
  if (!ctx.is('json')) {
    throw new Refusal('unsupportedMediaType', 'A GraphQL request is sent as Content-Type: application/json.');
  }
  const fault = bodyEncodingFault(ctx.req.headers);
  if (fault !== undefined) throw new Refusal('unsupportedMediaType', fault);
  // It says nothing any more, and the parser knows it in lower case only.
  delete ctx.req.headers['content-encoding'];
  await parse(ctx, () => Promise.resolve());
  refuseTooMuch(ctx.request.body);
}

/** Level by level: what is nested deep enough would exhaust the stack of a recursion. */
function refuseTooMuch(body: unknown): void {
  let level: unknown[] = [body];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new Refusal('invalidValue', `Variables may nest ${DEEPEST} levels deep.`);
    values += level.length;
    if (values > MOST_VALUES) throw new Refusal('invalidValue', `Variables may have ${MOST_VALUES} values.`);
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
}

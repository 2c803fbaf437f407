// What no face has pronounced: a Refusal gets its plain status, anything else is a bug and becomes an incident.
import { randomUUID } from 'node:crypto';
import { type Middleware } from 'koa';
import { Refusal } from '../refusal.js';
import { answerError } from './errorAnswer.js';
import { type Log } from './logging.js';
import { type RequestState } from './requestLog.js';

/** Answers 500 with an incident id that is in the log beside the error; nothing internal is shown. */
export function errorBoundary(log: Log): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'unavailable') {
        return answerError(ctx, 503, error.message, error.headers);
      }
      // The caller left before the request was complete, or was read: nobody is there to be answered.
      if ((ctx.req.destroyed && !ctx.req.complete) || ctx.req.errored === error) return;
      const incident = randomUUID();
      log.error({ err: error, incident, requestId: ctx.state.requestId }, 'incident');
      answerError(ctx, 500, `Something went wrong on our side. Please report incident ${incident}.`);
    }
  };
}

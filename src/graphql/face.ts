// Placeholder: answers 501.
import { type Middleware } from 'koa';
import { type Deps } from '../deps.js';
import { answerError } from '../operation/errorAnswer.js';

export function graphqlFace(_deps: Deps): Middleware {
  return (ctx) => answerError(ctx, 501, 'Not built yet.');
}

// Whether what happened to a request is in order. A slow answer is only suspected here: it is asked again, alone.
import { answerFaults, leaks } from './answerFaults.js';
import { bytesOf, type FuzzRequest, isMisframed } from './fuzzRequest.js';
import { type Outcome } from './raw.js';

/** SPEC section 6: request line and headers. */
const LONGEST_HEAD = 40 * 1024;
/** SPEC asks for an answer; an administrator's patience ends here. */
export const SLOW_MS = 1000;
/** How long a connection may stay open on which the client has sent nonsense and closed its side. */
const MOST_OPEN_MS = 5000;

/** Sentences, none when all is well. */
export function faultsOf(request: FuzzRequest, outcome: Outcome): string[] {
  switch (outcome.ended) {
    case 'refused':
      return ['nobody listens any more'];
    case 'hung':
      return ['neither answered nor closed'];
    case 'closed':
      return mayBeClosed(request) ? [] : ['closed without an answer'];
    case 'answered':
      return outcome.answers.flatMap((answer, n) => {
        // What follows a misframed body is not the request that was meant.
        const about = n === 0 ? request : { ...request, method: 'GET', target: '*' };
        return [...answerFaults(about, answer), ...leaks(request, answer)];
      });
  }
}

/** Misframed requests, a tunnel, and what is so large that the refusal may not be heard while it is being sent. */
const mayBeClosed = (request: FuzzRequest): boolean =>
  isMisframed(request) ||
  request.method.startsWith('CONNECT') ||
  (request.body?.length ?? 0) > 1024 * 1024 ||
  bytesOf(request).length - (request.body?.length ?? 0) > LONGEST_HEAD;

/** Whether an answer took too long, where the client itself did not wait. */
export const isSlow = (request: FuzzRequest, { ms, ended }: Outcome): boolean =>
  ended !== 'hung' && ms > (isMisframed(request) ? MOST_OPEN_MS : SLOW_MS);

/** The same for findings of one kind, whatever their details. */
export const kindOf = (faults: readonly string[], { answers }: Outcome): string =>
  [...faults, `status ${answers.map(({ status }) => status).join() || 'none'}`]
    .map((fault) => fault.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#').replace(/\d{4,}/g, '#'))
    .sort()
    .join('; ');

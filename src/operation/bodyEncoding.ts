// How a body may be encoded on its way: not at all. What is small on the wire and large here is for attacks, and text in
// another charset may mean one thing to a proxy that looks at it and another thing here.
import { type IncomingHttpHeaders } from 'node:http';

/** What is wrong with the encoding of a body by its headers, in a sentence that says how to send it; else undefined. */
export function bodyEncodingFault(headers: IncomingHttpHeaders): string | undefined {
  if (!isPlain(headers['content-encoding'], 'identity')) return 'Send the body without a Content-Encoding.';
  // llhttp sees to it that `chunked` comes last.
  if (!isPlain(headers['transfer-encoding'], 'chunked')) return 'Send the body with no Transfer-Encoding but chunked.';
  return charsetsOf(headers['content-type'] ?? '').every((charset) => /^("?)utf-?8\1$/i.test(charset))
    ? undefined
    : 'Send the body in UTF-8.';
}

const charsetsOf = (contentType: string): string[] =>
  contentType
    .split(';')
    .slice(1)
    .map((parameter) => parameter.split('='))
    .filter(([name = '']) => name.trim().toLowerCase() === 'charset')
    .map(([, ...value]) => value.join('=').trim());

const isPlain = (given: string | undefined, plain: string): boolean =>
  given === undefined || given === '' || given.toLowerCase() === plain;

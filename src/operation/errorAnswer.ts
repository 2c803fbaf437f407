// Errors that are answered in front of the faces: start, drain, incidents, broken HTTP. Below /scim in SCIM's form
// (RFC 7644 section 3.12), else as plain JSON.
import { type Context } from 'koa';
import { isScimPath } from '../normalPath.js';
import { SCIM_JSON, scimErrorBody } from '../scimErrorBody.js';

/** The body and media type of an error on a path. */
export function errorBody(path: string, status: number, detail: string): { type: string; body: string } {
  return isScimPath(path)
    ? { type: SCIM_JSON, body: JSON.stringify(scimErrorBody(status, detail)) }
    : { type: 'application/json; charset=utf-8', body: JSON.stringify({ status, message: detail }) };
}

/** Answers a request with an error. */
export function answerError(
  ctx: Context,
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { type, body } = errorBody(ctx.path, status, detail);
  ctx.status = status;
  ctx.set(headers);
  ctx.set('Content-Type', type);
  ctx.body = body;
}

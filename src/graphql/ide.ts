// GraphiQL for browsers, from our own files: nothing is loaded from elsewhere. Where its packages are not installed
// (`npm ci --omit=dev`), browsers are told what /graphql is like everybody else.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Context } from 'koa';
import { projectRoot } from '../projectRoot.js';

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const;

interface File {
  readonly type: string;
  readonly content: Buffer;
}

/** Only this page runs scripts, and only ours; the editor writes its own styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers GET /graphql where a page is asked for, and GET of the page's files below it. Returns whether it did. */
export function ide(): (ctx: Context) => boolean {
  const files = pageFiles();
  return (ctx) => {
    const { method, path } = ctx;
    if (method !== 'GET' || !path.startsWith('/graphql')) return false;
    const isPage = path === '/graphql' && ctx.accepts('json', 'html') === 'html';
    const file = files.get(isPage ? 'index.html' : path.replace('/graphql/ide/', ''));
    if (!file) return false;
    ctx.set('Content-Security-Policy', POLICY);
    ctx.set('Cache-Control', isPage ? 'no-store' : 'public, max-age=3600');
    ctx.type = file.type;
    ctx.body = file.content;
    return true;
  };
}

function pageFiles(): ReadonlyMap<string, File> {
  const require = createRequire(import.meta.url);
  const ours = (name: string) => join(projectRoot(), 'web', 'graphiql', name);
  const beside = (part: string, path: string) => join(require.resolve(`${part}/package.json`), '..', path);
  try {
    return new Map(
      [
        ['index.html', ours('index.html')],
        ['ide.css', ours('ide.css')],
        ['ide.js', ours('ide.js')],
        ['graphiql.css', beside('graphiql', 'graphiql.min.css')],
        ['graphiql.js', beside('graphiql', 'graphiql.min.js')],
        ['react.js', beside('react', 'umd/react.production.min.js')],
        ['react-dom.js', beside('react-dom', 'umd/react-dom.production.min.js')],
      ].map(([name = '', path = '']) => [name, { type: typeOf(name), content: readFileSync(path) }]),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return new Map();
    throw error;
  }
}

const typeOf = (name: string): string => TYPES[name.slice(name.lastIndexOf('.') + 1) as keyof typeof TYPES];

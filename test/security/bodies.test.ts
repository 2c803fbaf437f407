import { expect } from 'chai';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { aUser } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { answersTo } from './socket.js';

interface Face {
  readonly path: string;
  readonly type: string;
  /** A body that is accepted where nothing is wrong with its encoding. */
  readonly body: string;
  readonly accepted: number;
  readonly authorization: string;
  /** What an error of this face says, as text. */
  said(body: unknown): string;
}

describe('how bodies are encoded', () => {
  let tenant: TestTenant;
  let faces: readonly Face[];
  before(async () => {
    tenant = await aTenant();
    const { clientId, clientSecret } = tenant;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    faces = [
      {
        path: '/scim/v2/Users/.search',
        type: 'application/scim+json',
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
          filter: 'title eq "é"',
        }),
        accepted: 200,
        authorization: `Authorization: Bearer ${tenant.token}\r\n`,
        said: (body) => (body as { detail: string }).detail,
      },
      {
        path: '/graphql',
        type: 'application/json',
        body: JSON.stringify({ query: '{ viewer { __typename } }', operationName: null }),
        accepted: 200,
        authorization: `Authorization: Bearer ${await tenant.personToken()}\r\n`,
        said: (body) => (body as { errors: { message: string }[] }).errors[0]?.message ?? '',
      },
      {
        path: '/oauth2/token',
        type: 'application/x-www-form-urlencoded',
        body: String(new URLSearchParams(form)),
        accepted: 200,
        authorization: '',
        said: (body) => (body as { error_description: string }).error_description,
      },
    ];
  });

  const ask = async ({ path, authorization }: Face, headers: readonly string[], body: Buffer) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization}${headers.map((line) => `${line}\r\n`).join('')}`;
    const text = `${head}Content-Length: ${body.length}\r\n\r\n${body.toString('latin1')}`;
    const [answer] = await answersTo(tenant.server.url, Buffer.from(text, 'latin1'));
    return { status: answer?.status, body: JSON.parse(answer?.body.toString() ?? '') as unknown };
  };

  it('2.6: what is compressed is refused with 415, on every face, and the reason says how to send it', async () => {
    const compress = {
      gzip: gzipSync,
      'x-gzip': gzipSync,
      deflate: deflateSync,
      br: brotliCompressSync,
      'identity, gzip': gzipSync,
    };
    for (const face of faces) {
      for (const [encoding, pack] of Object.entries(compress)) {
        const { status, body } = await ask(
          face,
          [`Content-Type: ${face.type}`, `Content-Encoding: ${encoding}`],
          pack(face.body),
        );
        expect([status, face.said(body)], `${face.path} ${encoding}`).to.deep.equal([
          415,
          'Send the body without a Content-Encoding.',
        ]);
      }
      for (const plain of ['identity', 'IDENTITY', '']) {
        const { status } = await ask(
          face,
          [`Content-Type: ${face.type}`, `Content-Encoding: ${plain}`],
          Buffer.from(face.body),
        );
        expect(status, `${face.path} ${plain}`).to.equal(face.accepted);
      }
    }
  });

  it('2.6: two Content-Encoding headers hide nothing', async () => {
    for (const face of faces) {
      const two = [`Content-Type: ${face.type}`, 'Content-Encoding: identity', 'Content-Encoding: gzip'];
      expect((await ask(face, two, gzipSync(face.body))).status, face.path).to.equal(415);
    }
  });

  it('G9: text in another charset than UTF-8 is refused with 415', async () => {
    const others = [
      'utf-16',
      'iso-8859-1',
      '"utf-16le"',
      "'utf-8'",
      'utf-7',
      'x',
      '',
      '"utf-8',
      'utf-8; charset=utf-16',
    ];
    for (const face of faces) {
      for (const charset of others) {
        const { status, body } = await ask(
          face,
          [`Content-Type: ${face.type}; charset=${charset}`],
          Buffer.from(face.body),
        );
        expect([status, face.said(body)], `${face.path} ${charset}`).to.deep.equal([415, 'Send the body in UTF-8.']);
      }
      for (const charset of [
        'charset=utf-8',
        'Charset="UTF-8"',
        'charset=utf8',
        'x=y;charset=utf-8',
        'charset = utf-8 ; x=y',
      ]) {
        const { status } = await ask(face, [`Content-Type: ${face.type}; ${charset}`], Buffer.from(face.body));
        expect(status, `${face.path} ${charset}`).to.equal(face.accepted);
      }
    }
  });

  it('2.6: who has no token hears nothing about the body', async () => {
    for (const face of faces.slice(0, 2)) {
      const headers = [`Content-Type: ${face.type}; charset=utf-16`, 'Content-Encoding: gzip'];
      expect((await ask({ ...face, authorization: '' }, headers, gzipSync(face.body))).status).to.equal(401);
    }
  });

  it('2.6: a body of each face has its limit, told by its length or by its bytes', async () => {
    const MOST = { '/scim/v2/Users/.search': 4 * 1024 * 1024, '/graphql': 1024 * 1024, '/oauth2/token': 8 * 1024 };
    for (const face of faces) {
      const most = MOST[face.path as keyof typeof MOST];
      const head = `POST ${face.path} HTTP/1.1\r\nHost: x\r\n${face.authorization}Content-Type: ${face.type}\r\n`;
      const chunk = `${(most + 1).toString(16)}\r\n${'x'.repeat(most + 1)}\r\n`;
      for (const framed of [
        `Content-Length: ${most + 1}\r\n\r\n${'x'.repeat(most + 1)}`,
        `Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`,
      ]) {
        const [answer] = await answersTo(tenant.server.url, head + framed);
        expect([answer?.status, answer?.headers.get('connection')], face.path).to.deep.equal([413, 'close']);
      }
    }
  });

  it('has a control: these requests are answered when nothing is wrong with them', async () => {
    for (const face of faces)
      expect((await ask(face, [`Content-Type: ${face.type}`], Buffer.from(face.body))).status).to.equal(face.accepted);
    expect((await tenant.scim('POST', '/Users', aUser())).status).to.equal(201);
  });
});

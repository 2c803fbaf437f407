import { expect } from 'chai';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { projectRoot } from '../../src/projectRoot.js';
import { type Log, libraryLog, logOptions } from '../../src/operation/logging.js';

const NAME = 'Mara Vos-Canary';

/** What is written, line by line. */
function logged(write: (log: Log) => void): string[] {
  const lines: string[] = [];
  write(pino(logOptions('debug'), { write: (line) => void lines.push(line) }));
  return lines;
}

describe('the log', () => {
  it('2.7: leaves out fields that are not listed, and says which', () => {
    const [line = ''] = logged((log) =>
      log.info({ requestId: 'r', userName: NAME, [NAME]: 1, filter: NAME }, 'request'),
    );
    expect(JSON.parse(line)).to.include({ requestId: 'r', msg: 'request' });
    expect(JSON.parse(line).left_out).to.have.members(['userName', '?', 'filter']);
    expect(line).to.not.include('Mara');
  });

  it('2.7: has no values of the errors it tells: not the message, the details, the query, the cause', () => {
    const database = Object.assign(new Error(`invalid input syntax for type uuid: "${NAME}"`), {
      code: '22P02',
      detail: `Key (user_name)=(${NAME}) already exists.`,
      where: `unnamed portal parameter $1 = '${NAME}'`,
      hint: NAME,
      constraint: 'directory_user_pkey',
      table: NAME,
      internalQuery: `select '${NAME}'`,
      parameters: [NAME],
    });
    const query = new GraphQLError(`Variable "$x" got invalid value { name: "${NAME}" }`, {
      extensions: { NAME },
      originalError: database,
    });
    const unreadable = (() => {
      try {
        return JSON.parse(`"${NAME}" ${NAME}`) as Error;
      } catch (error) {
        return error as Error;
      }
    })();
    const errors = [
      database,
      query,
      unreadable,
      new Error(`Nobody is called '${NAME}'`),
      new Error(`${NAME.toLowerCase().replace(/\W/g, '.')}@fabriek.example is taken`),
      new Error(`Validation failed\nentity: User { name: ${NAME} }`),
      new Error('broken', { cause: database }),
      new AggregateError([database, query], 'several'),
      Object.assign(new Error('with its insides'), { body: NAME, request: { headers: { authorization: NAME } } }),
    ];
    for (const error of errors) {
      for (const lines of [
        logged((log) => log.error({ err: error }, 'incident')),
        logged((log) => log.error({ err: error })),
        logged((log) => log.error(error)),
        logged((log) => log.error(error, 'incident')),
        logged((log) => libraryLog(log, 'Apollo Server').error(error)),
        logged((log) => libraryLog(log, 'Apollo Server').error(`Unexpected "${NAME}": ${error.stack}`)),
      ]) {
        expect(lines).to.have.length(1);
        expect(lines[0], String(error)).to.not.match(/mara|canary/i);
      }
    }
  });

  it('tells of an error what is needed to find it', () => {
    const error = Object.assign(new TypeError(`Cannot read "${NAME}"`), {
      code: '23505',
      constraint: 'membership_pkey',
    });
    const [line = ''] = logged((log) => log.error({ err: error, incident: 'i' }, 'incident'));
    const { err, incident, msg } = JSON.parse(line);
    expect([incident, msg]).to.deep.equal(['i', 'incident']);
    expect(err).to.include({
      type: 'TypeError',
      message: 'Cannot read …',
      code: '23505',
      constraint: 'membership_pkey',
    });
    expect(err.stack).to.match(/^ +at .*logging\.test\.ts:\d+:\d+/);
  });

  it('2.7: puts no values into its sentences', () => {
    const [line = ''] = logged((log) => log.info('no such person: %s', NAME));
    expect(line).to.not.include('Mara');
    expect(logged((log) => log.warn({ reason: `lost "${NAME}" at ${NAME.slice(0, 4)}@x` }, 'x'))[0]).to.not.include(
      'Mara',
    );
  });

  it('2.7: is one line a record, whatever is in it', () => {
    const control = fc.string({
      unit: fc.constantFrom('\n', '\r', '\0', '\x1b', '\x7f', '\u2028', '"', '}', 'a', '\ud800', '{"level":60}'),
    });
    fc.assert(
      fc.property(control, control, (text, other) => {
        const lines = logged((log) => log.warn({ tenant: text, reason: other, err: new Error(text) }, 'request'));
        expect(lines).to.have.length(1);
        expect([...(lines[0]?.slice(0, -1) ?? '')].filter((character) => character < ' ')).to.deep.equal([]);
        expect(JSON.parse(lines[0] ?? '').level).to.equal(40);
      }),
    );
  });

  it('2.7: lists every field that is logged anywhere', () => {
    const source = join(projectRoot(), 'src');
    const CALLS = /\blog(?:\.\w+|\[[^\]]+\])\(\s*\{([^}]*)\}/g;
    const named = readdirSync(source, { recursive: true })
      .map((name) => join(source, String(name)))
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(CALLS)])
      .flatMap(([, fields = '']) => fields.split(',').map((field) => field.split(':')[0]?.trim() ?? ''))
      .filter((name) => name !== '');
    expect(named).to.include.members(['err', 'requestId', 'signal']);
    const [line = ''] = logged((log) => log.info(Object.fromEntries(named.map((name) => [name, 1])), 'x'));
    expect(JSON.parse(line)).to.not.have.property('left_out');
  });

  it('has a control: plain pino tells the name', () => {
    const lines: string[] = [];
    pino({}, { write: (line) => void lines.push(line) }).info({ userName: NAME }, 'request');
    expect(lines.join()).to.include(NAME);
  });
});

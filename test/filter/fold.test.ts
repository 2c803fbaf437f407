import { expect } from 'chai';
import { fold } from '../../src/attribute/attributeType.js';
import { theServer } from '../support/server.js';

const LAST = 0x10ffff;

/** Every character, with what it is folded to where that is another. */
const FOLDED_BY_DATABASE = `select character, fold(character) as folded
  from (select chr(n) as character from generate_series(1, $1::int) n where n not between 55296 and 57343) each
  where fold(character) <> character order by ascii(character)`;

const isFolded = (code: number): boolean => {
  const character = String.fromCodePoint(code);
  return (code < 0xd800 || code > 0xdfff) && fold(character) !== character;
};

describe('the folding of text', () => {
  it('is the same in the database as in the service, for every character of Unicode', async () => {
    const { deps } = await theServer();
    const { rows } = await deps.db.pool.query<{ character: string; folded: string }>(FOLDED_BY_DATABASE, [LAST]);
    const byService = Array.from({ length: LAST + 1 }, (_, code) => code)
      .filter(isFolded)
      .map((code) => [String.fromCodePoint(code), fold(String.fromCodePoint(code))].join(' '));
    // As one text: comparing thousands of values one by one would take seconds.
    expect(rows.map(({ character, folded }) => `${character} ${folded}`).join('\n')).to.equal(byService.join('\n'));
  });

  it('is the same for sigmas and marks beside each other', async () => {
    const { deps } = await theServer();
    const pieces = [
      'Σ',
      'σ',
      'ς',
      'a',
      '.',
      ' ',
      '\u0301',
      'İ',
      'i',
      'ı',
      'I',
      'J',
      '\u0307',
      '\u0345',
      '\u00ad',
      '😀',
      'Ა',
    ];
    const texts = pieces.flatMap((one) => pieces.flatMap((two) => pieces.map((three) => one + two + three)));
    const { rows } = await deps.db.pool.query<{ text: string; folded: string }>(
      'select text, fold(text) as folded from unnest($1::text[]) text',
      [texts],
    );
    expect(rows.filter(({ text, folded }) => fold(text) !== folded)).to.deep.equal([]);
  });
});

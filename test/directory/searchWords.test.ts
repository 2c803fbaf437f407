import { expect } from 'chai';
import fc from 'fast-check';
import { fold } from '../../src/attribute/attributeType.js';
import { searchedPrefixes, searchWords } from '../../src/directory/searchWords.js';
import { theServer } from '../support/server.js';
import { runsOf, SEED } from '../support/property.js';

const letters = [...'aAbB1éÉΣς王𝒳', ' ', '\t', '\u00a0', '\u3000', "'", '’', '-', '–', '.', '_', '@', '+', '(', '·'];
const aText = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map((given) => given.join(''));

const options = { seed: SEED, numRuns: runsOf({ usual: 100, deep: 5000 }) };

describe(`the words people and groups are searched by (seed ${SEED})`, () => {
  it('begin after spaces and signs, and go on to the next space', () => {
    expect(searchWords(['Anna de Vries-Smit'])).to.deep.equal(['anna', 'de', 'smit', 'vries-smit']);
    expect(searchWords(['Anna.Smit@Fabriek.example'])).to.deep.equal([
      'anna.smit@fabriek.example',
      'fabriek.example',
      'smit@fabriek.example',
    ]);
    expect(searchWords(['@handle', 'x@-y'])).to.deep.equal(['handle', 'x@-y', 'y']);
    expect(searchWords([null, undefined, ' ', '-'])).to.deep.equal([]);
  });

  it('leave out what another word begins with', () => {
    expect(searchWords(['Anna Annabel', 'anna@x.example', 'anna'])).to.deep.equal([
      'anna@x.example',
      'annabel',
      'x.example',
    ]);
  });

  it('are bounded in length and number', () => {
    expect(searchWords(['𝒳'.repeat(100)])).to.deep.equal(['𝒳'.repeat(64)]);
    expect(searchWords([Array.from({ length: 300 }, (_, n) => `w${n}w`).join(' ')])).to.have.length(40);
    expect(searchWords([`${'a.'.repeat(1_000_000)}`])).to.have.length(1);
    expect(searchedPrefixes('𝒳'.repeat(100))).to.deep.equal(['𝒳'.repeat(64)]);
  });

  it('are the same for those who were there before, whose words the migration made', async () => {
    const { pool } = (await theServer()).deps.db;
    await fc.assert(
      fc.asyncProperty(fc.array(aText, { maxLength: 3 }), async (texts) => {
        const { rows } = await pool.query<{ word: string }>('select search_words($1) as word', [texts]);
        const migrated = rows.map(({ word }) => word);
        const words = searchWords(texts);
        expect(migrated).to.include.members(words);
        for (const word of migrated)
          expect(
            words.some((one) => one.startsWith(word)),
            word,
          ).to.equal(true);
      }),
      options,
    );
  });

  it('are found by the beginning of any of them', () => {
    fc.assert(
      fc.property(aText, fc.nat(), fc.nat(), (text, start, length) => {
        const tokens = fold(text)
          .split(/[\s\u0085]+/u)
          .filter((token) => /[\p{L}\p{N}]/u.test(token));
        fc.pre(tokens.length > 0);
        const token = tokens[start % tokens.length] ?? '';
        const asked = token.slice(0, 1 + (length % token.length)).toWellFormed();
        fc.pre(!asked.includes('\ufffd'));
        for (const prefix of searchedPrefixes(asked))
          expect(
            searchWords([text]).some((word) => word.startsWith(prefix)),
            `${prefix} of ${text}`,
          ).to.equal(true);
      }),
      options,
    );
  });
});

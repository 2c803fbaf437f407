import { expect } from 'chai';
import { type Filter, printFilter } from '../../src/filter/filter.js';
import { parseFilter, parsePatchPath } from '../../src/filter/parseFilter.js';
import { enterprise, refusalOf, strict } from './asking.js';

const parse = (text: string): Filter => parseFilter(text, strict);
const reprint = (text: string): string => printFilter(parse(text));
const refused = (text: string): string => refusalOf(() => parse(text));

describe('parseFilter', () => {
  // RFC 7644 section 3.4.2.2, figure 1.
  const RFC_EXAMPLES = [
    'userName eq "bjensen"',
    'name.familyName co "O\'Malley"',
    'userName sw "J"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"',
    'title pr',
    'meta.lastModified gt "2011-05-13T04:42:34Z"',
    'title pr and userType eq "Employee"',
    'title pr or userType eq "Intern"',
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
    'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
    'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
    'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
    'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
  ];
  for (const example of RFC_EXAMPLES) {
    it(`reads the RFC's ${example}`, () => {
      expect(reprint(example)).to.equal(example);
    });
  }

  it('says what was compared, how and where', () => {
    expect(parse('title pr and name.familyName CO "x"')).to.deep.equal({
      kind: 'and',
      column: 1,
      filters: [
        { kind: 'present', column: 1, path: { text: 'title', name: 'title' } },
        {
          kind: 'compare',
          column: 14,
          path: { text: 'name.familyName', name: 'name', sub: 'familyName' },
          operator: 'co',
          literal: 'x',
        },
      ],
    });
  });

  it('binds not before and, and and before or', () => {
    const filter = parse('a pr or not (b pr) and c pr');
    expect(filter.kind).to.equal('or');
    expect(reprint('(a pr or (not (b pr) and c pr))')).to.equal('a pr or (not (b pr) and c pr)');
    expect(filter.kind === 'or' && filter.filters.map((one) => one.kind)).to.deep.equal(['present', 'and']);
  });

  it('takes operators, keywords and constants in any case', () => {
    expect(reprint('a EQ TRUE AND NOT (b Pr) Or c Ne Null')).to.equal('(a eq true and not (b pr)) or c ne null');
  });

  it('tolerates surplus white space', () => {
    expect(reprint(' \t( a  eq\r\n"x"   and  not  (  b  pr ) ) ')).to.equal('a eq "x" and not (b pr)');
    expect(reprint('emails [ type eq "work" ] .value eq "x"')).to.equal('emails[type eq "work" and value eq "x"]');
    expect(reprint('not(a pr)')).to.equal('not (a pr)');
  });

  it('decodes the escapes of JSON, and numbers as they were written', () => {
    expect(parse('a eq "\\u0041\\n\\"\\\\\\/\\ud83d\\ude00"')).to.include({ literal: 'A\n"\\/😀' });
    expect(parse('a eq -1.50E+2')).to.include({ literal: -150, digits: '-1.50E+2' });
  });

  it('reads a comparison after the brackets as one of the same element', () => {
    expect(reprint('emails[type eq "work"].value eq "a@b"')).to.equal('emails[type eq "work" and value eq "a@b"]');
    expect(reprint('emails[type eq "a" or type eq "b"].value pr')).to.equal(
      'emails[(type eq "a" or type eq "b") and value pr]',
    );
    expect(refused('emails[type eq "work"].value.x eq "a"')).to.equal(
      'invalidFilter: expected a sub-attribute at column 23',
    );
  });

  it('reads $ref', () => {
    expect(reprint('members[$ref eq "x"] or members.$ref pr')).to.equal('members[$ref eq "x"] or members.$ref pr');
  });

  it('takes unquoted text only where it may, and says so', () => {
    expect(refused('externalId eq jyoung')).to.equal('invalidFilter: expected a value in double quotes at column 15');
    const notes: string[] = [];
    const options = { unquotedStrings: true, note: (leniency: string) => void notes.push(leniency) };
    expect(parseFilter('externalId eq jyoung@x.example and a eq "x"', options)).to.have.nested.include({
      'filters[0].literal': 'jyoung@x.example',
    });
    expect(notes).to.deep.equal(['unquotedFilterValue']);
    expect(refusalOf(() => parseFilter("a eq 'x'", options))).to.contain('column 6');
    expect(refusalOf(() => parseFilter('a eq and b pr', options))).to.contain('column 6');
  });

  const MALFORMED: Record<string, string> = {
    '': 'expected an attribute name at column 1',
    '   ': 'expected an attribute name at column 4',
    userName: 'expected an operator at column 9',
    'userName eq': 'expected a value at column 12',
    'userName eq "x': 'the quotation mark is never closed at column 13',
    'userName xx "x"': 'expected an operator at column 10',
    'userName eq "x" active eq true': 'expected "and", "or" or the end at column 17',
    'userName eq "x" and': 'expected a space after "and" at column 20',
    'userName eq "x" and ': 'expected an attribute name at column 21',
    'and pr': 'expected an attribute name at column 1',
    'not active eq true': 'expected "(" at column 5',
    '(title pr': 'expected "and", "or" or ")" at column 10',
    'title pr)': 'expected "and", "or" or the end at column 9',
    '()': 'expected an attribute name at column 2',
    'emails[]': 'expected an attribute name at column 8',
    'emails[type eq "work"': 'expected "and", "or" or "]" at column 22',
    'emails[type eq "work")': 'expected "and", "or" or "]" at column 22',
    'emails.value[type pr]': 'brackets do not go after a sub-attribute at column 13',
    'a.b.c pr': 'expected an attribute name at column 1',
    '9a pr': 'expected an attribute name at column 1',
    'a eq 01': 'expected a value in double quotes at column 6',
    'a eq 1e999': 'the number is too large at column 6',
    'a eq "\\x"': 'the text is not a JSON string at column 6',
    'a eq "one\ntwo"': 'the text is not a JSON string at column 6',
    'a eq"x"': 'expected a space before the value at column 5',
    '(a pr)and (b pr)': 'expected a space before "and" at column 7',
    'a eq "\\u0000"': 'a NUL character is not allowed at column 6',
    'a eq "\\ud800"': 'half of a surrogate pair is not allowed at column 6',
    'a eq "😀" or b': 'expected an operator at column 14',
  };
  for (const [text, message] of Object.entries(MALFORMED)) {
    it(`refuses ${JSON.stringify(text)} with the place`, () => {
      expect(refused(text)).to.equal(`invalidFilter: ${message}`);
    });
  }

  it('S3: takes 32 levels of brackets of all kinds and refuses one more', () => {
    const nested = (levels: number) => `${'('.repeat(levels - 2)}not (a[b pr])${')'.repeat(levels - 2)}`;
    expect(reprint(nested(32))).to.equal('not (a[b pr])');
    expect(refused(nested(33))).to.equal('invalidFilter: more than 32 levels of brackets at column 38');
    expect(refused('('.repeat(8000))).to.contain('more than 32 levels');
    const sideBySide = Array<string>(40).fill('(a pr)').join(' or ');
    expect(parse(sideBySide)).to.have.property('filters').with.length(40);
  });

  it('S3: takes 200 comparisons and refuses one more', () => {
    const terms = (count: number) => Array<string>(count).fill('a pr').join(' or ');
    expect(parse(terms(200)))
      .to.have.property('filters')
      .with.length(200);
    expect(refused(terms(201))).to.equal('invalidFilter: more than 200 comparisons at column 1601');
  });

  it('S3: takes 8 KiB and refuses one byte more', () => {
    const ofBytes = (bytes: number) => `a eq "${'é'.repeat((bytes - 8) / 2)}" `;
    expect(parse(ofBytes(8192)).kind).to.equal('compare');
    expect(refused(`${ofBytes(8192)} `)).to.equal(
      'invalidFilter: the expression is longer than 8192 bytes at column 4101',
    );
  });

  it('S4: reads long hostile text at once', () => {
    for (const text of [
      `a eq "${'\\'.repeat(8000)}`,
      `urn:${'a:.'.repeat(2700)}! pr`,
      'a '.repeat(4000),
      `a eq ${'1'.repeat(8000)}x`,
    ]) {
      const start = performance.now();
      expect(refused(text)).to.match(/^invalidFilter/);
      expect(performance.now() - start).to.be.below(200);
    }
  });
});

describe('parsePatchPath', () => {
  const path = (text: string) => parsePatchPath(text, strict);

  it('reads an attribute and a sub-attribute', () => {
    expect(path('members')).to.deep.equal({ path: { text: 'members', name: 'members' } });
    expect(path(' name.familyName ')).to.deep.equal({
      path: { text: 'name.familyName', name: 'name', sub: 'familyName' },
    });
  });

  it('reads brackets and the sub-attribute after them', () => {
    const { path: at, filter } = path('addresses[type eq "work"].streetAddress');
    expect(at).to.deep.equal({
      text: 'addresses[type eq "work"].streetAddress',
      name: 'addresses',
      sub: 'streetAddress',
    });
    expect(filter && printFilter(filter)).to.equal('type eq "work"');
    expect(path('members[value eq "x"]').path.sub).to.equal(undefined);
  });

  it('keeps the URN of an extension, and a name after it', () => {
    expect(path(enterprise).path.text).to.equal(enterprise);
    expect(path(`${enterprise}:manager.value`).path).to.include({ schema: enterprise, name: 'manager', sub: 'value' });
  });

  const MALFORMED: Record<string, string> = {
    '': 'expected an attribute name at column 1',
    'name.': 'expected an attribute name at column 1',
    'emails[type eq "work"': 'expected "and", "or" or "]" at column 22',
    'emails[type eq "work"]value': 'expected the end of the path at column 23',
    'emails[type eq "work"].value.x': 'expected a sub-attribute at column 23',
    'title eq "x"': 'expected the end of the path at column 7',
    'name.familyName[a pr]': 'brackets do not go after a sub-attribute at column 16',
  };
  for (const [text, message] of Object.entries(MALFORMED)) {
    it(`refuses ${JSON.stringify(text)} as a path`, () => {
      expect(refusalOf(() => path(text))).to.equal(`invalidPath: ${message}`);
    });
  }
});

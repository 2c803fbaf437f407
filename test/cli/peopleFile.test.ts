import { expect } from 'chai';
import { readPeopleFile } from '../../src/cli/peopleFile.js';
import { Refusal } from '../../src/refusal.js';

const read = (text: string) => readPeopleFile(new TextEncoder().encode(text));
const values = (text: string) => read(text).people.map((person) => person.values as unknown);
const refusal = (bytes: Uint8Array): string => {
  try {
    readPeopleFile(bytes);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
  }
  return 'no refusal';
};

describe('a file of people', () => {
  it('has commas or semicolons, a byte order mark or none, and either end of line', () => {
    const expected = [
      {
        userName: 'ada@x.example',
        emails: [{ value: 'ada@x.example', type: 'work', primary: true }],
        title: 'Chef, hoofd',
        name: { familyName: 'Bäcker' },
        active: true,
      },
    ];
    const comma = 'userName,email,title,familyName\nada@x.example,ada@x.example,"Chef, hoofd",Bäcker\n';
    const semicolon = '\uFEFFUSERNAME; Email ;title;familyname\r\nada@x.example;ada@x.example;"Chef, hoofd";Bäcker\r\n';
    expect(values(comma)).to.deep.equal(expected);
    expect(values(semicolon)).to.deep.equal(expected);
  });

  it('may quote values with quotes, separators and line breaks in them', () => {
    const [first] = values('userName,displayName\na@x.example,"Ann ""The Boss"", of\nBakers"\n') as {
      displayName: string;
    }[];
    expect(first?.displayName).to.equal('Ann "The Boss", of\nBakers');
  });

  it('says whether people are active and protected; blank is unassigned, and active', () => {
    const text = 'userName,active,protected,title\na@x,no,YES,\nb@x,,,\nc@x,1,0,x\n';
    expect(values(text)).to.deep.equal([
      { userName: 'a@x', active: false, protected: true, title: null },
      { userName: 'b@x', active: true, title: null },
      { userName: 'c@x', active: true, protected: false, title: 'x' },
    ]);
  });

  it('tells each mistake by the number of its line, past blank lines and values of several lines', () => {
    const text = `userName,email,active,title
ok@x.example,,,"two
lines"

 ,a@x.example,,
b@x.example,nonsense,,
c@x.example,,perhaps,
d@x.example,
e@x.example,,,${'x'.repeat(501)}
fine@x.example,,,
`;
    const { people, mistakes } = read(text);
    expect(people.map(({ line }) => line)).to.deep.equal([2, 10]);
    expect(mistakes.map(({ line, column }) => [line, column] as unknown)).to.deep.equal([
      [5, 'userName'],
      [6, 'email'],
      [7, 'active'],
      [8, null],
      [9, 'title'],
    ]);
  });

  it('is refused as a whole when it is none', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(refusal(bytes(''))).to.match(/empty/);
    expect(refusal(bytes('name,email\nx,y\n'))).to.match(/Unknown columns: "name"\. Columns are userName, email/);
    expect(refusal(bytes('email\nx@x\n'))).to.match(/no column userName/);
    expect(refusal(bytes('userName,username\nx,y\n'))).to.match(/Named twice: userName/);
    expect(refusal(bytes('userName,title\na,"open\n'))).to.match(/not CSV.*line/i);
    expect(refusal(Uint8Array.from([117, 0xe9, 10]))).to.match(/not in UTF-8/);
  });
});

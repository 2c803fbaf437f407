import { expect } from 'chai';
import { filterMatches } from '../../src/filter/filterMatches.js';
import { askUsers, enterprise } from './asking.js';
import { type Json } from './reading/tree.js';

const matches = (text: string, resource: Json): boolean => filterMatches(askUsers(text), resource);

const mara: Json = {
  id: '0190',
  externalId: 'mvos',
  userName: 'Mara@Example.org',
  name: { familyName: 'Vos', givenName: '' },
  active: true,
  emails: [
    { value: 'mara@example.org', type: 'work', primary: true },
    { value: 'm@home.example', type: 'home' },
  ],
  phoneNumbers: [],
  [enterprise]: { department: 'Legal', manager: { value: 'Boss' } },
  meta: { created: '2020-01-02T00:00:00+01:00', version: 'W/"3"', location: 'https://x/Users/0190' },
};

describe('filterMatches', () => {
  const TRUE = [
    'userName eq "mARA@example.ORG"',
    'externalId eq "mvos"',
    'externalId ne "MVOS"',
    'name.familyName sw "vo"',
    'name.givenName eq ""',
    'name.givenName pr',
    'title ne "x"',
    'title eq null',
    'not (title eq "x")',
    'not (title gt "x")',
    'phoneNumbers eq null',
    'emails.value ew ".ORG"',
    'emails[type eq "home"].value eq "M@home.example"',
    'emails[primary ne true]',
    'emails[not (primary eq true) and type eq "home"]',
    'emails.value ne "x@example.org"',
    `${enterprise}:department eq "LEGAL"`,
    `${enterprise}:manager eq "Boss"`,
    `schemas eq "${enterprise}"`,
    'meta.created eq "2020-01-01T23:00:00Z"',
    'meta.created ge "2020-01-01T23:00:00Z" and meta.created lt "2020-01-01T23:00:00.001Z"',
    'meta.version eq "W/\\"3\\""',
    'meta.location eq "http://y/Users/0190"',
    'active eq true and (title pr or userName pr)',
  ];
  for (const text of TRUE) {
    it(`accepts by ${text}`, () => {
      expect(matches(text, mara)).to.equal(true);
    });
  }

  const FALSE = [
    'externalId eq "MVOS"',
    'title eq ""',
    'title pr',
    'title lt "x"',
    'phoneNumbers pr',
    'name.middleName pr',
    'name.familyName co "x"',
    'emails[type eq "work" and value co "home"]',
    'emails.value ne "MARA@example.org"',
    `${enterprise}:manager eq "boss"`,
    'active eq false',
    'active ne true',
    'meta.location eq "http://y/Users/0191"',
    'not (userName pr)',
  ];
  for (const text of FALSE) {
    it(`passes over by ${text}`, () => {
      expect(matches(text, mara)).to.equal(false);
    });
  }

  it('orders text by code point, not by UTF-16', () => {
    expect(matches('title gt "\uffff"', { title: '😀' })).to.equal(true);
    expect(matches('title lt "😀"', { title: '\ue000' })).to.equal(true);
  });

  it('folds as the directory does', () => {
    expect(matches('userName eq "σας"', { userName: 'ΣΑΣ' })).to.equal(true);
    expect(matches('userName eq "i"', { userName: 'ı' })).to.equal(false);
  });

  it('reads a value of another type as no match', () => {
    expect(matches('active eq true', { active: 'true' })).to.equal(false);
    expect(matches('title ge ""', { title: 5 })).to.equal(false);
    expect(matches('emails[type eq "work"]', { emails: 'work' })).to.equal(false);
    expect(matches('emails[type ne "work"]', { emails: [null, 'x'] })).to.equal(false);
  });
});

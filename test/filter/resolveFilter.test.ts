import { expect } from 'chai';
import { type Attribute } from '../../src/attribute/attribute.js';
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { EVERYTHING, NOTHING, type ResolvedFilter } from '../../src/filter/resolvedFilter.js';
import { resolveElementFilter } from '../../src/filter/resolveFilter.js';
import { askAsEntra, askGroups, askUsers, enterprise, refusalOf, strict } from './asking.js';

/** A resolved filter in one line: `emails[value eq "x"]`. */
function said(filter: ResolvedFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `${filter.kind}(${filter.filters.map(said).join(', ')})`;
    case 'not':
      return `not(${said(filter.filter)})`;
    case 'within':
      return `${filter.target.attribute.name}[${said(filter.filter)}]`;
    case 'related':
      return `${filter.relation}[${said(filter.filter)}]`;
    case 'word':
      return `word ${filter.prefix}`;
    case 'present':
      return `${nameOf(filter)} pr`;
    case 'compare':
      return `${nameOf(filter)} ${filter.operator} ${JSON.stringify(filter.value)}`;
  }
}
const nameOf = ({ target: { attribute, sub } }: Extract<ResolvedFilter, { kind: 'present' | 'compare' }>): string =>
  sub ? `${attribute.name}.${sub.name}` : attribute.name;

const user = (text: string) => said(askUsers(text));

describe('resolveFilter', () => {
  const MEANINGS: Record<string, string> = {
    'USERNAME eq "x"': 'userName eq "x"',
    'urn:IETF:params:scim:schemas:CORE:2.0:user:name.familyname sw "J"': 'name.familyName sw "J"',
    [`${enterprise}:department eq "Legal"`]: 'department eq "Legal"',
    'active eq true': 'active eq true',
    'meta.created gt "2011-05-13T04:42:34Z"': 'meta.created gt "2011-05-13T04:42:34.000Z"',
    'title ne "x"': 'not(title eq "x")',
    'title eq null': 'not(title pr)',
    'title ne null': 'not(not(title pr))',
    'emails eq "x"': 'emails[value eq "x"]',
    'emails.value ne "x"': 'not(emails[value eq "x"])',
    'emails.type eq null': 'not(emails[type pr])',
    'emails pr': 'emails pr',
    'emails.value pr': 'emails[value pr]',
    'emails[type eq "work" and value co "x"]': 'emails[and(type eq "work", value co "x")]',
    'emails[type eq "work"].value eq "x"': 'emails[and(type eq "work", value eq "x")]',
    'emails[value ne "x"]': 'emails[not(value eq "x")]',
    [`${enterprise}:manager eq "x"`]: 'manager.value eq "x"',
    'name[familyName eq "x"]': 'and(name pr, name.familyName eq "x")',
    'groups eq "x"': 'groups[value eq "x"]',
    'meta.version eq "W/\\"3\\""': 'meta.version eq "W/\\"3\\""',
    'meta.resourceType eq "User"': said(EVERYTHING),
    'meta.resourceType eq "user"': said(NOTHING),
    'meta.location eq "https://x/scim/v2/Users/7"': 'meta.location ew "/Users/7"',
    'meta.location eq "https://x/scim/v2/Groups/7"': said(NOTHING),
    [`${enterprise}:manager.$ref eq "../Users/7"`]: 'manager.$ref ew "/Users/7"',
    'groups.$ref eq "Groups/7"': 'groups[$ref ew "/Groups/7"]',
    'schemas eq "URN:ietf:params:scim:schemas:core:2.0:User"': said(EVERYTHING),
    'schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"': said(NOTHING),
    'schemas pr': said(EVERYTHING),
    'meta pr': said(EVERYTHING),
  };
  for (const [text, meaning] of Object.entries(MEANINGS)) {
    it(`understands ${text}`, () => {
      expect(user(text)).to.equal(meaning);
    });
  }

  it('knows that no moment is between two milliseconds', () => {
    const at = '2020-01-01T00:00:00.123';
    expect(user(`meta.created eq "${at}4Z"`)).to.equal(said(NOTHING));
    expect(user(`meta.created ne "${at}4Z"`)).to.equal(said({ kind: 'not', filter: NOTHING }));
    for (const operator of ['gt', 'ge']) {
      expect(user(`meta.created ${operator} "${at}000001Z"`)).to.equal(user(`meta.created gt "${at}Z"`));
    }
    for (const operator of ['lt', 'le']) {
      expect(user(`meta.created ${operator} "${at}999Z"`)).to.equal(user(`meta.created le "${at}Z"`));
    }
    expect(user(`meta.created eq "${at}000Z"`)).to.equal(user(`meta.created eq "${at}Z"`));
  });

  it('finds an extension among the schemas by any value of it', () => {
    expect(user(`schemas eq "${enterprise.toUpperCase()}"`)).to.equal(
      'or(employeeNumber pr, costCenter pr, organization pr, division pr, department pr, manager pr)',
    );
    expect(said(askGroups(`schemas eq "${enterprise}"`))).to.equal(said(NOTHING));
  });

  const REFUSED: Record<string, string> = {
    'nickname2 eq "x"': 'there is no attribute "nickname2" here at column 1',
    'title pr and userName.foo eq "x"': 'there is no attribute "userName.foo" here at column 14',
    'password pr': 'there is no attribute "password" here at column 1',
    'manager eq "x"': 'there is no attribute "manager" here at column 1',
    'members pr': 'there is no attribute "members" here at column 1',
    'urn:none:2.0:User:title pr': 'there is no attribute "urn:none:2.0:User:title" here at column 1',
    'active gt true': '"gt" does not suit "active" at column 1',
    'active co "true"': '"co" does not suit "active" at column 1',
    'active eq "true"': '"active" is compared with true or false at column 1',
    'userName eq true': '"userName" is compared with text in double quotes at column 1',
    'userName eq 5': '"userName" is compared with text in double quotes at column 1',
    'userName gt null': '"gt" does not suit null at column 1',
    'x509Certificates sw "x"': '"sw" does not suit "x509Certificates" at column 1',
    'meta.created co "2011"': '"co" does not suit "meta.created" at column 1',
    'meta.created gt "2011-02-30T00:00:00Z"':
      '"meta.created" is compared with a date and time such as "2011-05-13T04:42:34Z" at column 1',
    'meta.created gt "2011-02-28T00:00:00+14:01"':
      '"meta.created" is compared with a date and time such as "2011-05-13T04:42:34Z" at column 1',
    'name eq "x"': '"name" can only be compared by one of its sub-attributes at column 1',
    'addresses eq "x"': '"addresses" can only be compared by one of its sub-attributes at column 1',
    'userName[value eq "x"]': '"userName" has no sub-attributes at column 1',
    'emails[emails.value eq "x"]': 'there is no attribute "emails.value" here at column 8',
    'emails[userName eq "x"]': 'there is no attribute "userName" here at column 8',
    'emails[type[a pr]]': 'brackets within brackets are not allowed at column 8',
    'name[familyName[a pr]]': 'brackets within brackets are not allowed at column 6',
    'schemas[value eq "x"]': '"schemas" has no sub-attributes at column 1',
    'meta.location co "x"': '"co" does not suit "meta.location" at column 1',
  };
  for (const [text, message] of Object.entries(REFUSED)) {
    it(`refuses ${text}`, () => {
      expect(refusalOf(() => askUsers(text))).to.equal(`invalidFilter: ${message}`);
    });
  }

  it('reads what Entra writes in its profile, and says what it was lenient about', () => {
    const asked = (text: string) => {
      const { filter, notes } = askAsEntra(text);
      return [said(filter), ...notes];
    };
    expect(asked('id eq "7" and manager eq "8"')).to.deep.equal([
      'and(id eq "7", manager.value eq "8")',
      'enterpriseNameWithoutUrn',
    ]);
    expect(asked('active eq "False"')).to.deep.equal(['active eq false', 'stringBoolean']);
    expect(asked('roles[primary eq "True"]')).to.deep.equal(['roles[primary eq true]', 'stringBoolean']);
    expect(asked('externalId eq 00770')).to.deep.equal(['externalId eq "00770"', 'unquotedFilterValue']);
    expect(asked('externalId eq 7.50')).to.deep.equal(['externalId eq "7.50"', 'unquotedFilterValue']);
    expect(asked('userName eq "x"')).to.deep.equal(['userName eq "x"']);
    expect(refusalOf(() => askAsEntra('active eq "yes"'))).to.match(/^invalidFilter/);
  });
});

describe('resolveElementFilter', () => {
  const attributeOf = (type: { core: { attributes: readonly Attribute[] } }, name: string): Attribute => {
    const found = type.core.attributes.find((one) => one.name === name);
    if (!found) throw new Error(name);
    return found;
  };
  const inElement = (text: string, looseBooleans: boolean, attribute = attributeOf(userType, 'emails')) =>
    resolveElementFilter(parseFilter(text, strict), attribute, { looseBooleans });

  it('finds the sub-attributes of the attribute', () => {
    expect(said(inElement('TYPE eq "work" and primary eq true', false))).to.equal(
      'and(type eq "work", primary eq true)',
    );
    expect(said(inElement('value eq "7" or $ref eq "Users/7"', false, attributeOf(groupType, 'members')))).to.equal(
      'or(value eq "7", $ref ew "/Users/7")',
    );
  });

  it('reads booleans loosely only where it may', () => {
    expect(said(inElement('primary eq "tRUE"', true))).to.equal('primary eq true');
    expect(refusalOf(() => inElement('primary eq "True"', false))).to.equal(
      'invalidFilter: "primary" is compared with true or false at column 1',
    );
  });

  it('refuses what is no sub-attribute', () => {
    expect(refusalOf(() => inElement('userName eq "x"', true))).to.equal(
      'invalidFilter: there is no attribute "userName" here at column 1',
    );
    expect(refusalOf(() => inElement('value[a pr]', true))).to.contain('brackets within brackets');
  });
});

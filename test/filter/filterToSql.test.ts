import { expect } from 'chai';
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { filterToSql } from '../../src/filter/filterToSql.js';
import { type ResolvedFilter } from '../../src/filter/resolvedFilter.js';
import { askGroups, askUsers, enterprise } from './asking.js';

const id = '0190a5c2-7b1e-7c3d-8e4f-1a2b3c4d5e6f';

function compiled(filter: ResolvedFilter, type = userType, alias = 'u'): [string, ...unknown[]] {
  const params: unknown[] = ['tenant'];
  const text = filterToSql(filter, type, { param: (value) => `$${params.push(value)}` }, alias, '$1');
  return [text, ...params.slice(1)];
}
const user = (text: string) => compiled(askUsers(text));
const group = (text: string) => compiled(askGroups(text), groupType, 'g');

describe('filterToSql', () => {
  it('finds by the folded key, by exact text and by id as an index can', () => {
    expect(user('userName eq "ΜARA@X.example"')).to.deep.equal(['u.user_name_key = $2', 'μara@x.example']);
    expect(user('externalId eq "MVos"')).to.deep.equal(['u.external_id = $2', 'MVos']);
    expect(user(`id eq "${id}"`)).to.deep.equal(['u.id = $2::uuid', id]);
    expect(group('displayName eq "Legal"')).to.deep.equal(['g.display_name_key = $2', 'legal']);
    expect(user(`${enterprise}:employeeNumber eq "7A"`)).to.deep.equal(['u.employee_number_key = $2', '7a']);
  });

  it('never casts what is no id', () => {
    expect(user('id eq "usr_01HX"')).to.deep.equal(['false']);
    expect(user('id ne "usr_01HX"')).to.deep.equal(['((false) is not true)']);
    expect(user(`id eq "${id.toUpperCase()}"`)).to.deep.equal(['false']);
    expect(user('id sw "0190"')).to.deep.equal([
      '(u.id::text collate "C" >= $2 and u.id::text collate "C" < $3)',
      '0190',
      '0191',
    ]);
  });

  it('finds an e-mail address by its key, and then exactly', () => {
    const key = 'u.id in (select found.user_id from user_email found where found.tenant_id = $1 and found.key = $2)';
    const elements = 'exists (select 1 from jsonb_array_elements(u.emails) as element(item) where';
    expect(user('emails[type eq "work"].value eq "A@b.example"')).to.deep.equal([
      `(${key} and ${elements} (fold((element.item->>'type')) = $3 and fold((element.item->>'value')) = $4)))`,
      'a@b.example',
      'work',
      'a@b.example',
    ]);
    expect(user('emails eq "A@b.example"')).to.deep.equal([
      `(${key} and ${elements} fold((element.item->>'value')) = $3))`,
      'a@b.example',
      'a@b.example',
    ]);
    expect(user('emails[type eq "work" or value eq "x"]')[0]).not.to.contain('user_email');
    expect(user('emails[not (value eq "x")]')[0]).not.to.contain('user_email');
    expect(user('phoneNumbers eq "x"')[0]).not.to.contain(' in (');
  });

  it('finds members and groups by rows of the link table, of the tenant', () => {
    expect(group(`members eq "${id}"`)).to.deep.equal([
      'g.id in (select edge.group_id from membership edge where edge.tenant_id = $1 and edge.user_id = $2::uuid)',
      id,
    ]);
    expect(user(`groups.value eq "${id}"`)).to.deep.equal([
      'u.id in (select edge.user_id from membership edge where edge.tenant_id = $1 and edge.group_id = $2::uuid)',
      id,
    ]);
    expect(user('groups.display eq "Legal"')).to.deep.equal([
      'exists (select 1 from membership edge join directory_group other on other.tenant_id = edge.tenant_id and other.id = edge.group_id where edge.tenant_id = $1 and edge.user_id = u.id and other.display_name_key = $2)',
      'legal',
    ]);
    expect(group('members pr')[0]).to.equal(
      'exists (select 1 from membership edge where edge.tenant_id = $1 and edge.group_id = g.id and true)',
    );
  });

  it('compares a manager as sent', () => {
    expect(user(`${enterprise}:manager eq "Boss"`)).to.deep.equal([
      '(u.manager_key = $3 and u.manager_value = $2)',
      'Boss',
      'boss',
    ]);
    expect(user(`${enterprise}:manager sw "Bo"`)[0]).to.match(/^\(u\.manager_value collate/);
    expect(user(`${enterprise}:manager.$ref eq "x/Users/${id}"`)).to.deep.equal(['u.manager_id = $2::uuid', id]);
    expect(user(`${enterprise}:manager.displayName eq "X"`)).to.deep.equal([
      'exists (select 1 from directory_user linked where linked.tenant_id = $1 and linked.id = u.manager_id and linked.display_name_key = $2)',
      'x',
    ]);
  });

  it('keeps the unassigned in a not', () => {
    expect(user('not (title eq "x")')[0]).to.equal('((fold(u.title) = $2) is not true)');
    expect(user('title ne "x"')[0]).to.equal('((fold(u.title) = $2) is not true)');
    expect(user('emails ne "x"')[0]).to.match(/^\(\(\(u\.id in .*\) is not true\)$/);
  });

  it('S4: escapes what is special to LIKE', () => {
    expect(user('title co "50%_\\\\"')).to.deep.equal(['fold(u.title) like $2', '%50\\%\\_\\\\%']);
    expect(user('externalId ew "_"')).to.deep.equal(['u.external_id like $2', '%\\_']);
  });

  it('makes a range of a beginning, by code point', () => {
    const range = (text: string) => user(`userName sw ${JSON.stringify(text)}`);
    const key = 'u.user_name_key collate "C"';
    expect(range('Ma')).to.deep.equal([`(${key} >= $2 and ${key} < $3)`, 'ma', 'mb']);
    expect(range('x\ud7ff').slice(1)).to.deep.equal(['x\ud7ff', 'x\ue000']);
    expect(range('x\u{10ffff}').slice(1)).to.deep.equal(['x\u{10ffff}', 'y']);
    expect(range('\u{10ffff}')).to.deep.equal([`${key} >= $2`, '\u{10ffff}']);
    expect(range('')).to.deep.equal([`${key} >= $2`, '']);
  });

  it('orders text by code point', () => {
    expect(user('title gt "X"')).to.deep.equal(['fold(u.title) collate "C" > $2', 'x']);
  });

  it('compares moments, flags, versions and parts as what they are', () => {
    expect(user('meta.created ge "2020-01-02T00:00:00+01:00"')).to.deep.equal([
      'u.created_at >= $2::timestamptz',
      '2020-01-01T23:00:00.000Z',
    ]);
    expect(user('meta.created gt "0001-01-01T00:00:00+14:00"')[1]).to.equal('-infinity');
    expect(user('meta.created gt "9999-12-31T23:59:59-14:00"')[1]).to.equal('infinity');
    expect(user('active eq false')).to.deep.equal(['u.active = false']);
    expect(user('meta.version eq "W/\\"3\\""')).to.deep.equal([`('W/"' || u.version || '"') = $2`, 'W/"3"']);
    expect(user('name.familyName eq "Vos"')).to.deep.equal([`fold((u.name->>'familyName')) = $2`, 'vos']);
    expect(user('roles[primary eq true]')[0]).to.contain(`(element.item->'primary') = $2::jsonb`);
  });

  it('says whether there is a value', () => {
    expect(user('title pr')[0]).to.equal('u.title is not null');
    expect(user('emails pr')[0]).to.equal('jsonb_array_length(u.emails) > 0');
    expect(user('name pr')[0]).to.equal(`(u.name is not null and u.name <> '{}'::jsonb)`);
    expect(user(`${enterprise}:manager pr`)[0]).to.equal('u.manager_value is not null');
    expect(user('schemas pr')[0]).to.equal('true');
    expect(user('schemas eq "urn:x"')[0]).to.equal('false');
  });

  it('keeps and and or in brackets', () => {
    expect(user('title pr and (locale pr or not (active eq true))')[0]).to.equal(
      '(u.title is not null and (u.locale is not null or ((u.active = true) is not true)))',
    );
  });

  it('S5: puts nothing that was sent into the text', () => {
    const marker = "zzz'; drop table tenant; --";
    for (const path of [
      'userName',
      'title',
      'name.familyName',
      'emails',
      'groups.display',
      'id',
      `${enterprise}:manager`,
    ]) {
      for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'le']) {
        expect(user(`${path} ${operator} "${marker}"`)[0]).not.to.contain('zzz');
      }
    }
  });
});

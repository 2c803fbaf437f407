import { expect } from 'chai';
import { patchOf } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, each, group, person } from './asking.js';
import { sentWhile } from './sending.js';

describe('search in GraphQL', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await person(tenant, {
      userName: 'avries',
      displayName: 'Anna de Vries',
      name: { givenName: 'Anna', familyName: 'de Vries', middleName: 'Wilhelmina' },
      emails: [{ value: 'anna.smit@fabriek.example' }, { value: 'Thuis+Anna@privé.example', type: 'home' }],
    });
    await person(tenant, {
      userName: 'jp@fabriek.example',
      displayName: "Jean-Pierre O'Neill-ΣΟΦΟΣ (Inkoop)",
      nickName: 'Ippie',
      emails: [{ value: 'jp@fabriek.example' }],
    });
    await person(tenant, {
      userName: 'annabel@werk.example',
      displayName: '王 小明',
      emails: [{ value: 'annabel@werk.example' }],
    });
  });

  const who = async (search: string, args = ''): Promise<string> => {
    const query = `query ($search: String) { users(search: $search${args}, orderBy: [{ field: USER_NAME }]) { totalCount nodes { userName } } }`;
    const { users } = await data(tenant, query, { search }, 'ANALYST');
    expect(users.totalCount).to.equal(users.nodes.length);
    return each(users.nodes, 'userName')
      .map((name) => name.split('@')[0])
      .join(' ');
  };

  const CASES: readonly [why: string, search: string, expected: string][] = [
    ['the beginning of a first name, whatever the case', 'ANN', 'annabel avries'],
    ['a whole word', 'anna', 'annabel avries'],
    ['a word in the middle', 'vri', 'avries'],
    ['no end of a word', 'ries', ''],
    ['several words in any order', 'vries an', 'avries'],
    ['words of different attributes', 'anna avr wilh smit', 'avries'],
    ['nobody who has only some of the words', 'anna jean', ''],
    ['the beginning of an e-mail address', 'anna.smit@fab', 'avries'],
    ['a word of an e-mail address', 'smit@fabriek', 'avries'],
    ['where an e-mail address is', 'fabriek.ex', 'avries jp'],
    ['no word of where it is', 'example', ''],
    ['an address at home', 'thuis', 'avries'],
    ['a userName', 'avries', 'avries'],
    ['both halves of a double name', 'jean pierre', 'jp'],
    ['a double name as it is written', 'jean-pierre', 'jp'],
    ['a name with an apostrophe', "o'nei", 'jp'],
    ['what follows an apostrophe', 'neill', 'jp'],
    ['another end of a sigma', 'σοφος', 'jp'],
    ['a word in parentheses', '(inkoop', 'jp'],
    ['a nickname', 'ippie', 'jp'],
    ['letters without case', '小', 'annabel'],
    ['everybody by nothing', '', 'annabel avries jp'],
    ['everybody by signs alone', ' - .', 'annabel avries jp'],
    ['nobody by % or _', '%', 'annabel avries jp'],
    ['nobody by a pattern', 'a%', ''],
    ['nobody by a word longer than there are', 'anna'.repeat(100), ''],
  ];
  for (const [why, search, expected] of CASES) {
    it(`finds ${why}`, async () => {
      expect(await who(search)).to.equal(expected);
    });
  }

  it('goes together with where, and with pages', async () => {
    expect(await who('ann', ', where: { userName: { startsWith: "avr" } }')).to.equal('avries');
    const query =
      'query ($after: String, $search: String) { users(search: $search, first: 1, after: $after) { nodes { userName } pageInfo { endCursor hasNextPage } } }';
    const first = (await data(tenant, query, { search: 'ann' })).users;
    expect(first.pageInfo.hasNextPage).to.equal(true);
    const after = first.pageInfo.endCursor;
    const second = (await data(tenant, query, { search: 'ann', after })).users;
    expect([...first.nodes, ...second.nodes].map(({ userName }) => userName).sort()).to.deep.equal([
      'annabel@werk.example',
      'avries',
    ]);
    expect(await codes(tenant, query, { search: 'an', after })).to.deep.equal(['CURSOR_INVALID']);
  });

  it('takes ten words and refuses eleven, and what no text can be', async () => {
    const query =
      'query ($search: String) { users(search: $search) { totalCount } groups(search: $search) { totalCount } }';
    const words = (count: number) => ({ search: Array.from({ length: count }, (_, n) => `w${n}`).join(' ') });
    expect(await codes(tenant, query, words(10))).to.deep.equal([]);
    expect(await codes(tenant, query, words(11))).to.deep.equal(['BAD_USER_INPUT']);
    expect(await codes(tenant, query, { search: 'a\0' })).to.include('BAD_USER_INPUT');
  });

  it('finds people by what they are called now', async () => {
    const { id } = await person(tenant, { userName: 'oud.naam@x.example', displayName: 'Olga Oud' });
    await tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'displayName', value: 'Olga Nieuw' }));
    expect(await who('olga nieuw')).to.equal('oud.naam');
    expect(await who('olga oud')).to.equal('oud.naam');
    await tenant.scim(
      'PATCH',
      `/Users/${id}`,
      patchOf({ op: 'replace', value: { userName: 'olga@x.example', emails: [{ value: 'olga@x.example' }] } }),
    );
    expect(await who('olga oud')).to.equal('');
    await tenant.scim('DELETE', `/Users/${id}`);
    expect(await who('olga')).to.equal('');
    await person(tenant, { userName: 'olga@x.example', displayName: 'Olga Terug' });
    expect(await who('olga terug')).to.equal('olga');
    await data(
      tenant,
      'mutation { createUser(input: { userName: "lokaal", givenName: "Loes" }) { userErrors { message } } }',
    );
    expect(await who('loes')).to.equal('lokaal');
  });

  it('writes the words only where a name or an address changed', async () => {
    const { id } = await person(tenant, { userName: 'stil@x.example' });
    const patched = (path: string, value: unknown) =>
      sentWhile(() => tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path, value })));
    const words = async (path: string, value: unknown) =>
      (await patched(path, value)).filter(({ text }) => text.includes('user_word')).length;
    expect(await words('title', 'Chef')).to.equal(0);
    expect(await words('active', false)).to.equal(0);
    expect(await words('displayName', 'Stil')).to.equal(1);
    expect(await words('displayName', 'Stil')).to.equal(0);
  });

  it('finds groups by the words of their names, as they are now', async () => {
    const which = async (search: string) =>
      each(
        (
          await data(
            tenant,
            'query ($search: String) { groups(search: $search) { nodes { displayName } } }',
            { search },
            'FRONTEND',
          )
        ).groups.nodes,
        'displayName',
      ).join(', ');
    const { id } = await group(tenant, 'Inkoop Noord-Holland');
    await group(tenant, 'Verkoop Noord');
    expect(await which('noord')).to.equal('Inkoop Noord-Holland, Verkoop Noord');
    expect(await which('holl ink')).to.equal('Inkoop Noord-Holland');
    await tenant.scim('PATCH', `/Groups/${id}`, patchOf({ op: 'replace', path: 'displayName', value: 'Inkoop Zuid' }));
    expect(await which('noord')).to.equal('Verkoop Noord');
    expect(await which('zuid')).to.equal('Inkoop Zuid');
    await tenant.scim('DELETE', `/Groups/${id}`);
    expect(await which('zuid')).to.equal('');
    await data(tenant, 'mutation { createGroup(input: { displayName: "Zuiderlingen" }) { userErrors { message } } }');
    expect(await which('zuid')).to.equal('Zuiderlingen');
  });

  it('finds nobody of another tenant', async () => {
    const other = await aTenant();
    const { users } = await data(other, '{ users(search: "anna") { totalCount } }');
    expect(users.totalCount).to.equal(0);
  });
});

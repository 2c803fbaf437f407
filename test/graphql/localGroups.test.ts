import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { historyOf } from '../scim/records.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person } from './asking.js';

const ERRORS = 'userErrors { field code }';
const GROUP = 'group { displayName origin memberCount members { nodes { scimId } } }';
const MUTATIONS = {
  updateGroup: [`mutation ($input: UpdateGroupInput!) { updateGroup(input: $input) { ${GROUP} ${ERRORS} } }`, 'group'],
  addGroupMembers: [
    `mutation ($input: GroupMembersInput!) { addGroupMembers(input: $input) { ${GROUP} ${ERRORS} } }`,
    'group',
  ],
  removeGroupMembers: [
    `mutation ($input: GroupMembersInput!) { removeGroupMembers(input: $input) { ${GROUP} ${ERRORS} } }`,
    'group',
  ],
  deleteGroup: [`mutation ($input: GroupInput!) { deleteGroup(input: $input) { deletedId ${ERRORS} } }`, 'deletedId'],
} as const;
type Name = keyof typeof MUTATIONS;

describe('groups made in SpeakUp', () => {
  let tenant: TestTenant;
  let people: string[];
  const inputs = (): Record<Name, object> => ({
    updateGroup: { displayName: 'Other name' },
    addGroupMembers: { members: people.map((id) => globalId('User', id)) },
    removeGroupMembers: { members: people.map((id) => globalId('User', id)) },
    deleteGroup: {},
  });
  before(async () => {
    tenant = await aTenant();
    people = [(await person(tenant)).id, (await person(tenant)).id] as string[];
  });
  const local = async (displayName: string): Promise<string> => {
    const query = `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { scimId } ${ERRORS} } }`;
    return (await data(tenant, query, { input: { displayName } })).createGroup.group.scimId as string;
  };
  const run = async (name: Name, id: string, input: object = inputs()[name]): Promise<Json> =>
    (await data(tenant, MUTATIONS[name][0], { input: { id: globalId('Group', id), ...input } }))[name];
  const errors = ({ userErrors }: Json) => (userErrors as Json[]).map(({ field, code }) => [field, code] as unknown);

  it('are renamed', async () => {
    const id = await local('Bakers');
    await local('Taken');
    expect((await run('updateGroup', id, { displayName: ' Ovens ' })).group.displayName).to.equal('Ovens');
    expect(errors(await run('updateGroup', id, { displayName: ' ' }))).to.deep.equal([[['displayName'], 'BLANK']]);
    expect(errors(await run('updateGroup', id, { displayName: 'TAKEN' }))).to.deep.equal([[null, 'TAKEN']]);
    const [, renamed, ...rest] = await historyOf(tenant, id);
    expect(renamed.changes).to.deep.equal({ displayName: { before: 'Bakers', after: 'Ovens' } });
    expect(rest).to.deep.equal([]);
  });

  it('take people in and let them go; who is there already or not at all changes nothing', async () => {
    const id = await local('Team');
    const [first, second] = people.map((one) => globalId('User', one));
    const added = await run('addGroupMembers', id, { members: [first, second] });
    expect(added.group.memberCount).to.equal(2);
    expect(each(added.group.members.nodes, 'scimId')).to.have.members(people);
    await run('addGroupMembers', id, { members: [first] });
    const removed = await run('removeGroupMembers', id, { members: [first] });
    expect(each(removed.group.members.nodes, 'scimId')).to.deep.equal([people[1]]);
    expect((await run('removeGroupMembers', id, { members: [first] })).userErrors).to.deep.equal([]);
    const records = (await historyOf(tenant, id)).slice(1);
    expect(records.map(({ changes }) => changes as unknown)).to.deep.equal([
      { members: { added: [...people].sort(), removed: [] } },
      { members: { added: [], removed: [people[0]] } },
    ]);
  });

  it('take in nobody when one of them is nobody here', async () => {
    const id = await local('Careful');
    const stranger = (await person(await aTenant())).id as string;
    for (const unknown of [globalId('User', stranger), globalId('Group', id), 'nonsense']) {
      const payload = await run('addGroupMembers', id, { members: [globalId('User', people[0] ?? ''), unknown] });
      expect(errors(payload)).to.deep.equal([[['members'], 'NOT_FOUND']]);
    }
    const many = Array<string>(1001).fill(globalId('User', people[0] ?? ''));
    expect(errors(await run('addGroupMembers', id, { members: many }))).to.deep.equal([[['members'], 'INVALID']]);
    expect(await historyOf(tenant, id)).to.have.length(1);
  });

  it('are deleted; the people and the history stay', async () => {
    const id = await local('Gone');
    await run('addGroupMembers', id);
    expect(await run('deleteGroup', id)).to.deep.equal({ deletedId: globalId('Group', id), userErrors: [] });
    expect((await tenant.scim('GET', `/Groups/${id}`)).status).to.equal(404);
    expect((await tenant.scim('GET', `/Users/${people[0]}`)).status).to.equal(200);
    const last = (await historyOf(tenant, id)).at(-1);
    expect(last).to.include({ kind: 'DELETED', actor_kind: 'PERSON' });
    expect(errors(await run('deleteGroup', id))).to.deep.equal([[['id'], 'NOT_FOUND']]);
  });

  it('are not those of the identity provider, which are edited there', async () => {
    const { id } = await group(tenant, 'Of Entra', people);
    for (const name of Object.keys(MUTATIONS) as Name[]) {
      const payload = await run(name, id);
      expect([payload[MUTATIONS[name][1]], ...errors(payload)], name).to.deep.equal([null, [null, 'MANAGED_BY_SCIM']]);
    }
    const { body } = await tenant.scim('GET', `/Groups/${id}`);
    expect([body.displayName, body.members.length]).to.deep.equal(['Of Entra', 2]);
  });

  it('of another tenant are like those that nobody has', async () => {
    const strange = (await group(await aTenant(), 'Strange')).id as string;
    for (const name of Object.keys(MUTATIONS) as Name[]) {
      for (const id of [strange, people[0] ?? '', '00000000-0000-7000-8000-000000000000']) {
        expect(errors(await run(name, id)), name).to.deep.equal([[['id'], 'NOT_FOUND']]);
      }
    }
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`are not changed by ${role}`, async () => {
      const id = globalId('Group', await local(`For ${role}`));
      for (const name of Object.keys(MUTATIONS) as Name[]) {
        const input = { id, ...inputs()[name] };
        expect(await codes(tenant, MUTATIONS[name][0], { input }, role), name).to.deep.equal(['FORBIDDEN']);
      }
    });
  }
});

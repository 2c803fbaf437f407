import { expect } from 'chai';
import { aUser, ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { type Answer, type Json } from '../support/tenant.js';
import { historyOfRequest, logged } from './records.js';
import { aScene, type Scene } from './scene.js';

describe('the provisioning log', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const requestIdOf = ({ headers }: Answer<Json>): string => headers.get('X-Request-Id') ?? '';
  const entryOf = async (answer: Answer<Json>): Promise<Json> => {
    const entries = await logged(scene, requestIdOf(answer));
    expect(entries, 'one entry per request').to.have.length(1);
    return entries[0];
  };
  const mask = (userName: string) => `${userName.slice(0, 2)}***@fabriek.example`;
  const refusals = async (answer: Answer<Json>, sentence: RegExp) => {
    const entry = await entryOf(answer);
    expect(entry).to.include({ outcome: 'REFUSED', status: answer.status });
    expect(entry.sentence).to.match(sentence);
    return entry;
  };

  it('has one entry for a create: when, by whom, what, how it ended, how long it took', async () => {
    const started = Date.now();
    const answer = await scene.scim('POST', '/Users', aUser({ userName: 'mara.vos@fabriek.example' }));
    const entry = await entryOf(answer);
    expect(entry).to.deep.include({
      integration_id: scene.clientId,
      method: 'POST',
      resource_type: 'User',
      resource_id: answer.body.id,
      status: 201,
      outcome: 'SUCCEEDED',
      sentence: 'Created user ma***@fabriek.example.',
      leniencies: null,
      ignored_attributes: null,
    });
    expect(new Date(entry.at).getTime()).to.be.within(started, Date.now());
    expect(entry.duration_ms).to.be.within(0, 60_000);
  });

  it("keeps the client's request id", async () => {
    const answer = await scene.scim('POST', '/Users', aUser(), { 'X-Request-Id': 'entra-7' });
    expect(requestIdOf(answer)).to.equal('entra-7');
    await entryOf(answer);
  });

  it('says in a sentence what each write to a person did', async () => {
    const { id, userName } = await scene.person();
    const patch = (path: string, value: unknown) => scene.patch(`/Users/${id}`, { op: 'replace', path, value });
    const steps: [() => Promise<Answer<Json>>, string, number][] = [
      [() => patch('title', 'Boss'), 'Changed user', 200],
      [() => patch('title', 'Boss'), 'Nothing to change in user', 200],
      [() => patch('active', false), 'Deactivated user', 200],
      [() => patch('active', true), 'Reactivated user', 200],
      [() => scene.scim('PUT', `/Users/${id}`, aUser({ userName })), 'Changed user', 200],
      [() => scene.scim('DELETE', `/Users/${id}`), 'Deleted user', 204],
      [() => scene.scim('POST', '/Users', aUser({ userName })), 'Brought back the deleted user', 201],
    ];
    for (const [step, words, status] of steps) {
      const entry = await entryOf(await step());
      expect(entry).to.include({
        sentence: `${words} ${mask(userName)}.`,
        outcome: 'SUCCEEDED',
        status,
        resource_id: id,
      });
    }
    const local = await scene.localPerson({ userName: 'zoe@fabriek.example' });
    const taken = await entryOf(await scene.scim('POST', '/Users', aUser({ userName: 'zoe@fabriek.example' })));
    expect(taken).to.include({ sentence: 'Took over the SpeakUp user zo***@fabriek.example.', resource_id: local });
  });

  it('says in a sentence what each write to a group did', async () => {
    const [a, b] = [await scene.person(), await scene.person()];
    const created = await scene.scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Kade',
    });
    const { id } = created.body;
    expect((await entryOf(created)).sentence).to.equal('Created group Ka***.');
    const patch = (...operations: object[]) => scene.patch(`/Groups/${id}`, ...operations);
    const members = [a, b].map((person) => ({ value: person.id }));
    const steps: [() => Promise<Answer<Json>>, string][] = [
      [() => patch({ op: 'add', path: 'members', value: members }), 'Added 2 people to group Ka***.'],
      [() => patch({ op: 'remove', path: `members[value eq "${a.id}"]` }), 'Removed 1 person from group Ka***.'],
      [() => patch({ op: 'replace', path: 'members', value: [] }), 'Emptied group Ka***.'],
      [() => patch({ op: 'replace', path: 'displayName', value: 'Haven' }), 'Changed group Ha***.'],
      [
        () =>
          scene.scim(
            'PATCH',
            `/Groups/${id}?attributes=id`,
            patchOf({ op: 'replace', path: 'externalId', value: 'h' }),
          ),
        'Changed group Ha***.',
      ],
      [() => scene.scim('DELETE', `/Groups/${id}`), 'Deleted group Ha***.'],
    ];
    for (const [step, sentence] of steps) {
      const answer = await step();
      const { status } = answer;
      expect(await entryOf(answer)).to.include({ sentence, status, resource_type: 'Group', resource_id: id });
    }
  });

  it('is written in the transaction of the change', async () => {
    const answer = await scene.scim('POST', '/Users', aUser());
    const rows = await scene.sql(
      `select xmin::text from provisioning_entry where tenant_id = $1 and request_id = $2
       union all select xmin::text from change_record where tenant_id = $1 and request_id = $2
       union all select xmin::text from directory_user where tenant_id = $1 and id = $3`,
      requestIdOf(answer),
      answer.body.id,
    );
    expect(rows).to.have.length(3);
    expect(new Set(rows.map(({ xmin }) => xmin as string)).size).to.equal(1);
  });

  it('has one entry for a refusal, and history none', async () => {
    const person = await scene.person({ userName: 'dora.smit@fabriek.example' });
    const answers: [Answer<Json>, RegExp][] = [
      [
        await scene.scim('POST', '/Users', aUser({ userName: 'DORA.smit@fabriek.example' })),
        /^Refused a user request: userName "DO\*\*\*@fabriek\.example" is already in use/,
      ],
      [
        await scene.scim('POST', '/Users', aUser({ userName: 'x', emails: undefined })),
        /^Refused a user request: User "x\*\*\*" has no e-mail address/,
      ],
      [await scene.patch(`/Users/${person.id}`, { op: 'move', path: 'x' }), /op must be add, replace or remove/],
      [await scene.scim('DELETE', `/Users/${person.id}`, undefined, { 'If-Match': 'W/"9"' }), /changed meanwhile/],
      [await scene.scim('GET', '/Users/unknown'), /^Refused a user request: User "un\*\*\*" was not found/],
      [await scene.scim('GET', '/Groups?filter=x'), /^Refused a group request: .*column/],
      [await scene.scim('POST', '/Groups', 'no JSON'), /not valid JSON/],
      [await scene.scim('PUT', '/Users', {}), /PUT is not possible here/],
      [await scene.scim('GET', '/Foo'), /^Refused a request: There is nothing at this address/],
      [await scene.scim('GET', '/Me'), /\/Me is not supported/],
    ];
    for (const [answer, sentence] of answers) {
      const entry = await refusals(answer, sentence);
      expect(entry.sentence).to.not.match(/dora\.smit|DORA\.smit/);
      expect(await historyOfRequest(scene, requestIdOf(answer))).to.deep.equal([]);
    }
  });

  it('names the resource that a refused request was about', async () => {
    const { id } = await scene.person();
    const entry = await refusals(await scene.patch(`/Users/${id}`, { op: 'remove', path: 'userName' }), /required/);
    expect(entry).to.include({ resource_type: 'User', resource_id: id, method: 'PATCH' });
  });

  it('notes what was forgiven and what was ignored', async () => {
    const { id } = await scene.person();
    const body = aUser({
      active: 'True',
      shoeSize: 38,
      emails: [{ value: 'q@x.example', size: 1 }],
      manager: id,
      'urn:x:y': {},
    });
    const entry = await entryOf(await scene.scim('POST', '/Users', { ...body, [ENTERPRISE_USER]: { badge: 1 } }));
    expect(entry.leniencies).to.have.members(['stringBoolean', 'managerAsString', 'enterpriseNameWithoutUrn']);
    expect(entry.ignored_attributes).to.have.members([
      'shoeSize',
      'emails.size',
      'urn:x:y',
      `${ENTERPRISE_USER}:badge`,
    ]);
  });

  it('notes what was forgiven and ignored in a request that was refused', async () => {
    const { id } = await scene.person();
    const operations = [
      { op: 'replace', path: 'active', value: 'False' },
      { op: 'add', path: 'shoeSize', value: 38 },
    ];
    const answer = await scene.patch(`/Users/${id}`, ...operations, { op: 'remove', path: 'userName' });
    const entry = await refusals(answer, /userName is required/);
    expect(entry.leniencies).to.deep.equal(['stringBoolean']);
    expect(entry.ignored_attributes).to.deep.equal(['shoeSize']);
  });

  it('notes an unknown schema', async () => {
    const schemas = [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprize:2.0:User',
    ];
    const entry = await entryOf(await scene.scim('POST', '/Users', aUser({ schemas })));
    expect(entry.ignored_attributes).to.deep.equal([schemas[1]]);
  });

  it('has no entry for reads that succeed and for 401', async () => {
    const { id } = await scene.person();
    for (const path of ['/Users', `/Users/${id}`, '/Groups', '/Schemas', '/Users?filter=userName+eq+%22x%22']) {
      const answer = await scene.scim('GET', path);
      expect(answer.status).to.equal(200);
      expect(await logged(scene, requestIdOf(answer)), path).to.deep.equal([]);
    }
    const answer = await scene.scim('POST', '/Users', aUser(), { Authorization: 'Bearer x' });
    expect(answer.status).to.equal(401);
    expect(await logged(scene, requestIdOf(answer))).to.deep.equal([]);
  });

  it('has no entry of a write that the database refused but the refusal', async () => {
    const [first, second] = [await scene.person(), await scene.person()];
    const body = patchOf({ op: 'replace', path: 'userName', value: first.userName });
    const entry = await refusals(await scene.scim('PATCH', `/Users/${second.id}`, body), /userName is already in use/);
    expect(entry.status).to.equal(409);
  });
});

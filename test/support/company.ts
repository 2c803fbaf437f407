// A small company, provisioned as Entra ID would: what docs/graphql.md asks about.
import { aGroup, aUser, ENTERPRISE_USER, patchOf } from './builders.js';
import { type Json, type TestTenant } from './tenant.js';

const DOMAIN = 'fabriek.example';

interface Person {
  readonly name: string;
  readonly title: string;
  readonly department?: string;
  /** The given name of the manager, or a reference that nobody answers to. */
  readonly manager?: string;
  readonly userType?: string;
}

const PEOPLE: readonly Person[] = [
  { name: 'Ada Brink', title: 'Directeur', department: 'Directie' },
  { name: 'Bas Kok', title: 'Hoofd productie', department: 'Productie', manager: 'Ada' },
  { name: 'Cato Smit', title: 'Hoofd verkoop', department: 'Verkoop', manager: 'Ada' },
  { name: 'Daan Visser', title: 'Monteur', department: 'Productie', manager: 'Bas' },
  { name: 'Eva Mulder', title: 'Monteur', department: 'Productie', manager: 'Bas' },
  { name: 'Finn Boer', title: 'Planner', department: 'Productie', manager: 'Bas' },
  { name: 'Gijs Bakker', title: 'Accountmanager', department: 'Verkoop', manager: 'Cato' },
  { name: 'Hanna Peters', title: 'Accountmanager', department: 'Verkoop', manager: 'Cato' },
  { name: 'Ibo Yilmaz', title: 'Stagiair', department: 'Verkoop', manager: 'Gijs', userType: 'Intern' },
  { name: 'Jet Dekker', title: 'HR-adviseur', manager: 'Ada' },
  { name: 'Kim Witte', title: 'Accountmanager', department: 'Verkoop', manager: 'Cato' },
  { name: 'Lot Vos', title: 'Inkoper', department: 'Inkoop', manager: 'nieuwe.baas@elders.example' },
];
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Vertrouwenspersonen: ['Jet', 'Hanna'],
  Ondernemingsraad: ['Daan', 'Gijs', 'Kim'],
  'Project Noord': [],
};
const LEFT = ['Kim'];

const addressOf = (name: string): string => `${name.toLowerCase().replace(' ', '.')}@${DOMAIN}`;

/** Makes the people, then the managers, then the groups; then who left is deactivated. */
export async function foundCompany(tenant: TestTenant): Promise<void> {
  const scim: TestTenant['scim'] = (...asked) => tenant.scim(...asked);
  const ids = new Map<string, string>();
  for (const { name, title, department, userType } of PEOPLE) {
    const [givenName = '', familyName = ''] = name.split(' ');
    const userName = addressOf(name);
    const emails = [{ type: 'work', primary: true, value: userName }];
    const enterprise = department === undefined ? {} : { [ENTERPRISE_USER]: { department } };
    const given = { userName, emails, displayName: name, name: { givenName, familyName }, title, ...enterprise };
    const { id } = await done(scim('POST', '/Users', aUser({ ...given, userType: userType ?? 'Employee' })));
    ids.set(givenName, id as string);
  }
  const idOf = (name: string) => ids.get(name) ?? name;
  const patch = (name: string, path: string, value: unknown) =>
    done(scim('PATCH', `/Users/${idOf(name)}`, patchOf({ op: 'Add', path, value })));
  for (const { name, manager } of PEOPLE) {
    if (manager) await patch(name.split(' ')[0] ?? '', `${ENTERPRISE_USER}:manager`, idOf(manager));
  }
  for (const [displayName, members] of Object.entries(GROUPS)) {
    await done(
      scim('POST', '/Groups', aGroup({ displayName, members: members.map((name) => ({ value: idOf(name) })) })),
    );
  }
  for (const name of LEFT) await patch(name, 'active', 'False');
}

async function done(asked: ReturnType<TestTenant['scim']>): Promise<Json> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`The company was not founded: ${JSON.stringify(body)}`);
  return body;
}

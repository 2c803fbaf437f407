// A tenant with profile RFC, and short ways to say what a PATCH makes of a person, and that it is refused.
import { expect } from 'chai';
import { type Answer, type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

/** Three values of a list; the first is primary. */
export const work = { type: 'work', value: 'work@x.example', primary: true };
export const home = { type: 'home', value: 'home@x.example' };
export const other = { type: 'other', value: 'other@x.example' };

export type Operation = Readonly<Record<string, unknown>>;

/** A tenant with profile RFC, made anew for each section. */
export function aStrictTenant() {
  let scene: Scene;
  before(async () => {
    scene = await aScene({ compatibility: 'RFC' });
  });
  const aPerson = (attributes: Json = {}): Promise<Json> => scene.person({ emails: undefined, ...attributes });
  const patch = ({ id }: Json, ...operations: readonly Operation[]): Promise<Answer<Json>> =>
    scene.patch(`/Users/${id}`, ...operations);
  return {
    scene: () => scene,
    aPerson,
    patch,
    /** What the operations make of a person who has these attributes. */
    patched: async (attributes: Json, ...operations: readonly Operation[]): Promise<Json> => {
      const person = await aPerson(attributes);
      const answer = await patch(person, ...operations);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
      expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(answer.body);
      return answer.body;
    },
    /** That the operations are refused, and change nothing. */
    refused: async (attributes: Json, operation: Operation, scimType: string, detail: RegExp): Promise<void> => {
      const person = await aPerson(attributes);
      expectRefusal(await patch(person, operation), { status: 400, scimType, detail });
      expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(person);
    },
  };
}

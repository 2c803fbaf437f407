// What is wrong in real directories: two people with one e-mail address, managers that are not there, managers in a circle.
import { type Random } from '../random.js';
import { isEnabled, type Organisation, type Person } from './organisation.js';

/** One person in two hundred has somebody else's address, as many a manager nobody knows; three are in a circle. */
export function addDirt({ people }: Organisation, random: Random): void {
  const usable = [...people.values()].filter(
    (person) => isEnabled(person) && person.mail !== undefined && person.employeeType !== 'Guest',
  );
  const few = Math.max(1, Math.round(usable.length / 200));
  const chosen = random.sample(usable, few * 3 + 3);
  const circle = chosen.splice(0, 3);
  circle.forEach((person, n) => (person.manager = circle[(n + 1) % circle.length]?.objectId));
  chosen.splice(0, few).forEach((person) => (person.manager = random.uuid()));
  const owners = chosen.splice(0, few);
  chosen.splice(0, few).forEach((person, n) => (person.mail = (owners[n] as Person).mail));
}

// Options that several commands share. What does not fit is wrong usage (exit code 2).
import { Argument, InvalidArgumentError, Option } from 'commander';
import { isUuid } from '../directory/id.js';
import { isSlug, SLUG_RULE } from '../directory/tenant/tenants.js';

export const tenantOption = () => anyTenantOption(`the tenant: ${SLUG_RULE}`).makeOptionMandatory();

export const anyTenantOption = (description: string) => new Option('--tenant <slug>', description).argParser(slug);

export const tenantArgument = () => new Argument('<tenant>', 'the tenant').argParser(slug);

export const clientOption = () =>
  new Option('--client-id <id>', 'the client id of the app integration').makeOptionMandatory().argParser(uuid);

export const jsonOption = () => new Option('--json', 'print one JSON value and nothing else');

export const secretYearsOption = () =>
  new Option('--secret-years <years>', 'how long the secret lives').choices(['1', '2', '3']).default('2');

/** An option for a whole number between two bounds. */
export const wholeOption = (flags: string, description: string, [least, most]: readonly [number, number]) =>
  new Option(flags, `${description}: ${least} to ${most}`).argParser((text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  });

function slug(text: string): string {
  if (!isSlug(text)) throw new InvalidArgumentError(`A tenant is named by ${SLUG_RULE}.`);
  return text;
}

/** The text of a UUID option, in lower case. */
export function uuid(text: string): string {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw new InvalidArgumentError('It is a UUID.');
  return id;
}

// The discovery documents: RFC 7644 section 4. Public when no Authorization header is sent.
import { resourceTypeDocument, schemaDocument } from '../attribute/schemaDocument.js';
import { type UsersAndGroupsAccess } from '../directory/integration/Integration.js';
import { resourceTypes } from '../directory/resourceTypes.js';
import { Refusal } from '../refusal.js';
import { listResponse } from './listResponse.js';
import { serviceProviderConfig } from './serviceProviderConfig.js';

const NAMES = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'];

/** Whether the segments of a path, exactly as written, name a discovery document. */
export const isDiscovery = ([name = '', ...rest]: readonly string[]): boolean =>
  NAMES.includes(name) && rest.length < 2;

/** The document at a path below the SCIM face. Refuses with `notFound`, and filters with `forbidden` (RFC 7644 section 4). */
export function discoveryDocument(
  [name, id]: readonly string[],
  query: URLSearchParams,
  base: string,
  access?: UsersAndGroupsAccess,
): unknown {
  if ([...query.keys()].some((key) => key.toLowerCase() === 'filter')) {
    throw new Refusal('forbidden', 'Discovery documents cannot be filtered.');
  }
  if (name === 'ServiceProviderConfig' && id === undefined) return serviceProviderConfig(base, access);
  const documents = name === 'Schemas' ? schemas(base) : name === 'ResourceTypes' ? types(base) : [];
  if (id === undefined && documents.length > 0) return listResponse(documents);
  const found = documents.find((document) => document.id.toLowerCase() === id?.toLowerCase());
  if (!found) throw new Refusal('notFound', `${name ?? ''} "${id ?? ''}" was not found.`);
  return found;
}

const schemas = (base: string) =>
  resourceTypes.flatMap(({ core, extensions }) => [core, ...extensions]).map((schema) => schemaDocument(schema, base));

const types = (base: string) => resourceTypes.map((type) => resourceTypeDocument(type, base));

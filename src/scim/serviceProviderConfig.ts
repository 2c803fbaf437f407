// What this service supports: RFC 7643 section 5. The limits named here are the ones that are enforced; what an app
// integration has no access to is not supported for it.
import { type UsersAndGroupsAccess } from '../directory/integration/Integration.js';
import { MAX_OPERATIONS } from './bulkMessage.js';
import { CURSOR_SECONDS } from './cursor.js';
import { PAGE_SIZES } from './listRequest.js';
import { MAX_BYTES } from './requestBody.js';

/** For an integration of this access; without one, for the public: what full access would see. */
export const serviceProviderConfig = (base: string, access: UsersAndGroupsAccess = 'FULL') => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: access === 'FULL' },
  bulk: {
    supported: access === 'FULL',
    maxOperations: access === 'FULL' ? MAX_OPERATIONS : 0,
    maxPayloadSize: access === 'FULL' ? MAX_BYTES : 0,
  },
  filter: { supported: access !== 'NONE', maxResults: access === 'NONE' ? 0 : PAGE_SIZES.most },
  changePassword: { supported: false },
  sort: { supported: access !== 'NONE' },
  etag: { supported: access !== 'NONE' },
  // RFC 9865 section 4.
  pagination: {
    cursor: access !== 'NONE',
    index: access !== 'NONE',
    defaultPaginationMethod: 'index',
    defaultPageSize: PAGE_SIZES.usual,
    maxPageSize: PAGE_SIZES.most,
    cursorTimeout: CURSOR_SECONDS,
  },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth 2.0 bearer token',
      description: 'An access token from the token endpoint by the client credentials grant (RFC 6749 section 4.4).',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

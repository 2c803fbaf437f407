// The commonest mistake in an identity provider's form: the Client ID or the Client Secret in the field "Secret Token",
// which is sent as it is where an access token belongs.
import { isUuid } from '../directory/id.js';
import { Refusal } from '../refusal.js';

/** Refuses with `unauthenticated` what has the form of a Client ID or of a Client Secret, and says where both belong. */
export function refuseCredential(token: string): void {
  if (!token.startsWith('sus_') && !isUuid(token.toLowerCase())) return;
  throw new Refusal(
    'unauthenticated',
    'This is a Client ID or a Client Secret, not an access token. In Entra ID choose the authentication method "OAuth2 Client Credentials Grant" and enter both there; the field "Secret Token" is not for them.',
    { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  );
}

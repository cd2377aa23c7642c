/** What the routes of phones have in common. */
import { mayManageServer } from '../../../auth/grants.ts';
import type { TokenService } from '../../../auth/TokenService.ts';
import { withToken } from '../../openApi.ts';
import type { PhoneAdmin } from '../../PhoneAdmin.ts';
import { guard } from '../../plugins/auth.ts';

export interface PhoneDependencies {
  phones: PhoneAdmin;
  tokens: Pick<TokenService, 'verify'>;
}

export const PHONE_ADMINS = 'Needs the grant `roomCreate`, in a token that names no room.';

export const aboutPhones = <T extends string>(tag: T) => ({
  tags: [tag],
  security: withToken,
  description: PHONE_ADMINS,
});

export const phoneGuard = (tokens: PhoneDependencies['tokens']) =>
  guard(tokens, { allows: mayManageServer, needs: 'the grant roomCreate, and to name no room' });

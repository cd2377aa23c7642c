/** Invitations: links that give whoever opens them a role in a room. */
import { Type, type Static } from 'typebox';
import { Moment, MomentOrNull, RoleSchema } from '../models.ts';
import { RoomPhone } from './phones.ts';
import { page, PersonSchema, strict } from './shared.ts';

const Label = Type.String({ maxLength: 128, description: 'What it is for; only hosts see it.' });
const MaxUses = Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()], {
  description: 'How many may come by it; null is any number.',
});

export const CreateInviteBody = Type.Object(
  {
    role: Type.Optional(RoleSchema),
    label: Type.Optional(Label),
    expiresAt: Type.Optional(MomentOrNull),
    maxUses: Type.Optional(MaxUses),
  },
  strict,
);
export type CreateInviteBody = Static<typeof CreateInviteBody>;

export const InviteInfo = Type.Object({
  inviteId: Type.String(),
  role: RoleSchema,
  label: Label,
  createdAt: Moment,
  createdBy: PersonSchema,
  expiresAt: MomentOrNull,
  maxUses: MaxUses,
  uses: Type.Integer({ minimum: 0, description: 'How often its code was exchanged for a token.' }),
  state: Type.Enum(['open', 'expired', 'usedUp']),
});
export type InviteInfo = Static<typeof InviteInfo>;
export const InvitePage = page(InviteInfo);

export const CreatedInvite = Type.Object({
  ...InviteInfo.properties,
  code: Type.String({ description: 'Shown this once; the server keeps only its hash.' }),
  url: Type.String({
    description: 'The link to give away. The code stands behind `#`, so that no server log has it.',
  }),
  phone: Type.Object(RoomPhone.properties, {
    description:
      'How to come by phone instead, to print beside the link: as a participant, whatever the role.',
  }),
});
export type CreatedInvite = Static<typeof CreatedInvite>;

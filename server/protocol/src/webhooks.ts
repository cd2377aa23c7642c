/** Webhooks: what an integrator sets up by REST, and what the server posts to them. */
import { Type, type Static } from 'typebox';
import {
  Attributes,
  BreakoutId,
  Identity,
  Metadata,
  Moment,
  MomentOrNull,
  RoomName,
} from './models/basics.ts';
import { ChatMessage } from './models/chat.ts';
import { Knocker } from './models/lobby.ts';
import { LEAVE_REASONS, RoleSchema } from './models/participant.ts';
import { LiveStreamEvent } from './rest/live.ts';
import { CallRecord } from './models/phone.ts';
import { RefusedCall } from './rest/phones.ts';
import { RecordingInfo } from './rest/recordings.ts';
import { PersonSchema, page, strict } from './rest/shared.ts';

/** What a webhook can tell of, with its meaning. Names that LiveKit has mean what they mean there. */
export const WEBHOOK_EVENTS = {
  room_started: 'A meeting began: the first participant is coming in.',
  room_finished: 'The meeting ended; nobody is in the room, and nobody waits.',
  participant_joined: 'Somebody came in.',
  participant_left: 'Somebody left, for whatever reason. It follows each `participant_joined` once.',
  participant_connection_aborted:
    'The connection of somebody was lost and did not come back in time; `participant_left` follows.',
  participant_moved: 'Somebody went to another breakout room, or back to the main room.',
  participant_role_changed: 'A host gave somebody another role.',
  track_published: 'Somebody began to send audio or video.',
  track_unpublished: 'A track ended.',
  room_updated: 'Settings of the room were changed.',
  lobby_knocked: 'Somebody waits to be let in.',
  lobby_admitted: 'Somebody who waited was let in; `participant_joined` follows when they come.',
  lobby_denied: 'Somebody who waited was turned away.',
  lobby_left: 'Somebody stopped waiting.',
  breakout_opened: 'The breakout rooms were opened.',
  breakout_closed: 'The breakout rooms were closed. Where the meeting ends, only `room_finished` says so.',
  chat_message_sent: 'Somebody wrote a message.',
  chat_message_edited: 'Somebody changed the text of their message.',
  chat_message_deleted: 'A message was deleted.',
  chat_cleared: 'A host deleted all messages that were sent to all.',
  egress_started: 'A recording began.',
  egress_updated: 'A recording was paused, resumed, marked or otherwise changed, or got into another state.',
  egress_ended: 'A recording ended: its files are finished, or it failed; what was written is kept.',
  recording_part: 'A recording goes on in a new part; the first part comes with `egress_started` alone.',
  recording_deleted: 'A recording was deleted, by somebody or by retention.',
  live_started: 'A live stream began.',
  live_updated:
    'A target of a live stream was added or removed, or got into another state; or the picture was arranged anew; or the stream goes on after the server was started anew.',
  live_ended: 'A live stream ended: somebody ended it, the meeting did, or it could not go on.',
  call_started: 'A call of a phone came in, or is made.',
  call_answered: 'A call was answered: somebody speaks, or is asked for a PIN.',
  call_ended: 'A call ended; `call.why` says why. It follows each `call_started` once.',
  call_refused:
    'A call was refused before it became one; `refusedCall.why` says why. Strangers, who come from no trunk, are only counted.',
  webhook_test: 'Somebody tries the webhook. It is about no room, and is sent whatever `events` says.',
} as const satisfies Record<string, string>;
export type WebhookEventName = keyof typeof WEBHOOK_EVENTS;
const EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as WebhookEventName[];

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where events are posted to: http or https, without user name and password.',
});
const Events = Type.Union(
  [Type.Array(Type.Enum(EVENT_NAMES), { minItems: 1, uniqueItems: true, maxItems: 64 }), Type.Null()],
  { description: 'The events it is told of; null is all.' },
);
const Room = Type.Union([RoomName, Type.Null()], { description: 'The room it is told of; null is all.' });
const Enabled = Type.Boolean({
  description: 'While it is false, events are not noted for it, and those that wait are not sent.',
});

export const Webhook = Type.Object(
  {
    webhookId: Type.String(),
    url: Url,
    events: Events,
    room: Room,
    enabled: Enabled,
    fixed: Type.Boolean({ description: 'It stands in the configuration, and can be changed only there.' }),
    createdAt: Moment,
  },
  { description: 'Where events are posted to, and which.' },
);
export type Webhook = Static<typeof Webhook>;

export const CreateWebhookBody = Type.Object(
  { url: Url, events: Type.Optional(Events), room: Type.Optional(Room), enabled: Type.Optional(Enabled) },
  strict,
);
export type CreateWebhookBody = Static<typeof CreateWebhookBody>;
export const UpdateWebhookBody = Type.Partial(CreateWebhookBody, strict);
export type UpdateWebhookBody = Static<typeof UpdateWebhookBody>;

export const ReplayWebhookBody = Type.Object(
  {
    since: Type.Integer({
      minimum: 0,
      description:
        'Events from this moment on, in milliseconds since the epoch, as far as the log goes back.',
    }),
    status: Type.Optional(
      Type.Enum(['delivered', 'failed'], {
        description: 'Only those that went so; `failed` leaves out what was delivered by a replay since.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 256, description: '`nextCursor` of the answer before: goes on from there.' }),
    ),
  },
  strict,
);
export type ReplayWebhookBody = Static<typeof ReplayWebhookBody>;
export const ReplayWebhookResult = Type.Object({
  count: Type.Integer({ minimum: 0, description: 'Deliveries that wait to be sent once more.' }),
  nextCursor: Type.Union([Type.String(), Type.Null()], {
    description:
      'Ask again with it for the rest; null when all is lined up. With a count of 0 too much waits already: ask later.',
  }),
});
export type ReplayWebhookResult = Static<typeof ReplayWebhookResult>;

export const WEBHOOK_DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
const DeliveryStatus = Type.Enum(WEBHOOK_DELIVERY_STATES, {
  description: '`pending`: waits to be sent, or to be sent again. `failed`: it is tried no more.',
});

export const WebhookDelivery = Type.Object(
  {
    deliveryId: Type.String(),
    webhookId: Type.String(),
    eventId: Type.String({ description: '`id` in the body; the same however often it is sent.' }),
    event: Type.Enum(EVENT_NAMES),
    room: Room,
    seq: Type.Integer({ minimum: 0, description: '`seq` in the body.' }),
    status: DeliveryStatus,
    attempts: Type.Integer({ minimum: 0 }),
    createdAt: Moment,
    lastAttemptAt: MomentOrNull,
    nextAttemptAt: MomentOrNull,
    responseStatus: Type.Union([Type.Integer(), Type.Null()], {
      description: 'HTTP status of the last answer; null when there was none.',
    }),
    duration: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'Milliseconds that the last attempt took.',
    }),
    error: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the last attempt failed, in words; null when it did not.',
    }),
    replayOf: Type.Union([Type.String(), Type.Null()], { description: 'The delivery that it repeats.' }),
  },
  { description: 'One event on its way to one webhook.' },
);
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookDeliveryDetails = Type.Object({
  ...WebhookDelivery.properties,
  body: Type.String({ description: 'What is sent, as text.' }),
});
export type WebhookDeliveryDetails = Static<typeof WebhookDeliveryDetails>;

export const WebhookPage = page(Webhook);
export const WebhookDeliveryPage = page(WebhookDelivery);

const ByWhom = Type.Union([PersonSchema, Type.Null()], {
  description: 'Who did it; null when it was done by REST or by itself.',
});
const seconds = (description: string) =>
  Type.Integer({ description: `${description}, seconds since the epoch.` });

const WebhookRoom = Type.Object({
  sid: Type.String({ description: '`roomId` elsewhere.' }),
  name: RoomName,
  creationTime: seconds('When the room was made'),
  emptyTimeout: Type.Integer({ description: 'Seconds.' }),
  maxParticipants: Type.Integer({ description: '0 is no limit.' }),
  numParticipants: Type.Integer({ description: 'Participants at the time of the event.' }),
  metadata: Metadata,
  title: Type.String(),
  meetingId: Type.Union([Type.String(), Type.Null()], { description: 'null while nobody meets.' }),
});
const WebhookParticipant = Type.Object({
  sid: Type.String({ description: '`participantId` elsewhere.' }),
  identity: Identity,
  name: Type.String(),
  state: Type.Enum(['ACTIVE', 'DISCONNECTED']),
  kind: Type.Enum(['STANDARD', 'SIP', 'INGRESS', 'EGRESS']),
  joinedAt: seconds('When they joined'),
  metadata: Metadata,
  attributes: Attributes,
  role: RoleSchema,
  disconnectReason: Type.Optional(Type.String({ description: '`reason` as LiveKit spells it.' })),
});
const WebhookTrack = Type.Object({
  sid: Type.String({ description: '`publicationId` elsewhere.' }),
  type: Type.Enum(['AUDIO', 'VIDEO']),
  source: Type.Enum(['CAMERA', 'MICROPHONE', 'SCREEN_SHARE', 'SCREEN_SHARE_AUDIO']),
  muted: Type.Boolean(),
  mimeType: Type.String(),
  simulcast: Type.Boolean(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
});

const WebhookEgress = Type.Object({
  egressId: Type.String({ description: '`recordingId` elsewhere.' }),
  roomId: Type.String(),
  roomName: Type.String(),
  status: Type.Enum([
    'EGRESS_STARTING',
    'EGRESS_ACTIVE',
    'EGRESS_ENDING',
    'EGRESS_COMPLETE',
    'EGRESS_FAILED',
    'EGRESS_ABORTED',
  ]),
  error: Type.String(),
});

/** `room`, `participant`, `track` and `egressInfo` spell their members as LiveKit does; all else is as everywhere in Parley. */
export const WebhookEvent = Type.Object(
  {
    event: Type.Enum(EVENT_NAMES),
    id: Type.String({ description: 'The same however often the event is sent, and to whomever.' }),
    createdAt: seconds('When it happened'),
    seq: Type.Integer({
      minimum: 0,
      description:
        'Number of the event within its room, from 1; of those that are about no room, among themselves. A webhook that takes all events sees each number. 0 in `webhook_test`.',
    }),
    room: Type.Optional(WebhookRoom),
    participant: Type.Optional(WebhookParticipant),
    track: Type.Optional(WebhookTrack),
    reason: Type.Optional(Type.Enum([...LEAVE_REASONS, 'assigned', 'own', 'closed'])),
    breakoutId: Type.Optional(BreakoutId),
    fromBreakoutId: Type.Optional(BreakoutId),
    fromRole: Type.Optional(RoleSchema),
    knock: Type.Optional(Type.Omit(Knocker, ['connection'])),
    banned: Type.Optional(Type.Boolean({ description: 'They may not knock again, either.' })),
    breakouts: Type.Optional(Type.Array(Type.Object({ breakoutId: Type.String(), name: Type.String() }))),
    endsAt: Type.Optional(MomentOrNull),
    message: Type.Optional(
      Type.Object({
        ...Type.Omit(ChatMessage, ['text', 'reactions']).properties,
        text: Type.Union([Type.String(), Type.Null()], {
          description: 'null in a message to one person: what is private stays so.',
        }),
      }),
    ),
    changed: Type.Optional(
      Type.Array(Type.String(), { description: 'The settings that were changed, `password` among them.' }),
    ),
    by: Type.Optional(ByWhom),
    egressInfo: Type.Optional(WebhookEgress),
    recording: Type.Optional(RecordingInfo),
    live: Type.Optional(LiveStreamEvent),
    call: Type.Optional(CallRecord),
    refusedCall: Type.Optional(RefusedCall),
    part: Type.Optional(
      Type.Object({
        part: Type.Integer({ minimum: 1 }),
        startedAt: Moment,
        why: Type.String({ description: 'What had crashed, for people.' }),
      }),
    ),
  },
  { description: 'What is posted to a webhook.' },
);
export type WebhookEvent = Static<typeof WebhookEvent>;

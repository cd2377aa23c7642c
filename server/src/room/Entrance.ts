import { ParleyError, type JoinedRoom, type KnockingAtRoom, type RoomState } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { MediaRoom } from '../media/MediaRoom.ts';
import { isKnown } from './access.ts';
import type { BreakoutRooms } from './BreakoutRooms.ts';
import { decideAt } from './door.ts';
import type { Lobby } from './Lobby.ts';
import type { MeetingLog } from './MeetingLog.ts';
import { Participant, type ParticipantHost, type Rights } from './Participant.ts';
import type { JoinOptions, RoomContext } from './RoomContext.ts';
import type { Recording } from './Recording.ts';
import type { RoomCore } from './RoomCore.ts';
import type { RoomMedia } from './RoomMedia.ts';
import { snapshotFor, type ShownRoom } from './snapshot.ts';
import type { Waiting } from './Waiting.ts';

/** The room, as somebody who comes in changes it. */
export interface EnteredRoom extends RoomCore, ShownRoom {
  readonly lobby: Lobby;
  readonly breakouts: BreakoutRooms;
  readonly recording: Recording;
  /** Somebody of the same identity takes their place. */
  replace(former: Participant): void;
  stateFor(participant: Participant): RoomState;
  rightsOf(grants: JoinGrants): Rights;
  /** Somebody came into the room, or into its lobby. */
  presenceChanged(): void;
}

/** What of the room only the entrance and the room itself reach. */
interface Behind {
  context: Pick<RoomContext, 'iceServers' | 'metrics'>;
  media: RoomMedia;
  meeting: MeetingLog;
  announcer: ParticipantHost & { came(participant: Participant): void };
}

export type Entered =
  | { state: 'joined'; participant: Participant; answer: JoinedRoom }
  | { state: 'knocking'; waiting: Waiting; answer: KnockingAtRoom };

/** How people come in: at once, or by way of the lobby. */
export class Entrance {
  readonly #room: EnteredRoom;
  readonly #behind: Behind;

  constructor(room: EnteredRoom, behind: Behind) {
    this.#room = room;
    this.#behind = behind;
  }

  /** Whether they need no password, and come in though the room is locked. */
  knows(grants: JoinGrants): boolean {
    const { identity, role, inviteId } = grants;
    if (grants.kind === 'recorder') return true;
    const member = this.#room.members.get(identity);
    return isKnown(member.role ?? role, member) || this.#room.invites.isOpen(inviteId);
  }

  /** Throws what `decideAccess` throws, MEDIA_UNAVAILABLE, LIMIT_REACHED. */
  async join(grants: JoinGrants, options: JoinOptions): Promise<Entered> {
    const room = this.#room;
    const { media, context } = this.#behind;
    // A recorder that comes late begins no meeting.
    if (grants.kind === 'recorder' && room.meetingId === null) throw new ParleyError('MEETING_NOT_FOUND');
    room.invites.admit(grants);
    if (grants.isGuest) room.bans.noteNetwork(grants.identity, options.network);
    if (decideAt(room, grants, options) === 'knocking') return this.#knock(grants, options);
    const mediaRoom = await media.get();
    const former = room.roster.findByIdentity(grants.identity);
    if (former) room.replace(former);
    const participant = this.#admit(grants, options, mediaRoom);
    room.lobby.entered(participant);
    const answer = snapshotFor(room, participant, {
      roomState: room.stateFor(participant),
      iceServers: context.iceServers,
      rtpCapabilities: mediaRoom.rtpCapabilities,
      mediaGeneration: media.generation,
    });
    return { state: 'joined', participant, answer };
  }

  #knock(grants: JoinGrants, options: JoinOptions): Entered {
    const { lobby } = this.#room;
    const waiting = lobby.knock(grants, options);
    this.#room.presenceChanged();
    return { state: 'knocking', waiting, answer: { state: 'knocking', knock: lobby.knockOf(waiting) } };
  }

  #admit(grants: JoinGrants, { outlet, displayName }: JoinOptions, mediaRoom: MediaRoom): Participant {
    const room = this.#room;
    const { context, media, meeting, announcer } = this.#behind;
    if (meeting.start()) {
      context.metrics.rooms.inc();
      room.logger.info('meeting started');
      room.events.tell({ type: 'meetingStarted' });
    }
    const { identity } = grants;
    const place = room.recording.placeOf(grants);
    if (grants.kind !== 'recorder') this.#remember(identity);
    const member = room.members.get(identity);
    const ownPlace = grants.grant.hidden === true ? null : room.breakouts.placeOf(identity);
    const participant = new Participant(grants, announcer, {
      outlet,
      displayName: member.displayName ?? displayName,
      rights: room.rightsOf(grants),
      breakoutId: place ? place.breakoutId : ownPlace,
      raisedHandAt: member.raisedHandAt,
    });
    room.roster.add(participant);
    context.metrics.participants.inc();
    media.give(participant, mediaRoom);
    announcer.came(participant);
    meeting.note(participant);
    room.logger.info({ participantId: participant.participantId, identity }, 'participant joined');
    room.presenceChanged();
    if (participant.permissions.canAdmit) room.lobby.tell(participant);
    return participant;
  }

  #remember(identity: string): void {
    const { members, stores } = this.#room;
    const isFirst = members.get(identity).firstJoinedAt === null;
    members.update(identity, {
      admission: 'admitted',
      ...(isFirst && { firstJoinedAt: Date.now(), lastSeqBefore: stores.chat.lastSeq() }),
    });
  }
}

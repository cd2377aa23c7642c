import { randomInt } from 'node:crypto';
import { ParleyError, type MethodParams, type PublicationInfo } from '@parley/protocol';
import type { LegPlace } from '@parley/protocol/phoneProcess';
import { AUDIO_LEVEL_URI } from '../../media/Listener.ts';
import type { Participant } from '../../room/Participant.ts';
import type { Room } from '../../room/Room.ts';
import type { ZoneWay } from './PhoneZones.ts';

const PAYLOAD_TYPE = 111;

export type OpenUplink = NonNullable<Extract<LegPlace, { kind: 'zone' }>['uplink']>;

/**
 * A way for the sound of a phone into its room, from where its zone is mixed: what was published stays, muted or not.
 * Undefined for somebody who may send no sound. Throws WRONG_STATE, MEDIA_UNAVAILABLE, MEDIA_REJECTED.
 */
export async function openUplink(
  { participant, room }: { participant: Participant; room: Room },
  { address, audioLevelExtensionId }: ZoneWay,
  { startsMuted }: { startsMuted: boolean },
): Promise<OpenUplink | undefined> {
  if (!participant.permissions.canPublishSources.includes('microphone')) return undefined;
  const former = microphoneOf(participant);
  const { transportId, ip, port, connect } = await participant.createUplink();
  await connect(address);
  const ssrc = randomInt(1, 0xffff_ffff);
  const params: MethodParams<'media.publish'> = {
    ...{ transportId, source: 'microphone', kind: 'audio', muted: former?.muted ?? startsMuted },
    rtpParameters: {
      codecs: [
        {
          ...{ mimeType: 'audio/opus', payloadType: PAYLOAD_TYPE, clockRate: 48_000, channels: 2 },
          parameters: { useinbandfec: 1, usedtx: 1 },
        },
      ],
      headerExtensions: [{ uri: AUDIO_LEVEL_URI, id: audioLevelExtensionId }],
      encodings: [{ ssrc }],
      rtcp: { cname: 'parley' },
    },
  };
  await publish({ participant, room }, params);
  return { ip, port, ssrc, payloadType: PAYLOAD_TYPE, audioLevelExtensionId };
}

export const microphoneOf = ({ info }: Participant): PublicationInfo | undefined =>
  info.publications.find(({ source }) => source === 'microphone');

/** Where a host has to allow it first, they come in muted and ask for it. */
async function publish(
  { participant, room }: { participant: Participant; room: Room },
  params: MethodParams<'media.publish'>,
): Promise<void> {
  try {
    await participant.publish(params);
  } catch (error) {
    if (!(error instanceof ParleyError) || error.code !== 'UNMUTE_NEEDS_APPROVAL') throw error;
    await participant.publish({ ...params, muted: true });
    await askToUnmute({ participant, room });
  }
}

/** Asks the hosts to be allowed to speak. */
export async function askToUnmute({
  participant,
  room,
}: {
  participant: Participant;
  room: Room;
}): Promise<void> {
  if (participant.info.unmuting !== 'needsApproval') return;
  await room.perform(participant, 'participant.requestUnmute', () =>
    room.floor.requestUnmute(participant, false),
  );
}

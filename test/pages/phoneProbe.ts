/** What the page does with phones, and sees and hears of them. */
import type { Participant, PhoneCall, Room, Source } from '@parley/client-sdk';

export type DialOptions = Parameters<Room['calls']['dial']>[1];

export interface SeenPerson {
  participantId: string;
  identity: string;
  displayName: string;
  kind: Participant['kind'];
  handUp: boolean;
  muted: boolean | undefined;
  phone: Participant['phone'];
}

/** What somebody’s sound is measured with, from when it is first asked for. */
const analysers = new Map<string, { analyser: AnalyserNode; track: MediaStreamTrack }>();
/** States of calls, in the order in which they were told. */
const told: { callId: string; state: PhoneCall['state'] }[] = [];

export const logCalls = (room: Room): void =>
  void room.on('callChanged', ({ callId, state }) => told.push({ callId, state }));

const seen = (person: Participant): SeenPerson => ({
  ...{ participantId: person.participantId, identity: person.identity, displayName: person.displayName },
  ...{ kind: person.kind, handUp: person.raisedHandAt !== undefined, phone: person.phone },
  muted: person.getPublication('microphone')?.muted,
});

function analyserOf(track: MediaStreamTrack): AnalyserNode {
  const known = analysers.get(track.id);
  if (known) return known.analyser;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  analysers.set(track.id, { analyser, track });
  return analyser;
}

export const phoneProbe = (getRoom: () => Room) => ({
  people: () => getRoom().participants.map(seen),
  knocks: () => getRoom().lobby.people.map(({ displayName }) => displayName),
  mute: (participantId: string, source: Source = 'microphone') =>
    getRoom().moderation.mute(participantId, source),
  rename: (participantId: string, name: string) => getRoom().moderation.rename(participantId, name),
  remove: (participantId: string) => getRoom().moderation.remove(participantId),
  lowerHand: (participantId: string) => getRoom().moderation.lowerHand(participantId),
  dial: (target: string, options?: DialOptions) => getRoom().calls.dial(target, options),
  cancelCall: (callId: string) => getRoom().calls.cancel(callId),
  sendDigits: (callId: string, digits: string) => getRoom().calls.sendDigits(callId, digits),
  calls: () => getRoom().calls.list,
  /** The states that a call has had, one after the other. */
  callStates: (callId: string) =>
    told
      .filter((one) => one.callId === callId)
      .map(({ state }) => state)
      .filter((state, at, states) => state !== states[at - 1]),
  /** Who speaks loudest, and how loud they all are, dBov. */
  dominant: () => getRoom().dominantSpeaker?.identity,
  levels: () => getRoom().participants.map(({ identity, audioLevel }) => ({ identity, audioLevel })),
  /** How loud frequencies are in what is heard of somebody just now, dB of full scale; undefined without a track. */
  tones(identity: string, hertz: number[]): Record<number, number> | undefined {
    const person = [...getRoom().remoteParticipants.values()].find((one) => one.identity === identity);
    const track = person?.getPublication('microphone')?.track;
    if (!track) return undefined;
    const analyser = analyserOf(track);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const width = analyser.context.sampleRate / analyser.fftSize;
    const near = (one: number): number[] => [-1, 0, 1].map((by) => bins[Math.round(one / width) + by] ?? 0);
    // -Infinity, which is silence, does not pass as JSON.
    return Object.fromEntries(hertz.map((one) => [one, Math.max(-200, Math.round(Math.max(...near(one))))]));
  },
});

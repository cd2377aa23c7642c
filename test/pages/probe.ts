/** Runs inside the browser: joins with the real SDK, shows what it receives, and measures it. */
import { httpMedia } from './httpMedia.ts';
import { logCalls, phoneProbe } from './phoneProbe.ts';
import { shownPicture } from './shownPicture.ts';
import { paintTimeCode } from './timeCode.ts';
import { Room, type Fault, type LobbyVisit, type RoomOptions, type Source } from '@parley/client-sdk';

interface LoggedEvent {
  at: number;
  event: string;
  about: string;
}

let room: Room | undefined;
let startedAt = 0;
let firstFrameAt: number | undefined;
const events: LoggedEvent[] = [];
let painted: HTMLCanvasElement | undefined;
let paintedColour = 'black';
/** Paints it now. */
let draw = (): void => undefined;
let visit: LobbyVisit | undefined;
let gap: { longest: number; stop(): void } | undefined;
const data: { topic: string; from: string; text: string }[] = [];
const elements = new Map<string, HTMLMediaElement>();

const getRoom = (): Room => {
  if (!room) throw new Error('not joined');
  return room;
};
const key = (identity: string, source: Source): string => `${identity}/${source}`;

function show(identity: string, source: Source): void {
  const publication = findRemote(identity, source);
  if (!publication || elements.has(key(identity, source))) return;
  const element = document.createElement(publication.kind);
  element.autoplay = true;
  element.style.cssText = 'float:left;width:640px;height:360px';
  document.body.append(element);
  if (element instanceof HTMLVideoElement) {
    element.muted = true;
    element.requestVideoFrameCallback(() => (firstFrameAt ??= performance.now() - startedAt));
  }
  elements.set(key(identity, source), element);
  publication.attach(element);
}

function hide(identity: string, source: Source): void {
  elements.get(key(identity, source))?.remove();
  elements.delete(key(identity, source));
}

function findRemote(identity: string, source: Source) {
  const participant = [...getRoom().remoteParticipants.values()].find(
    (candidate) => candidate.identity === identity,
  );
  return participant?.getPublication(source);
}

function listen(joined: Room): void {
  const log = (event: string, about = ''): void => void events.push({ at: performance.now(), event, about });
  joined.on('stateChanged', (state) => log('stateChanged', state));
  joined.on('reconnected', (by) => log('reconnected', by));
  joined.on('disconnected', ({ reason }) => log('disconnected', reason));
  joined.on('participantJoined', ({ identity }) => log('participantJoined', identity));
  joined.on('participantLeft', ({ identity }, reason) => {
    log('participantLeft', `${identity} ${reason}`);
    for (const source of ['camera', 'microphone', 'screen', 'screenAudio'] as const) hide(identity, source);
  });
  joined.on('publicationAdded', ({ source }, { identity }) => log('publicationAdded', key(identity, source)));
  joined.on('publicationRemoved', ({ source }, { identity }) => {
    log('publicationRemoved', key(identity, source));
    hide(identity, source);
  });
  joined.on('publicationUpdated', ({ source, muted }, { identity }, by) =>
    log('publicationUpdated', `${key(identity, source)} muted=${muted} by=${by ?? ''}`),
  );
  joined.on('sentToLobby', (lobby) => {
    visit = lobby;
    log('sentToLobby');
  });
  joined.on('moved', ({ name, reason }) => log('moved', `${name || 'main'} ${reason}`));
  joined.on('trackSubscribed', (_track, { source }, { identity }) => show(identity, source));
  joined.on('dataReceived', ({ topic, from, payload }) =>
    data.push({ topic, from, text: new TextDecoder().decode(payload) }),
  );
}

async function statsOf(identity: string, source: Source): Promise<RTCInboundRtpStreamStats | undefined> {
  const report = await findRemote(identity, source)?.getStats();
  let found: RTCInboundRtpStreamStats | undefined;
  report?.forEach((entry: RTCStats) => {
    if (entry.type === 'inbound-rtp') found = entry as RTCInboundRtpStreamStats;
  });
  return found;
}

const probe = {
  ...phoneProbe(getRoom),
  async join(options: { url: string; token: string; options?: RoomOptions }) {
    startedAt = performance.now();
    room = await Room.connect(options.url, options.token, {
      ...options.options,
      onKnocking: (lobby) => (visit = lobby),
    });
    listen(room);
    logCalls(room);
    for (const participant of room.remoteParticipants.values()) {
      for (const { source, track } of participant.publications.values())
        if (track) show(participant.identity, source);
    }
    return { participantId: room.localParticipant.participantId, ms: performance.now() - startedAt };
  },
  /** The code of the error with which joining is refused. */
  async joinError(options: { url: string; token: string; options?: RoomOptions }) {
    try {
      await Room.connect(options.url, options.token, options.options);
      return 'joined';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  },
  leave: () => getRoom().leave(),
  /** The connection may be closed before the answer comes. */
  endMeeting: () =>
    getRoom()
      .end()
      .catch(() => undefined),
  async publish(sources: ('microphone' | 'camera')[] = ['microphone', 'camera']) {
    const me = getRoom().localParticipant;
    await Promise.all(
      sources.map((source) =>
        source === 'camera' ? me.setCameraEnabled(true) : me.setMicrophoneEnabled(true),
      ),
    );
  },
  setEnabled(source: 'microphone' | 'camera' | 'screen', enabled: boolean) {
    const me = getRoom().localParticipant;
    if (source === 'screen') return me.setScreenShareEnabled(enabled);
    return source === 'camera' ? me.setCameraEnabled(enabled) : me.setMicrophoneEnabled(enabled);
  },
  /** Publishes a picture that the page draws, of any size. */
  async publishDrawing(width: number, height: number) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    setInterval(() => {
      if (!context) return;
      context.fillStyle = `hsl(${Math.round(performance.now() / 10) % 360} 80% 50%)`;
      context.fillRect(0, 0, width, height);
      for (let dot = 0; dot < 200; dot += 1)
        context.clearRect(Math.random() * width, Math.random() * height, 9, 9);
    }, 33);
    const [track] = canvas.captureStream(30).getVideoTracks();
    if (track) await getRoom().localParticipant.publishTrack(track, { source: 'camera' });
  },
  /** Publishes a picture in which stands when it was painted. */
  async publishTimeCode(width: number, height: number) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (!context) return;
    setInterval(() => paintTimeCode(context, canvas, Date.now()), 33);
    const [track] = canvas.captureStream(30).getVideoTracks();
    if (track) await getRoom().localParticipant.publishTrack(track, { source: 'camera' });
  },
  /** Publishes a picture of one colour, which may be painted over later, in another size, too. */
  async publishColour(colour: string, width: number, height: number) {
    painted = Object.assign(document.createElement('canvas'), { width, height });
    const context = painted.getContext('2d');
    let turn = 0;
    probe.paint(colour);
    draw = () => {
      if (!context || !painted) return;
      context.fillStyle = paintedColour;
      context.fillRect(0, 0, painted.width, painted.height);
      // Something has to move, or nothing is sent.
      context.fillStyle = (turn += 1) % 2 === 0 ? 'white' : 'black';
      context.fillRect(0, 0, 8, 8);
    };
    setInterval(draw, 33);
    const [track] = painted.captureStream(30).getVideoTracks();
    if (track) await getRoom().localParticipant.publishTrack(track, { source: 'camera' });
  },
  /** Publishes camera and microphone: with each second of the clock a flash and a beep, of 100 ms, both at once. */
  async publishFlashAndBeep() {
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: 1000 });
    tone.connect(gain).connect(destination);
    // Chromium takes the clock from a context whose output was silent for 30 s and gives it another, with a leap between them.
    tone.connect(new GainNode(context, { gain: 0.001 })).connect(context.destination);
    tone.start();
    await probe.publishColour('black', 320, 180);
    const flash = (on: boolean): void => {
      probe.paint(on ? 'white' : 'black');
      draw();
      gain.gain.value = on ? 0.5 : 0;
    };
    const atNextSecond = (): void =>
      void setTimeout(
        () => {
          flash(true);
          setTimeout(() => flash(false), 100);
          atNextSecond();
        },
        1000 - (Date.now() % 1000),
      );
    atNextSecond();
    const [track] = destination.stream.getAudioTracks();
    if (track) await getRoom().localParticipant.publishTrack(track, { source: 'microphone' });
  },
  paint(colour: string, width?: number, height?: number) {
    paintedColour = colour;
    if (painted && width !== undefined && height !== undefined) Object.assign(painted, { width, height });
  },
  setConsent(agreed: boolean) {
    return getRoom().recording.setConsent(agreed);
  },
  setMuted(source: Source, muted: boolean) {
    const publication = getRoom().localParticipant.getPublication(source);
    return muted ? publication?.mute() : publication?.unmute();
  },
  /** Publishes a tone that never pauses: the fake microphone beeps for 20 ms twice a second, which is hardly speech. */
  async publishTone(frequency = 300) {
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(new GainNode(context, { gain: 0.5 })).connect(destination);
    tone.start();
    const [track] = destination.stream.getAudioTracks();
    if (track) await getRoom().localParticipant.publishTrack(track, { source: 'microphone' });
  },
  /** Begins to join and does not wait for it: one may have to wait in the lobby. */
  beginJoin(options: { url: string; token: string; options?: RoomOptions }) {
    probe.join(options).then(
      () => events.push({ at: performance.now(), event: 'joined', about: '' }),
      (error: unknown) => events.push({ at: performance.now(), event: 'refused', about: String(error) }),
    );
  },
  /** What is known in the lobby. */
  waiting: () =>
    visit && {
      title: visit.title,
      text: visit.text,
      hostPresent: visit.hostPresent,
      messages: visit.messages,
    },
  knockers: () => getRoom().lobby.people.map(({ identity }) => identity),
  admitAll: () => getRoom().lobby.admitAll(),
  sendToLobby: (participantId: string) => getRoom().moderation.sendToLobby(participantId),
  createBreakouts: (names: string[]) => getRoom().breakouts.create(names),
  assign: (assignments: { identity: string; breakoutId: string | null }[]) =>
    getRoom().breakouts.assign(assignments),
  openBreakouts: () => getRoom().breakouts.open(),
  closeBreakouts: () => getRoom().breakouts.close(),
  place: () => getRoom().breakouts.name || 'main',
  say: async (text: string) => (await getRoom().chat.send(text)).messageId,
  chat: () => getRoom().chat.messages.map(({ text }) => text),
  /** Listens to somebody from now on, for the longest silence between two sounds. */
  listenForGaps(identity: string) {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 256 });
    const listened = new Set<MediaStreamTrack>();
    const samples = new Float32Array(analyser.fftSize);
    let lastSoundAt: number | undefined;
    let lastTickAt = performance.now();
    const state = { longest: 0, stop: () => clearInterval(timer) };
    const timer = setInterval(() => {
      const now = performance.now();
      // While the page itself stood still, nobody listened.
      if (lastSoundAt !== undefined) lastSoundAt += Math.max(0, now - lastTickAt - 50);
      lastTickAt = now;
      const track = findRemote(identity, 'microphone')?.track;
      if (track && !listened.has(track)) {
        listened.add(track);
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      }
      analyser.getFloatTimeDomainData(samples);
      if (!samples.some((sample) => Math.abs(sample) > 0.01)) return;
      if (lastSoundAt !== undefined) state.longest = Math.max(state.longest, now - lastSoundAt);
      lastSoundAt = now;
    }, 5);
    gap = state;
  },
  /** The longest silence since it was asked for the last time, ms. */
  longestGap() {
    const longest = gap?.longest ?? 0;
    if (gap) gap.longest = 0;
    return longest;
  },
  simulate: (fault: Fault) => getRoom().simulate(fault),
  sendData: (text: string, to?: string[], reliable = true) =>
    getRoom().sendData(new TextEncoder().encode(text), { topic: 'test', reliable, ...(to && { to }) }),
  participantId: () => getRoom().localParticipant.participantId,
  data: () => data,
  state: () => getRoom().state,
  events: () => events,
  firstFrame: () => firstFrameAt,
  participants: () => getRoom().participants.map(({ identity }) => identity),
  publications: () =>
    [...getRoom().remoteParticipants.values()].flatMap(({ identity, publications }) =>
      [...publications.values()].map(
        ({ source, muted }) => `${key(identity, source)}${muted ? ' muted' : ''}`,
      ),
    ),
  speakers: () => getRoom().activeSpeakers.map(({ identity }) => identity),
  async video(identity: string, source: Source = 'camera') {
    const stats = await statsOf(identity, source);
    return {
      frames: stats?.framesDecoded ?? 0,
      height: stats?.frameHeight ?? 0,
      bytes: stats?.bytesReceived ?? 0,
      codec: findRemote(identity, source)?.codec ?? '',
      id: stats?.id ?? '',
    };
  },
  async audio(identity: string, source: Source = 'microphone') {
    const stats = await statsOf(identity, source);
    return { energy: stats?.totalAudioEnergy ?? 0, packets: stats?.packetsReceived ?? 0 };
  },
  /** What is sent of the camera, by layer. */
  async sent(source: Source = 'camera') {
    const report = await getRoom().localParticipant.getPublication(source)?.getStats();
    const layers: { rid: string; height: number; frames: number; active: boolean; mode: string }[] = [];
    report?.forEach((entry: RTCStats) => {
      if (entry.type !== 'outbound-rtp') return;
      const {
        rid = '',
        frameHeight = 0,
        framesEncoded = 0,
        active = true,
        scalabilityMode = '',
      } = entry as RTCOutboundRtpStreamStats;
      layers.push({ rid, height: frameHeight, frames: framesEncoded, active, mode: scalabilityMode });
    });
    return layers.sort((a, b) => a.rid.localeCompare(b.rid));
  },
  resize(identity: string, width: number, height: number) {
    const element = elements.get(key(identity, 'camera'));
    if (element)
      Object.assign(element.style, {
        width: `${width}px`,
        height: `${height}px`,
        display: width === 0 ? 'none' : 'block',
      });
  },
  async transportProtocol(identity: string) {
    const report = await findRemote(identity, 'camera')?.getStats();
    let protocol = '';
    report?.forEach((entry: RTCStats) => {
      if (entry.type === 'remote-candidate')
        protocol = (entry as RTCStats & { protocol?: string }).protocol ?? protocol;
    });
    return protocol;
  },
};

export type Probe = typeof probe;
Object.assign(globalThis, { probe, httpMedia, shownPicture });

/** Runs inside the browser: a publisher by WHIP and a player by WHEP, as anybody would write them, without the SDK. */

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface PublishOptions {
  url: string;
  token: string;
  /** Three layers of simulcast. */
  simulcast?: boolean;
  /** Such as video/H264; what the browser likes best by default. */
  codec?: string;
  kinds?: ('audio' | 'video')[];
}

/** How a player offers; `none` has the server offer. */
type PlayerOffer = 'plain' | 'shuffled' | 'h264' | 'audio' | 'none';

let connection: RTCPeerConnection | undefined;
let session = { url: '', token: '', etag: '' };
let candidates: string[] = [];

const getConnection = (): RTCPeerConnection => {
  if (!connection) throw new Error('there is no connection');
  return connection;
};

async function ask(
  method: string,
  url: string,
  options: { token?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const { token = session.token, body, headers = {} } = options;
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

function begin(): RTCPeerConnection {
  connection?.close();
  candidates = [];
  connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) candidates.push(`a=${candidate.candidate}`);
  };
  return connection;
}

function remember(url: string, token: string, { headers }: Answered): void {
  const location = headers['location'] ?? '';
  session = { url: new URL(location, url).href, token, etag: headers['etag'] ?? '' };
}

/** The credentials and candidates of this side, as a fragment (RFC 8840). */
function fragment(lines: string[] = candidates): string {
  const own = getConnection().localDescription?.sdp ?? '';
  const line = (pattern: RegExp): string => pattern.exec(own)?.[0] ?? '';
  return [
    line(/^a=ice-ufrag:.*$/m),
    line(/^a=ice-pwd:.*$/m),
    line(/^m=.*$/m),
    line(/^a=mid:.*$/m),
    ...lines,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

async function addTracks(pc: RTCPeerConnection, { simulcast, codec, kinds }: PublishOptions): Promise<void> {
  const wanted = kinds ?? ['audio', 'video'];
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: wanted.includes('audio'),
    video: wanted.includes('video') && { width: 1280, height: 720 },
  });
  for (const track of stream.getTracks()) {
    const transceiver = pc.addTransceiver(track, {
      direction: 'sendonly',
      streams: [stream],
      ...(track.kind === 'video' &&
        simulcast && {
          sendEncodings: [
            { rid: 'q', scaleResolutionDownBy: 4 },
            { rid: 'h', scaleResolutionDownBy: 2 },
            { rid: 'f' },
          ],
        }),
    });
    if (track.kind !== 'video' || codec === undefined) continue;
    const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
    const first = codecs.filter(({ mimeType }) => mimeType === codec);
    transceiver.setCodecPreferences([...first, ...codecs.filter((one) => !first.includes(one))]);
  }
}

let screen: { video: HTMLVideoElement; stream: MediaStream } | undefined;
let analyser: AnalyserNode | undefined;

/** How loud a tone is in what is played, 0 to 255. */
function loudness(frequency: number): number {
  if (!screen || screen.stream.getAudioTracks().length === 0) return 0;
  if (!analyser) {
    const context = new AudioContext();
    analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(screen.stream).connect(analyser);
  }
  const levels = new Uint8Array(analyser.frequencyBinCount);
  analyser.getByteFrequencyData(levels);
  return levels[Math.round((frequency * analyser.fftSize) / analyser.context.sampleRate)] ?? 0;
}

/** Plays what comes. */
function show(pc: RTCPeerConnection): void {
  const video = Object.assign(document.createElement('video'), { autoplay: true });
  const stream = new MediaStream();
  screen = { video, stream };
  document.body.append(video);
  pc.ontrack = ({ track }) => {
    stream.addTrack(track);
    video.srcObject = stream;
  };
}

async function offerToPlay(pc: RTCPeerConnection, kind: PlayerOffer): Promise<string> {
  pc.addTransceiver('audio', { direction: 'recvonly' });
  const transceiver = kind === 'audio' ? undefined : pc.addTransceiver('video', { direction: 'recvonly' });
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  if (kind === 'h264')
    transceiver?.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/H264'));
  const { sdp = '' } = await pc.createOffer();
  return kind === 'shuffled' ? shuffled(sdp) : sdp;
}

/** The same offer, in which every dynamic payload type of a section means what another meant. */
function shuffled(sdp: string): string {
  const all = [...sdp.matchAll(/^a=rtpmap:(\d+) /gm)].map(([, type = '']) => type);
  const types = all.filter((type) => Number(type) >= 35);
  const renamed = new Map(types.map((type, index) => [type, types[(index + 5) % types.length] ?? type]));
  const of = (type: string): string => renamed.get(type) ?? type;
  return sdp
    .replace(/^(m=\w+ \d+ \S+ )(.*)$/gm, (_line, start: string, list: string) =>
      [start, list.trim().split(' ').map(of).join(' ')].join(''),
    )
    .replace(/^(a=(?:rtpmap|fmtp|rtcp-fb):)(\d+)/gm, (_line, start: string, type: string) => start + of(type))
    .replace(/\bapt=(\d+)/g, (_part, type: string) => `apt=${of(type)}`)
    .replace(/^(a=fmtp:\d+ )(\d+)\/(\d+)/gm, (_line, start: string, one: string, two: string) =>
      [start, of(one), '/', of(two)].join(''),
    );
}

async function figures(kind: 'audio' | 'video', type: 'inbound-rtp' | 'outbound-rtp') {
  const found: Record<string, number>[] = [];
  (await getConnection().getStats()).forEach((entry: RTCStats & { kind?: string }) => {
    if (entry.type === type && entry.kind === kind)
      found.push(entry as RTCStats & { kind?: string } & Record<string, never>);
  });
  const sum = (name: string): number => found.reduce((total, one) => total + (one[name] ?? 0), 0);
  const most = (name: string): number => found.reduce((max, one) => Math.max(max, one[name] ?? 0), 0);
  return {
    frames: sum('framesDecoded'),
    height: most('frameHeight'),
    packets: sum('packetsReceived'),
    energy: sum('totalAudioEnergy'),
    sent: sum('packetsSent'),
    streams: found.length,
  };
}

export const httpMedia = {
  ask,
  /** Offers what the fake camera and microphone give. */
  async publish(options: PublishOptions): Promise<Answered> {
    const pc = begin();
    await addTracks(pc, options);
    await pc.setLocalDescription();
    const offer = pc.localDescription?.sdp ?? '';
    const answer = await ask('POST', options.url, {
      token: options.token,
      body: offer,
      headers: { 'content-type': 'application/sdp' },
    });
    if (answer.status !== 201) return answer;
    remember(options.url, options.token, answer);
    await pc.setRemoteDescription({ type: 'answer', sdp: answer.body });
    return answer;
  },
  /** Plays somebody: offers, and takes the answer. */
  async watch({ url, token, offer = 'plain' }: { url: string; token: string; offer?: PlayerOffer }) {
    const pc = begin();
    show(pc);
    if (offer !== 'none') await pc.setLocalDescription({ type: 'offer', sdp: await offerToPlay(pc, offer) });
    const body = pc.localDescription?.sdp;
    const headers = { 'content-type': 'application/sdp' };
    const answer = await ask('POST', url, { token, ...(body !== undefined && { body, headers }) });
    if (answer.status !== 201) return { answer, offer: body ?? '' };
    remember(url, token, answer);
    if (body === undefined) await httpMedia.takeOffer(answer.body);
    else await pc.setRemoteDescription({ type: 'answer', sdp: answer.body });
    return { answer, offer: body ?? '' };
  },
  /** Answers an offer of the server. */
  async takeOffer(sdp: string): Promise<number> {
    const pc = begin();
    show(pc);
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription();
    const { status } = await ask('PATCH', session.url, {
      body: pc.localDescription?.sdp ?? '',
      headers: { 'content-type': 'application/sdp' },
    });
    return status;
  },
  session: () => session,
  loudness: (frequencies: number[]) => frequencies.map(loudness),
  /** How much of the picture that is played has which colour: shares of red, green and blue. */
  colours() {
    const [width, height] = [64, 36];
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context || !screen) return { red: 0, green: 0, blue: 0 };
    context.drawImage(screen.video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const share = (at: number): number => {
      let count = 0;
      for (let index = 0; index < data.length; index += 4) {
        const others = [0, 1, 2].filter((one) => one !== at).map((one) => data[index + one] ?? 0);
        if ((data[index + at] ?? 0) > 90 && Math.max(...others) < 60) count += 1;
      }
      return count / (width * height);
    };
    return { red: share(0), green: share(1), blue: share(2) };
  },
  /** Sends the candidates that were found, with this ETag. */
  trickle: (etag: string | null = session.etag): Promise<Answered> =>
    ask('PATCH', session.url, {
      body: fragment(),
      headers: {
        'content-type': 'application/trickle-ice-sdpfrag',
        ...(etag !== null && { 'if-match': etag }),
      },
    }),
  /** Starts ICE anew, as a publisher does whose network changed. */
  async restart(): Promise<Answered> {
    const pc = getConnection();
    const former = pc.remoteDescription?.sdp ?? '';
    candidates = [];
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
    const answer = await ask('PATCH', session.url, {
      body: fragment(),
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
    });
    if (answer.status !== 200) return answer;
    session.etag = answer.headers['etag'] ?? '';
    const value = (name: string): string => new RegExp(`^a=${name}:(.*)$`, 'm').exec(answer.body)?.[1] ?? '';
    const sdp = former
      .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${value('ice-ufrag').trim()}`)
      .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${value('ice-pwd').trim()}`);
    await pc.setRemoteDescription({ type: 'answer', sdp });
    return answer;
  },
  end: (): Promise<Answered> => ask('DELETE', session.url),
  /** Goes without a word to the server. */
  close: () => connection?.close(),
  state: () => connection?.connectionState ?? 'none',
  received: async () => ({
    audio: await figures('audio', 'inbound-rtp'),
    video: await figures('video', 'inbound-rtp'),
  }),
  /** Of what is being received. */
  async payloadTypes() {
    const found: Record<string, number> = {};
    const types = new Map<string, number>();
    const stats = await getConnection().getStats();
    stats.forEach((entry: RTCStats & { payloadType?: number }) => {
      if (entry.type === 'codec') types.set(entry.id, entry.payloadType ?? -1);
    });
    stats.forEach((entry: RTCInboundRtpStreamStats) => {
      const type = entry.type === 'inbound-rtp' ? types.get(entry.codecId ?? '') : undefined;
      if (type !== undefined) found[entry.kind] = type;
    });
    return found;
  },
  sent: async () => ({
    audio: await figures('audio', 'outbound-rtp'),
    video: await figures('video', 'outbound-rtp'),
  }),
};

export type HttpMediaProbe = typeof httpMedia;

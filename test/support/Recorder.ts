import { findFfmpeg } from '@parley/recorder/findFfmpeg';
import { RoomClient, type RoomClientOptions } from '@parley/recorder/room';
import type { ParleyServer } from './ParleyServer.ts';
import { joinToken } from './tokens.ts';
import { waitFor } from './waitFor.ts';

type Participant = RoomClient['participants'][number];
type VideoInput = NonNullable<Participant['camera']>;
type AudioInput = NonNullable<Participant['microphone']>;
type Picture = NonNullable<VideoInput['picture']>;

const SAMPLE_RATE = 48_000;

/** The recorder's part that is in the room, in this process. */
export class Recorder {
  readonly client: RoomClient;

  private constructor(client: RoomClient) {
    this.client = client;
  }

  static async join(
    server: ParleyServer,
    room: string,
    options: Partial<RoomClientOptions> = {},
  ): Promise<Recorder> {
    const client = await RoomClient.join({
      url: `${server.url.replace(/^http/u, 'ws')}/ws`,
      getToken: () => joinToken(room, 'recorder', { video: { recorder: true } }),
      ffmpeg: findFfmpeg(),
      log: { debug: () => undefined, info: () => undefined, warn: console.warn },
      ...options,
    });
    return new Recorder(client);
  }

  async sees(identity: string, source: 'camera' | 'screen' = 'camera'): Promise<VideoInput> {
    const participant = await this.#wait(identity, (candidate) => candidate[source] !== undefined);
    return participant[source] as VideoInput;
  }

  async hears(identity: string): Promise<AudioInput> {
    const { microphone } = await this.#wait(identity, (candidate) => candidate.microphone !== undefined);
    return microphone as AudioInput;
  }

  async close(): Promise<void> {
    await this.client.leave();
  }

  async #wait(identity: string, is: (participant: Participant) => boolean): Promise<Participant> {
    const find = (): Participant | undefined =>
      this.client.participants.find((participant) => participant.identity === identity && is(participant));
    await waitFor(`${identity} in the room`, find, { done: (found) => found !== undefined });
    return find() as Participant;
  }
}

/** Waits for a picture that is taken from now on and shows this colour in its middle. */
export async function showsColour(
  video: VideoInput,
  colour: string,
  size: { width?: number; height?: number } = {},
): Promise<Picture> {
  const since = performance.now();
  await waitFor(`a picture that is ${colour}`, () => describe(video.picture), {
    timeout: 25_000,
    done: (seen) =>
      seen !== undefined &&
      seen.decodedAt > since &&
      seen.colour === colour &&
      (size.width === undefined || seen.width === size.width),
  });
  return video.picture as Picture;
}

const describe = (picture: Picture | undefined) =>
  picture && { width: picture.width, colour: colourOf(picture), decodedAt: picture.decodedAt };

/** The name of the colour in the middle. */
export function colourOf({ width, height, data }: Picture): string {
  const area = width * height;
  const middle = (height >> 2) * (width >> 1) + (width >> 2);
  const [u = 0, v = 0] = [data[area + middle], data[area + area / 4 + middle]];
  if (v > 170) return 'red';
  if (u > 170) return 'blue';
  if (u < 112 && v < 112) return 'lime';
  return `other (${u}, ${v})`;
}

/** Listens until a second of sound in which this tone is by far the loudest of some has come. */
export async function hearsTone(audio: AudioInput, frequency: number): Promise<void> {
  let left: number[] = [];
  const stop = audio.listen(({ samples }) => {
    left = [...left, ...samples.filter((_, index) => index % 2 === 0)].slice(-SAMPLE_RATE);
  });
  try {
    await waitFor(
      `a tone of ${frequency} Hz`,
      () => [frequency, frequency * 1.5, frequency * 2.7].map((tone) => strength(left, tone)),
      { timeout: 25_000, done: ([tone = 0, ...others]) => tone > 0.05 && tone > 8 * Math.max(...others) },
    );
  } finally {
    stop();
  }
}

/** Strength of a frequency (Goertzel). */
function strength(samples: readonly number[], frequency: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
  let [previous, before] = [0, 0];
  for (const sample of samples) [previous, before] = [sample + factor * previous - before, previous];
  const power = previous ** 2 + before ** 2 - factor * previous * before;
  return samples.length < SAMPLE_RATE / 2 ? 0 : Math.sqrt(Math.max(0, power)) / samples.length;
}

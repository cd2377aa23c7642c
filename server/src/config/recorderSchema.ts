/** Settings of recording and streaming. */
import { Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const bitrate = (value: number, description: string) =>
  Type.Integer({ minimum: 16_000, maximum: 100_000_000, default: value, description });

const Bucket = Type.Object(
  {
    endpoint: Type.String({
      default: '',
      description:
        'Address of an S3-compatible store to which recordings are copied, such as https://s3.example.org. Empty: none.',
    }),
    region: Type.String({ default: 'us-east-1', description: 'Region of the bucket.' }),
    bucket: Type.String({ default: '', description: 'Name of the bucket.' }),
    prefix: Type.String({ default: '', description: 'What the names of all objects begin with.' }),
    accessKeyId: Type.String({ default: '', description: 'Access key of the bucket.' }),
    secretAccessKey: Type.String({
      default: '',
      description:
        'Secret of the access key. It must allow to write, read and delete objects, and to list them and their unfinished uploads.',
    }),
    keepLocal: Type.Boolean({
      default: true,
      description:
        'Recordings stay on the disk when they have been copied to the bucket. False: they are removed there, and played from the bucket through the server.',
    }),
  },
  { ...strict, default: {} },
);

export const Recorder = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'Meetings can be recorded and streamed.' }),
    maxPrograms: Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: 0,
      description:
        'Pictures of rooms that are composed at once; each needs about one processor core. 0: as many as the machine has cores, less one.',
    }),
    width: Type.Integer({
      minimum: 160,
      maximum: 3840,
      multipleOf: 2,
      default: 1280,
      description: 'Width of the picture, pixels.',
    }),
    height: Type.Integer({
      minimum: 90,
      maximum: 2160,
      multipleOf: 2,
      default: 720,
      description: 'Height of the picture, pixels.',
    }),
    frameRate: Type.Integer({ minimum: 5, maximum: 60, default: 25, description: 'Pictures per second.' }),
    videoBitrate: bitrate(3_000_000, 'Most that the picture takes, bits/s.'),
    audioBitrate: bitrate(128_000, 'What the sound takes, bits/s.'),
    preset: Type.Enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium'], {
      default: 'veryfast',
      description: 'Preset of x264: the slower, the smaller the files, and the more the processor works.',
    }),
    showNames: Type.Boolean({ default: true, description: 'Names stand in the picture.' }),
    background: Type.String({
      pattern: '^#[0-9a-f]{6}$',
      default: '#111827',
      description: 'Colour behind the people.',
    }),
    folder: Type.String({
      default: '',
      description: 'Folder of recordings. Empty: recordings in dataDir.',
    }),
    encryption: Type.Boolean({
      default: true,
      description:
        'Recordings are encrypted on disk (AES-256-GCM); the server decrypts them for who may see them.',
    }),
    key: Type.String({
      default: '',
      description:
        'Key of the encryption, 32 bytes in base64. Empty: generated on first start into recordings.key in dataDir. Without it recordings are lost.',
    }),
    reserve: Type.Integer({
      minimum: 0,
      default: 2 ** 30,
      description:
        'Bytes of the disk that recordings and live pages leave free: below it none begins, recordings end, and pages stand still.',
    }),
    retention: Type.Integer({
      minimum: 0,
      maximum: 36_500,
      default: 0,
      description: 'Days after its end until a recording is deleted. 0 is never.',
    }),
    bucket: Bucket,
  },
  { ...strict, default: {} },
);

export const Live = Type.Object(
  {
    window: Type.Integer({
      minimum: 30,
      maximum: 86_400,
      default: 1800,
      description:
        'Seconds that viewers of the page of a live stream can go back; its files take that much of the disk.',
    }),
    allowPrivateTargets: Type.Boolean({
      default: false,
      description:
        'Live streams may go to targets with private, loopback or otherwise special addresses. The network that the server stands in is within reach of hosts then.',
    }),
  },
  { ...strict, default: {} },
);

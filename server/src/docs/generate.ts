/** `npm run docs`: writes the references that are made from schemas, and the configuration table of the README. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { createApp } from '../api/app.ts';
import { NO_PHONE_ADMIN } from '../api/noPhoneAdmin.ts';
import type { RoomService } from '../api/RoomService.ts';
import type { WebhookService } from '../api/WebhookService.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { Metrics } from '../observability/Metrics.ts';
import { LivePages } from '../live/LivePages.ts';
import { HistoryDesk } from '../history/HistoryDesk.ts';
import { CallDesk } from '../room/CallDesk.ts';
import { FileDesk } from '../room/FileDesk.ts';
import { Library } from '../recordings/Library.ts';
import { NO_PERSONAL_CALLS } from '../room/noPhones.ts';
import { HostDesk } from '../room/HostDesk.ts';
import { LiveDesk } from '../room/LiveDesk.ts';
import { RecordingDesk } from '../room/RecordingDesk.ts';
import { Schedules } from '../schedules/Schedules.ts';
import { SignInDesk } from '../signin/SignInDesk.ts';
import { apiReference, type OpenApi } from './apiReference.ts';
import { configurationReference, configurationTable } from './configurationReference.ts';

export interface GeneratedFile {
  path: string;
  text: string;
}

const ROOT = join(import.meta.dirname, '../../..');
const MARKED = /(<!-- configuration -->\n)[\s\S]*?(<!-- \/configuration -->)/;

/** Every generated file as it should be, formatted as the rest of the repository. */
export async function generateDocs(): Promise<GeneratedFile[]> {
  const readme = join(ROOT, 'README.md');
  const files = [
    { path: join(ROOT, 'server/docs/configuration.md'), text: configurationReference() },
    { path: join(ROOT, 'server/docs/api.md'), text: apiReference(await openApi()) },
    {
      path: readme,
      text: (await readFile(readme, 'utf8')).replace(
        MARKED,
        (_all, start: string, end: string) => `${start}\n${configurationTable()}\n\n${end}`,
      ),
    },
  ];
  const options = await resolveConfig(readme);
  return Promise.all(
    files.map(async ({ path, text }) => ({
      path,
      text: await format(text, { ...options, parser: 'markdown' }),
    })),
  );
}

/** The document of an app that is never asked anything. */
async function openApi(): Promise<OpenApi> {
  const never = (): never => {
    throw new Error('This app serves only to read its OpenAPI document.');
  };
  const rooms: RoomService = {
    createRoom: never,
    listRooms: never,
    openFor: never,
    ownerOf: never,
    getRoom: never,
    updateRoom: never,
    deleteRoom: never,
    admitGuest: never,
    noticeFor: never,
    listParticipants: never,
    getParticipant: never,
    muteParticipant: never,
    removeParticipant: never,
  };
  const config = loadConfig({ PARLEY_DATA_DIR: join(ROOT, 'nonexistent') });
  const logger = createLogger('silent');
  const noSessions = { add: never, find: never, see: never, delete: never, deleteOutdated: never };
  const app = await createApp({
    ...{ config, logger },
    rooms,
    hosts: new HostDesk({ room: never, keep: never }),
    recordings: { desk: new RecordingDesk({ room: never }), library: noLibrary(never) },
    streams: new LiveDesk({ room: never }),
    files: new FileDesk({ room: never }, { read: never }),
    history: new HistoryDesk(
      { find: never },
      {
        ...{ meetings: never, findMeeting: never, stays: never, files: never, findFile: never },
        ...{ liveStreams: never, messages: never, audit: never },
      },
      { contents: { read: never }, recordings: never, calls: never },
    ),
    schedules: new Schedules(
      { room: never, find: never, keep: never, createRoom: never },
      { find: never, save: never, list: never, ofRoom: never, restricting: never },
    ),
    webhooks: noWebhooks(never),
    phones: NO_PHONE_ADMIN,
    live: new LivePages(),
    personalCalls: NO_PERSONAL_CALLS,
    roomCalls: new CallDesk({ room: never }),
    signIn: new SignInDesk({ config, store: noSessions, logger }),
    media: { publish: never, watch: never, answer: never, patch: never, end: never },
    tokens: { sign: never, verify: never },
    metrics: new Metrics(),
  });
  const document: unknown = (await app.inject('/api/v1/openapi.json')).json();
  await app.close();
  return document as OpenApi;
}

const noWebhooks = (never: () => never): WebhookService => ({
  listWebhooks: never,
  getWebhook: never,
  createWebhook: never,
  updateWebhook: never,
  deleteWebhook: never,
  testWebhook: never,
  listDeliveries: never,
  getDelivery: never,
  replayDelivery: never,
  replaySince: never,
});

const noLibrary = (never: () => never): Library =>
  new Library({
    rooms: { find: never, listRooms: never },
    store: {
      ...{ save: never, find: never, delete: never, list: never },
      ...{ open: never, uncopied: never, deleted: never, endedBefore: never },
    },
    folder: { open: never, delete: never },
    retention: 0,
    observer: { handleFact: never },
    logger: createLogger('silent'),
  });

if (import.meta.main) {
  for (const { path, text } of await generateDocs()) await writeFile(path, text);
}

import {
  LayoutBody,
  LiveStream,
  LiveTarget,
  LiveTargetList,
  NewLiveTargetBody,
  ParleyError,
  RoomName,
  StartLiveBody,
} from '@parley/protocol';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { LiveDesk } from '../../room/LiveDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { deskOf, emptyBodyIsNone, HOST_ERRORS, RoomParams } from './host.ts';
import { RECORDERS, recorderGuard } from './recordings.ts';

const about = { tags: ['live'], security: withToken } as const;
const TargetParams = Type.Object({ name: RoomName, targetId: Type.String({ maxLength: 64 }) });
const LIVE_ERRORS = [...HOST_ERRORS, 'LIVE_NOT_RUNNING'] as const;
const TARGET = { url: 'rtmps://live.example.com/app', key: 'the key that the service gave' };

interface Dependencies {
  streams: LiveDesk;
  tokens: Pick<TokenService, 'verify'>;
}

/** Streaming a room to the world, for integrators and for hosts who are elsewhere. The keys of targets go in, and never out. */
export function streamRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [start, get, change, stop, listTargets, addTarget, removeTarget]) add(app, dependencies);
}

function start(app: App, { streams, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/live',
    {
      ...recorderGuard(tokens),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'startLive',
        summary: 'Stream a room',
        description: `The main room: on a page of this server that anybody with the link can watch, to targets by RTMP, or both. The answer comes when the recorder runs, or after some seconds while it still starts; the state says which. ${RECORDERS}`,
        params: RoomParams,
        body: annotate(StartLiveBody, { examples: [{}, { page: false, targets: [TARGET] }] }),
        response: {
          201: annotate(LiveStream, { description: 'It is being streamed.' }),
          ...errorResponses(
            ...HOST_ERRORS,
            'MEETING_NOT_FOUND',
            'LIVE_RUNNING',
            'LIVE_NOWHERE',
            'LIVE_TARGET_INVALID',
            'RECORDING_OFF',
            'RECORDING_CAPACITY',
            'RECORDING_DISK_FULL',
            'RECORDING_FFMPEG_MISSING',
            'RECORDING_FAILED',
          ),
        },
      },
    },
    async (request, reply) => {
      if (request.body === null) throw new ParleyError('INVALID_PARAMS');
      return reply.code(201).send(await streams.start(deskOf(request), request.body));
    },
  );
}

function get(app: App, { streams, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/live',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'getRoomLive',
        summary: 'The live stream of a room',
        description: RECORDERS,
        params: RoomParams,
        response: {
          200: annotate(LiveStream, { description: 'It is being streamed.' }),
          ...errorResponses(...LIVE_ERRORS),
        },
      },
    },
    (request) => streams.get(deskOf(request)),
  );
}

function change(app: App, { streams, tokens }: Dependencies): void {
  app.patch(
    '/rooms/:name/live',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'setLiveLayout',
        summary: 'Arrange people in the picture of the live stream anew',
        description: `In a recording that runs as well, as they share it. ${RECORDERS}`,
        params: RoomParams,
        body: annotate(LayoutBody, { examples: [{ layout: { kind: 'grid', focus: null } }] }),
        response: { 204: noContent('It was done.'), ...errorResponses(...LIVE_ERRORS) },
      },
    },
    async (request, reply) => {
      await streams.setLayout(deskOf(request), request.body.layout);
      return reply.code(204).send(null);
    },
  );
}

function stop(app: App, { streams, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/live/stop',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'stopLive',
        summary: 'End the live stream',
        description: RECORDERS,
        params: RoomParams,
        response: { 204: noContent('It has ended.'), ...errorResponses(...LIVE_ERRORS) },
      },
    },
    async (request, reply) => {
      await streams.stop(deskOf(request));
      return reply.code(204).send(null);
    },
  );
}

function listTargets(app: App, { streams, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/live/targets',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'listLiveTargets',
        summary: 'Where a room is streamed to',
        description: `With the state of each; keys are never shown. ${RECORDERS}`,
        params: RoomParams,
        response: {
          200: annotate(LiveTargetList, { description: 'All of them.' }),
          ...errorResponses(...LIVE_ERRORS),
        },
      },
    },
    async (request) => ({ items: (await streams.get(deskOf(request))).targets }),
  );
}

function addTarget(app: App, { streams, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/live/targets',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'addLiveTarget',
        summary: 'Stream to one target more',
        description: RECORDERS,
        params: RoomParams,
        body: annotate(NewLiveTargetBody, { examples: [TARGET] }),
        response: {
          201: annotate(LiveTarget, { description: 'It is being connected to.' }),
          ...errorResponses(...LIVE_ERRORS, 'LIVE_TARGET_INVALID', 'LIVE_TOO_MANY_TARGETS'),
        },
      },
    },
    async (request, reply) => reply.code(201).send(await streams.addTarget(deskOf(request), request.body)),
  );
}

function removeTarget(app: App, { streams, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name/live/targets/:targetId',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'removeLiveTarget',
        summary: 'Stream no more to a target',
        description: RECORDERS,
        params: TargetParams,
        response: {
          204: noContent('It was removed.'),
          ...errorResponses(...LIVE_ERRORS, 'LIVE_TARGET_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await streams.removeTarget(deskOf(request), request.params.targetId);
      return reply.code(204).send(null);
    },
  );
}

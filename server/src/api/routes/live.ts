import { LiveInfo } from '@parley/protocol';
import { Type } from 'typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LiveFile } from '../../live/LivePage.ts';
import type { LivePages } from '../../live/LivePages.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';

const tags = ['live'];
const LiveParams = Type.Object({ liveId: Type.String({ maxLength: 64 }) });
const Count = Type.Integer({ minimum: 0 });
const PLAYLIST = 'application/vnd.apple.mpegurl';
/** What never changes may be kept, by caches in between as well: hundreds of viewers are then no more than one. */
const FOREVER = 'public, max-age=3600, immutable';

/** What is known of a live stream, for the page where it is watched. */
export function liveRoutes(app: App, pages: LivePages): void {
  app.get(
    '/live/:liveId',
    {
      schema: {
        tags,
        operationId: 'getLiveStream',
        summary: 'What is known of a live stream',
        description: 'Needs no token: whoever has the link may watch.',
        params: LiveParams,
        response: {
          200: annotate(LiveInfo, { description: 'The live stream.' }),
          ...errorResponses('LIVE_NOT_FOUND'),
        },
      },
    },
    (request) => pages.get(request.params.liveId).info,
  );
}

/**
 * The live stream itself, for players (HTTP Live Streaming, RFC 8216 and draft-pantos-hls-rfc8216bis). Not in the API document: a
 * player finds everything in the playlist.
 */
export function hlsRoutes(app: App, pages: LivePages): void {
  mainPlaylistRoute(app, pages);
  mediaPlaylistRoute(app, pages);
  mediaRoutes(app, pages);
}

function mainPlaylistRoute(app: App, pages: LivePages): void {
  app.get(
    '/hls/:liveId/index.m3u8',
    { schema: { hide: true, params: LiveParams } },
    async (request, reply) => {
      const playlist = await pages.get(request.params.liveId).mainPlaylist();
      return reply.type(PLAYLIST).header('cache-control', 'no-cache').send(playlist);
    },
  );
}

function mediaPlaylistRoute(app: App, pages: LivePages): void {
  const querystring = Type.Object({
    _HLS_msn: Type.Optional(Count),
    _HLS_part: Type.Optional(Count),
    _HLS_skip: Type.Optional(Type.String()),
    viewer: Type.Optional(Type.String({ maxLength: 64 })),
  });
  app.get(
    '/hls/:liveId/media.m3u8',
    { schema: { hide: true, params: LiveParams, querystring } },
    async (request, reply) => {
      const { _HLS_msn: number, _HLS_part: part, _HLS_skip: skip } = request.query;
      const page = pages.get(request.params.liveId);
      page.viewers.see(viewerOf(request, request.query.viewer));
      const playlist = await page.mediaPlaylist({
        ...(number !== undefined && { number }),
        ...(part !== undefined && { part }),
        skip: skip === 'YES' || skip === 'v2',
      });
      return reply.type(PLAYLIST).header('cache-control', 'no-cache').send(playlist);
    },
  );
}

function mediaRoutes(app: App, pages: LivePages): void {
  const NumberParam = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
  const SegmentParams = Type.Object({ ...LiveParams.properties, segment: NumberParam });
  app.get(
    '/hls/:liveId/segment-:segment(^\\d{1,15}).m4s',
    { schema: { hide: true, params: SegmentParams } },
    ({ params }, reply) => send(reply, pages.get(params.liveId).segment(params.segment)),
  );
  app.get(
    '/hls/:liveId/part-:segment(^\\d{1,15})-:part(^\\d{1,6}).m4s',
    { schema: { hide: true, params: Type.Object({ ...SegmentParams.properties, part: NumberParam }) } },
    async ({ params }, reply) =>
      send(reply, await pages.get(params.liveId).part(params.segment, params.part)),
  );
  app.get(
    '/hls/:liveId/init-:init(^\\d{1,6}).mp4',
    { schema: { hide: true, params: Type.Object({ ...LiveParams.properties, init: NumberParam }) } },
    ({ params }, reply) => send(reply, pages.get(params.liveId).init(`init-${String(params.init)}.mp4`)),
  );
}

function send(reply: FastifyReply, { stream, length, type }: LiveFile): FastifyReply {
  if (length !== null) void reply.header('content-length', length);
  return reply.type(type).header('cache-control', FOREVER).send(stream);
}

/** The page tells viewers apart by a number that it makes up; of other players the address has to do. */
const viewerOf = (request: FastifyRequest, key: string | undefined): string =>
  key === undefined ? `${request.ip} ${request.headers['user-agent'] ?? ''}` : `page ${key}`;

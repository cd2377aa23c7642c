/** Requests about what is sent and received. */
import { Type, type Static } from 'typebox';
import { SourceSchema } from '../models.ts';
import {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
  SctpParameters,
  SctpStreamParameters,
} from '../rtp.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

export const DataChannelLabel = Type.Enum(['reliable', 'lossy'], {
  description: '`reliable` is ordered and complete; `lossy` is unordered and never sent twice.',
});

export type DataChannelLabel = Static<typeof DataChannelLabel>;

const Port = Type.Integer({ minimum: 1024, maximum: 65_535 });

export const mediaMethods = {
  'media.createTransport': {
    summary: 'Creates the send or the receive transport. A former one of the same direction is closed.',
    params: Type.Union([
      Type.Object({ direction: Type.Literal('send'), forceTcp: Type.Optional(Type.Boolean()) }, strict),
      Type.Object(
        {
          direction: Type.Literal('recv'),
          rtpCapabilities: RtpCapabilities,
          forceTcp: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ]),
    result: Type.Object({
      transportId: Type.String(),
      iceParameters: IceParameters,
      iceCandidates: Type.Array(IceCandidate),
      dtlsParameters: DtlsParameters,
      sctpParameters: SctpParameters,
    }),
  },
  'media.createPlainTransport': {
    summary:
      'Creates a receive transport without encryption, in place of a former one: RTP and RTCP on one pair of ports (RFC 5761), consumers told apart by SSRC. Only for recorders, which run beside the server.',
    params: Type.Object(
      {
        ip: Type.String({ maxLength: 15, description: 'Address that the server sends to; IPv4.' }),
        port: Port,
        rtpCapabilities: RtpCapabilities,
      },
      strict,
    ),
    result: Type.Object({
      transportId: Type.String(),
      ip: Type.String({ description: 'Address that the server sends from, and takes RTCP at.' }),
      port: Port,
    }),
  },
  'media.connectTransport': {
    summary: 'Gives the DTLS parameters of the client.',
    params: Type.Object({ transportId: Id, dtlsParameters: DtlsParameters }, strict),
    result: Nothing,
  },
  'media.restartIce': {
    summary: 'New ICE credentials for a transport whose path broke (RFC 8445 section 9).',
    params: Type.Object({ transportId: Id }, strict),
    result: Type.Object({ iceParameters: IceParameters }),
  },
  'media.publish': {
    summary: 'Publishes a track. One publication for each source.',
    params: Type.Object(
      {
        transportId: Id,
        source: SourceSchema,
        kind: Type.Enum(['audio', 'video']),
        rtpParameters: RtpParameters,
        muted: Type.Optional(Type.Boolean()),
        width: Type.Optional(Type.Integer({ minimum: 1, maximum: 16_384 })),
        height: Type.Optional(Type.Integer({ minimum: 1, maximum: 16_384 })),
      },
      strict,
    ),
    result: Type.Object({ publicationId: Type.String(), producerId: Type.String() }),
  },
  'media.unpublish': {
    summary: 'Ends a publication of one’s own.',
    params: Type.Object({ publicationId: Id }, strict),
    result: Nothing,
  },
  'media.setMuted': {
    summary: 'Mutes or unmutes a publication of one’s own; nothing is forwarded while it is muted.',
    params: Type.Object({ publicationId: Id, muted: Type.Boolean() }, strict),
    result: Nothing,
  },
  'media.updateSubscriptions': {
    summary:
      'Says what one wants to receive, and how large it is shown. The server chooses layers, and pauses what nobody sees.',
    params: Type.Object(
      {
        changes: Type.Array(
          Type.Object(
            {
              publicationId: Id,
              subscribed: Type.Optional(
                Type.Boolean({ description: 'false closes the consumer. true by default.' }),
              ),
              visible: Type.Optional(
                Type.Boolean({ description: 'false pauses the consumer. true by default.' }),
              ),
              width: Type.Optional(
                Type.Integer({
                  minimum: 0,
                  maximum: 16_384,
                  description: 'Width of the tile, device pixels.',
                }),
              ),
              height: Type.Optional(
                Type.Integer({
                  minimum: 0,
                  maximum: 16_384,
                  description: 'Height of the tile, device pixels.',
                }),
              ),
              priority: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: 255,
                  description: 'Share of a scarce downlink; 1 by default.',
                }),
              ),
            },
            strict,
          ),
          { minItems: 1, maxItems: 256 },
        ),
      },
      strict,
    ),
    result: Nothing,
  },
  'media.resumeConsumer': {
    summary: 'Starts a consumer, which is made paused, once the client can play it.',
    params: Type.Object({ consumerId: Id }, strict),
    result: Nothing,
  },
  'media.requestKeyFrame': {
    summary:
      'Asks the publisher for a picture that can be decoded on its own. Nothing happens when one was just asked for.',
    params: Type.Object({ consumerId: Id }, strict),
    result: Nothing,
  },
  'media.produceData': {
    summary: 'Opens the channel on which one sends application messages (RFC 8831).',
    params: Type.Object(
      { transportId: Id, label: DataChannelLabel, sctpStreamParameters: SctpStreamParameters },
      strict,
    ),
    result: Type.Object({ dataProducerId: Type.String() }),
  },
  'media.consumeData': {
    summary: 'Opens the channel on which one receives application messages.',
    params: Type.Object({ transportId: Id, label: DataChannelLabel }, strict),
    result: Type.Object({
      dataConsumerId: Type.String(),
      dataProducerId: Type.String(),
      label: Type.String(),
      protocol: Type.String(),
      sctpStreamParameters: SctpStreamParameters,
    }),
  },
} as const satisfies Record<string, MethodSchema>;

import type { Handler, SessionMethod } from '../handler.ts';

type MediaMethod = Extract<SessionMethod, `media.${string}`>;

export const mediaHandlers: { [M in MediaMethod]: Handler<M> } = {
  'media.createTransport': (session, params) => session.participant.createTransport(params),
  'media.createPlainTransport': (session, params) => session.participant.createPlainTransport(params),
  'media.connectTransport': async (session, params) => {
    await session.participant.media.connectTransport(params);
    return {};
  },
  'media.restartIce': (session, params) => session.participant.media.restartIce(params),
  'media.publish': (session, params) => session.participant.publish(params),
  'media.unpublish': async (session, params) => {
    await session.participant.unpublish(params);
    return {};
  },
  'media.setMuted': async (session, params) => {
    await session.participant.setMuted(params);
    return {};
  },
  'media.updateSubscriptions': async (session, params) => {
    await session.participant.media.updateSubscriptions(params);
    return {};
  },
  'media.resumeConsumer': async (session, params) => {
    await session.participant.media.resumeConsumer(params);
    return {};
  },
  'media.requestKeyFrame': async (session, params) => {
    await session.participant.media.requestKeyFrame(params);
    return {};
  },
  'media.produceData': (session, params) => session.participant.media.produceData(params),
  'media.consumeData': (session, params) => session.participant.media.consumeData(params),
};

import type { Handler, SessionMethod } from '../handler.ts';

type MediaMethod = Extract<SessionMethod, `media.${string}`>;

export const mediaHandlers: { [M in MediaMethod]: Handler<M> } = {
  'media.createTransport': (session, params) => session.participant.createTransport(params),
  'media.connectTransport': async (session, params) => {
    await session.participant.connectTransport(params);
    return {};
  },
  'media.restartIce': (session, params) => session.participant.restartIce(params),
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
    await session.participant.updateSubscriptions(params);
    return {};
  },
  'media.resumeConsumer': async (session, params) => {
    await session.participant.resumeConsumer(params);
    return {};
  },
  'media.produceData': (session, params) => session.participant.produceData(params),
  'media.consumeData': (session, params) => session.participant.consumeData(params),
};

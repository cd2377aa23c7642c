import type { Handler } from '../handler.ts';

export const participantHandlers = {
  'participant.updateSelf': async (session, params) => {
    await session.participant.updateSelf(params);
    return {};
  },
} satisfies { 'participant.updateSelf': Handler<'participant.updateSelf'> };

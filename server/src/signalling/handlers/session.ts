import type { Handler } from '../handler.ts';

export const sessionHandlers = {
  'session.ping': (session, { lastSeq }) => {
    session.acknowledge(lastSeq);
    return { serverTime: Date.now() };
  },
} satisfies { 'session.ping': Handler<'session.ping'> };

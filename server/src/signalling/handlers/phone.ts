import type { Handlers } from '../handler.ts';
import { doInRoom, inRoom } from './inRoom.ts';

/** One's own calls, and all of them for those who may call. */
export const phoneHandlers: Handlers<'phone'> = {
  'phone.dial': inRoom('phone.dial', ({ room, by, params }) => {
    room.calls.assertMayDial(by);
    const { callId } = room.calls.dial(by, { ...params, breakoutId: by.breakoutId });
    return { callId };
  }),
  'phone.cancel': doInRoom('phone.cancel', ({ room, by, params: { callId } }) => {
    room.calls.assertMayControl(by, callId);
    room.calls.cancel(by, callId);
  }),
  'phone.sendDigits': doInRoom('phone.sendDigits', ({ room, by, params: { callId, digits } }) => {
    room.calls.assertMayControl(by, callId);
    room.calls.sendDigits(callId, digits);
  }),
  'phone.transfer': doInRoom('phone.transfer', ({ room, by, params }) => {
    room.calls.assertMayDial(by);
    room.calls.transfer(by, params);
  }),
};

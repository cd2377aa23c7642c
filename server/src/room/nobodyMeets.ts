import { ParleyError } from '@parley/protocol';

/** Something was asked of a meeting that has not begun. */
export const nobodyMeets = (): ParleyError =>
  new ParleyError('MEETING_NOT_FOUND', {
    message: 'Nobody is in the room at present. Join it first, and ask again.',
  });

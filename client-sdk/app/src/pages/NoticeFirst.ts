import type { RoomNotice } from '@parley/client-sdk';

/** The server lets one in, and says what one has not been told yet: that comes first. */
export class NoticeFirst extends Error {
  readonly notice: RoomNotice;

  constructor(notice: RoomNotice) {
    super('There is something to know before one comes in.');
    this.notice = notice;
  }
}

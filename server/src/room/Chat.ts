import { ParleyError, type ChatMessage, type MethodParams, type MethodResult } from '@parley/protocol';
import { isHost } from '../auth/permissions.ts';
import { newId } from '../util/ids.ts';
import { ChatFiles } from './ChatFiles.ts';
import type { FileSpace } from './FileSpace.ts';
import { assertEmoji } from './Floor.ts';
import type { Participant } from './Participant.ts';
import { personOf } from './actors.ts';
import type { ChatRecord } from './ports.ts';
import type { RoomCore } from './RoomCore.ts';
import type { RoomFact } from './RoomEvents.ts';

const MAX_REACTIONS = 20;

/** Messages to a room or to one person. What is answered is on disk. */
export class Chat {
  readonly files: ChatFiles;
  readonly #room: RoomCore;

  constructor(room: RoomCore, space: FileSpace) {
    this.#room = room;
    this.files = new ChatFiles(
      room,
      space,
      (by, messageId) => this.#findReadable(by, messageId) !== undefined,
    );
  }

  /** Throws PERMISSION_DENIED, PARTICIPANT_NOT_FOUND, MESSAGE_NOT_FOUND, FILE_NOT_FOUND, INVALID_PARAMS. */
  send(by: Participant, params: MethodParams<'chat.send'>): ChatMessage {
    const { text, replyTo, fileIds = [] } = params;
    if (text.trim() === '' && fileIds.length === 0)
      throw new ParleyError('INVALID_PARAMS', { details: { path: '/text', message: 'must not be blank' } });
    const to = params.to === undefined ? undefined : this.#room.roster.get(params.to);
    this.#assertMayWrite(by, to);
    if (replyTo !== undefined) this.#getReadable(by, replyTo);
    this.files.assertMaySend(by, fileIds);
    const messageId = newId('MS');
    const message = this.#append({
      messageId,
      roomId: this.#room.roomId,
      meetingId: this.#meetingId,
      from: { identity: by.identity, displayName: by.displayName },
      to: to ? { identity: to.identity, displayName: to.displayName } : null,
      breakoutId: to ? null : by.breakoutId,
      text,
      sentAt: Date.now(),
      editedAt: null,
      deletedAt: null,
      replyTo: replyTo ?? null,
      reactions: [],
      fileIds,
    });
    this.#tell(message, 'chat.message');
    return message;
  }

  /** Throws MESSAGE_NOT_FOUND, PERMISSION_DENIED. */
  edit(by: Participant, { messageId, text }: MethodParams<'chat.edit'>): void {
    const message = this.#getReadable(by, messageId);
    if (message.from.identity !== by.identity) throw new ParleyError('PERMISSION_DENIED');
    if (text.trim() === '')
      throw new ParleyError('INVALID_PARAMS', { details: { path: '/text', message: 'must not be blank' } });
    this.#assertMayWrite(by, undefined);
    const edited = { ...message, text, editedAt: Date.now() };
    this.#update(edited, { type: 'chatEdited', message: edited });
  }

  /** Throws MESSAGE_NOT_FOUND, PERMISSION_DENIED. */
  delete(by: Participant, messageId: string): void {
    const message = this.#getReadable(by, messageId);
    const isOwn = message.from.identity === by.identity;
    if (!isOwn && !isHost(by.role)) throw new ParleyError('PERMISSION_DENIED');
    const deleted = { ...message, text: '', files: [], reactions: [], deletedAt: Date.now() };
    this.#update(deleted, { type: 'chatDeleted', message: deleted, by: personOf(by) });
    this.files.messagesDeleted();
    if (!isOwn) this.#room.audit(by, 'chat.delete', { to: message.from, details: { messageId } });
  }

  /** Throws MESSAGE_NOT_FOUND, INVALID_PARAMS, LIMIT_REACHED. */
  react(by: Participant, { messageId, emoji, on }: MethodParams<'chat.react'>): void {
    assertEmoji(emoji);
    const message = this.#getReadable(by, messageId);
    const before = message.reactions.find((reaction) => reaction.emoji === emoji)?.identities ?? [];
    if (before.includes(by.identity) === on) return;
    const identities = on ? [...before, by.identity] : before.filter((identity) => identity !== by.identity);
    const others = message.reactions.filter((reaction) => reaction.emoji !== emoji);
    if (others.length >= MAX_REACTIONS)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'reactions', max: MAX_REACTIONS } });
    const reactions = identities.length > 0 ? [...others, { emoji, identities }] : others;
    this.#update({ ...message, reactions });
  }

  history(
    by: Participant,
    { before, limit = 50 }: MethodParams<'chat.history'>,
  ): MethodResult<'chat.history'> {
    const afterSeq = this.#readsAfter(by);
    const { identity, breakoutId } = by;
    const view = { roomId: this.#room.roomId, meetingId: this.#meetingId, identity, breakoutId, afterSeq };
    return this.#room.stores.chat.list(view, { limit, ...(before !== undefined && { before }) });
  }

  clear(by: Participant): void {
    const { stores, events, roster } = this.#room;
    stores.atomically(() => {
      stores.chat.clear(this.#meetingId);
      this.#room.audit(by, 'chat.clear');
      events.tell({ type: 'chatCleared', by: personOf(by) });
    });
    roster.tellAll({ method: 'chat.cleared', params: {} });
    this.files.messagesDeleted();
  }

  /** Hosts write to anybody, whatever the settings say. */
  #assertMayWrite(by: Participant, to: Participant | undefined): void {
    const { privateChat } = this.#room.settings;
    const mayPrivately =
      isHost(by.role) ||
      privateChat === 'everyone' ||
      (privateChat === 'withHosts' && to !== undefined && isHost(to.role));
    if (to === undefined ? !by.permissions.canChat : !mayPrivately)
      throw new ParleyError('PERMISSION_DENIED');
  }

  #append(record: ChatRecord): ChatMessage {
    const { stores, events } = this.#room;
    return stores.atomically(() => {
      stores.chat.append(record);
      const message = this.#get(record.messageId);
      events.tell({ type: 'chatSent', message });
      return message;
    });
  }

  #update(message: ChatMessage, fact?: RoomFact): void {
    const { stores, events } = this.#room;
    stores.atomically(() => {
      stores.chat.update(message);
      if (fact) events.tell(fact);
    });
    this.#tell(message, 'chat.updated');
  }

  #tell(message: ChatMessage, method: 'chat.message' | 'chat.updated'): void {
    for (const participant of this.#room.roster.all)
      if (this.#mayRead(participant, message)) participant.notify({ method, params: { message } });
  }

  /** Throws MESSAGE_NOT_FOUND, also for a message that exists and is not for them. */
  #getReadable(by: Participant, messageId: string): ChatMessage {
    const message = this.#findReadable(by, messageId);
    if (!message) throw new ParleyError('MESSAGE_NOT_FOUND');
    return message;
  }

  #findReadable(by: Participant, messageId: string): ChatMessage | undefined {
    const message = this.#room.stores.chat.find(this.#meetingId, messageId);
    return message?.deletedAt === null && this.#mayRead(by, message) ? message : undefined;
  }

  /** The same that the history shows: what is one's own, and what was sent to all where one is, since when one may know. */
  #mayRead(by: Participant, { from, to, breakoutId, seq }: ChatMessage): boolean {
    if (from.identity === by.identity || to?.identity === by.identity) return true;
    return to === null && breakoutId === by.breakoutId && seq > this.#readsAfter(by);
  }

  /** Number of the last message to all that they do not see. */
  #readsAfter({ identity, role }: Participant): number {
    const seesAll = this.#room.settings.chatHistory === 'all' || isHost(role);
    return seesAll ? 0 : this.#room.members.get(identity).lastSeqBefore;
  }

  #get(messageId: string): ChatMessage {
    const message = this.#room.stores.chat.find(this.#meetingId, messageId);
    if (!message) throw new ParleyError('MESSAGE_NOT_FOUND');
    return message;
  }

  get #meetingId(): string {
    const { meetingId } = this.#room;
    if (meetingId === null) throw new ParleyError('WRONG_STATE');
    return meetingId;
  }
}

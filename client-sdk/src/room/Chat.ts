import type { AnyNotification, ChatMessage } from '@parley/protocol';
import { fetchBlob, FileTransfers, type Uploadable, type UploadOptions } from './FileTransfers.ts';
import type { Request } from './Request.ts';

export interface SendOptions {
  /** participantId of the one who may read it; everybody when absent. */
  to?: string;
  /** messageId of the message it answers. */
  replyTo?: string;
  fileIds?: string[];
}

export interface SendFilesOptions extends UploadOptions, Omit<SendOptions, 'fileIds'> {
  /** Written beside the files. */
  text?: string;
}

interface ChatPort {
  request: Request;
  changed: (message?: ChatMessage) => void;
  /** Web address of the server, without a slash at its end. */
  serverUrl: string;
}

/** The messages of the place one is in, and those to and from oneself. */
export class Chat {
  readonly #request: Request;
  readonly #changed: (message?: ChatMessage) => void;
  readonly #files: FileTransfers;
  #messages: readonly ChatMessage[] = [];
  #more = false;

  /** @internal */
  constructor({ request, changed, serverUrl }: ChatPort) {
    this.#request = request;
    this.#changed = changed;
    this.#files = new FileTransfers(request, serverUrl);
  }

  /** Those that were loaded or came since, oldest first. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** Whether there are older ones; `loadOlder` gets them. */
  get hasOlder(): boolean {
    return this.#more;
  }

  /** Resolves when the message is kept by the server. Rejects with PERMISSION_DENIED, INVALID_PARAMS and others. */
  async send(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    return (await this.#request('chat.send', { text, ...options })).message;
  }

  /**
   * Uploads a file and sends it as a message. Rejects with PERMISSION_DENIED, FILE_REFUSED, FILE_TOO_LARGE, QUOTA_EXCEEDED, with
   * SHUTTING_DOWN when the server cannot be reached, and with the reason of the signal when that breaks it off.
   */
  sendFile(file: Uploadable, options: SendFilesOptions = {}): Promise<ChatMessage> {
    return this.sendFiles([file], options);
  }

  /** The same for up to ten files in one message; progress is that of all. */
  async sendFiles(files: readonly Uploadable[], options: SendFilesOptions = {}): Promise<ChatMessage> {
    const { text = '', onProgress, signal, ...to } = options;
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const fileIds: string[] = [];
    let before = 0;
    for (const file of files) {
      const report = (sent: number): void => onProgress?.(before + sent, total);
      const { fileId } = await this.#files.upload(file, { onProgress: report, ...(signal && { signal }) });
      fileIds.push(fileId);
      before += file.size;
      report(0);
    }
    signal?.throwIfAborted();
    return this.send(text, { ...to, fileIds });
  }

  /**
   * A link to a file of a message: for `<img>`, where `isImage` says so, or to save it. It works for some minutes and while one is in
   * the room; ask again rather than keep it. Rejects with FILE_NOT_FOUND.
   */
  getFileUrl(fileId: string): Promise<string> {
    return this.#files.getUrl(fileId);
  }

  /** The content of a file. Rejects with FILE_NOT_FOUND. */
  async download(fileId: string): Promise<Blob> {
    return fetchBlob(await this.#files.getUrl(fileId));
  }

  async edit(messageId: string, text: string): Promise<void> {
    await this.#request('chat.edit', { messageId, text });
  }

  async delete(messageId: string): Promise<void> {
    await this.#request('chat.delete', { messageId });
  }

  async react(messageId: string, emoji: string, on: boolean): Promise<void> {
    await this.#request('chat.react', { messageId, emoji, on });
  }

  /** Deletes all messages to everybody; for hosts. */
  async clear(): Promise<void> {
    await this.#request('chat.clear', {});
  }

  async loadOlder(): Promise<void> {
    const before = this.#messages[0]?.seq;
    const { messages, more } = await this.#request('chat.history', before === undefined ? {} : { before });
    this.#more = more;
    this.#merge(messages);
    this.#changed();
  }

  /** One is in another place, or joined anew: what is shown is loaded again. @internal */
  async reload(): Promise<void> {
    this.#files.forgetLinks();
    const { messages, more } = await this.#request('chat.history', {});
    this.#more = more;
    this.#messages = [];
    this.#merge(messages);
    this.#changed();
  }

  /** @internal */
  handle({ method, params }: AnyNotification): void {
    if (method === 'chat.cleared') {
      this.#messages = this.#messages.filter(({ to }) => to !== null);
      this.#changed();
    } else if (method === 'chat.message') {
      this.#merge([params.message]);
      this.#changed(params.message);
    } else if (method === 'chat.updated') {
      const { message } = params;
      if (!this.#messages.some(({ messageId }) => messageId === message.messageId)) return;
      this.#merge([message]);
      this.#changed();
    }
  }

  #merge(messages: readonly ChatMessage[]): void {
    const byId = new Map([...this.#messages, ...messages].map((message) => [message.messageId, message]));
    this.#messages = [...byId.values()].sort((a, b) => a.seq - b.seq);
  }
}

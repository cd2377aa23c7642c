import type { AnyNotification, ChatMessage } from '@parley/protocol';
import type { Request } from './Request.ts';

export interface SendOptions {
  /** participantId of the one who may read it; everybody when absent. */
  to?: string;
  /** messageId of the message it answers. */
  replyTo?: string;
  fileIds?: string[];
}

/** The messages of the place one is in, and those to and from oneself. */
export class Chat {
  readonly #request: Request;
  readonly #changed: (message?: ChatMessage) => void;
  #messages: readonly ChatMessage[] = [];
  #more = false;

  /** @internal */
  constructor(request: Request, changed: (message?: ChatMessage) => void) {
    this.#request = request;
    this.#changed = changed;
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

import type { ChatMessage } from '@parley/protocol';
import { RawSocket } from './RawSocket.ts';
import { joinToken } from './tokens.ts';

/** What may be read of a message: what was acknowledged last, and what was asked for since and never answered. */
interface Written {
  seq: number;
  /** Null is deleted. */
  possible: (string | null)[];
}

type Deed = { kind: 'send' } | { kind: 'edit' | 'delete'; messageId: string };

/** Somebody who writes, edits and deletes without a pause, and remembers what the server acknowledged. */
export class ChatWriter {
  readonly identity: string;
  readonly written = new Map<string, Written>();
  /** Every text that was ever sent, acknowledged or not. */
  readonly texts = new Set<string>();
  /** What was wrong with what the server told. */
  readonly wrongs: string[] = [];
  acknowledged = 0;
  readonly #room: string;
  readonly #random: () => number;

  constructor(room: string, identity: string, random: () => number) {
    this.#room = room;
    this.identity = identity;
    this.#random = random;
  }

  /** Writes until the server is gone. */
  async write(url: string): Promise<void> {
    const socket = await RawSocket.join(url, { room: this.#room, identity: this.identity });
    while (socket.closeCode === undefined) await this.#do(this.#nextDeed(), socket);
    this.#checkOrder(socket);
  }

  #nextDeed(): Deed {
    const messageId = [...this.written.keys()].at(-1 - Math.floor(this.#random() * 8));
    const chance = this.#random();
    if (messageId === undefined || chance < 0.5) return { kind: 'send' };
    return { kind: chance < 0.8 ? 'edit' : 'delete', messageId };
  }

  async #do(deed: Deed, socket: RawSocket): Promise<void> {
    const text = `${this.identity} ${this.texts.size}`;
    const about = deed.kind === 'send' ? undefined : this.written.get(deed.messageId);
    const wish = deed.kind === 'delete' ? null : text;
    if (wish !== null) this.texts.add(text);
    about?.possible.push(wish);
    const params = {
      ...('messageId' in deed && { messageId: deed.messageId }),
      ...(wish !== null && { text }),
    };
    const answer = await socket.ask(`chat.${deed.kind}`, params);
    // Whether it was carried out is not known: the server died meanwhile.
    if (!answer) return;
    const code = answer.error?.data.code;
    if (code === undefined) this.acknowledged += 1;
    if (about) this.#settle(about, wish, code);
    else if (answer.result) {
      const message = answer.result['message'] as ChatMessage;
      this.written.set(message.messageId, { seq: message.seq, possible: [message.text] });
    } else this.wrongs.push(`chat.send was refused: ${code}`);
  }

  #settle(about: Written, wish: string | null, code: string | undefined): void {
    if (code === undefined) about.possible = [wish];
    else {
      about.possible.pop();
      // A deletion that was never acknowledged may have been carried out.
      if (code !== 'MESSAGE_NOT_FOUND' || !about.possible.includes(null))
        this.wrongs.push(`refused: ${code}`);
      else about.possible = [null];
    }
  }

  #checkOrder({ frames }: RawSocket): void {
    const seqs = frames.flatMap(({ method, params }) =>
      method === 'chat.message' ? [(params?.['message'] as ChatMessage).seq] : [],
    );
    if (seqs.some((seq, index) => index > 0 && seq <= (seqs[index - 1] ?? 0)))
      this.wrongs.push(`told out of order: ${seqs.join()}`);
  }
}

/** Everything that somebody may read in a room, oldest first. */
export async function readAll(url: string, room: string, identity: string): Promise<ChatMessage[]> {
  const socket = await RawSocket.open(url);
  await socket.hello(joinToken(room, identity));
  await socket.request('room.join');
  const messages: ChatMessage[] = [];
  for (let more = true; more;) {
    const before = messages[0]?.seq;
    const params = { limit: 100, ...(before !== undefined && { before }) };
    const { result } = await socket.request('chat.history', params);
    messages.unshift(...((result?.['messages'] ?? []) as ChatMessage[]));
    more = result?.['more'] === true;
  }
  socket.close();
  return messages;
}

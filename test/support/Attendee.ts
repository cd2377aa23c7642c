import type { ChatMessage, ParticipantInfo } from '@parley/protocol';
import { RawSocket, type Frame } from './RawSocket.ts';
import { joinToken } from './tokens.ts';

/** Who may receive each text: the two of a private message; null is everybody in the place where it was sent. */
export type Audience = Map<string, string[] | null>;

/**
 * Somebody with a session and a mind of their own: notes where they are by what they are told, and what they are told there
 * that they should not be.
 */
export class Attendee {
  readonly identity: string;
  readonly wrongs: string[] = [];
  place: 'out' | 'lobby' | 'in' = 'out';
  /** Let in, and not come yet. */
  mayEnter = false;
  zone: string | null = null;
  participantId = '';
  readonly #room: string;
  readonly #role: 'owner' | 'participant';
  readonly #audience: Audience;
  /** Identities of those who are in the same place, by participantId. */
  readonly #others = new Map<string, string>();
  #socket: RawSocket | undefined;
  #session = { sessionId: '', resumeKey: '' };
  #lastSeq = 0;
  #lastId = 0;

  constructor(
    room: string,
    identity: string,
    { audience, role }: { audience: Audience; role: 'owner' | 'participant' },
  ) {
    this.#room = room;
    this.identity = identity;
    this.#audience = audience;
    this.#role = role;
  }

  get connected(): boolean {
    return this.#socket !== undefined && this.#socket.closeCode === undefined;
  }

  get others(): string[] {
    return [...this.#others.values()].sort();
  }

  /** Comes with a new session. Gives the code of a refusal, or the place where they are then. */
  async come(url: string): Promise<string> {
    this.hangUp();
    this.#forget();
    this.#lastSeq = 0;
    const socket = await this.#open(url);
    const { result } = await socket.hello(
      joinToken(this.#room, this.identity, { claims: { role: this.#role } }),
    );
    this.#session = { sessionId: String(result?.['sessionId']), resumeKey: String(result?.['resumeKey']) };
    return this.enter();
  }

  /** Asks to come in, with the session that there is. */
  async enter(): Promise<string> {
    const answer = await this.#socket?.ask('room.join');
    return answer?.error?.data.code ?? this.place;
  }

  /** Takes the session up again on a new socket. */
  async resume(url: string): Promise<string> {
    const socket = await this.#open(url);
    socket.lastId = this.#lastId;
    const answer = await socket.ask('session.resume', { ...this.#session, lastSeq: this.#lastSeq });
    if (answer?.result) this.#session.resumeKey = String(answer.result['resumeKey']);
    else this.#forget();
    return answer?.error?.data.code ?? 'ok';
  }

  /** Loses the connection. */
  hangUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    this.#lastId = socket.lastId;
    socket.onFrame = undefined;
    socket.close();
  }

  /** The server is gone, and the session with it. */
  crashed(): void {
    this.hangUp();
    this.#forget();
  }

  /** Gives the code of a refusal, or `ok`. */
  async ask(method: string, params: unknown = {}): Promise<string> {
    return (await this.request(method, params)).error?.data.code ?? 'ok';
  }

  async request(method: string, params: unknown = {}): Promise<Frame> {
    return (await this.#socket?.ask(method, params)) ?? {};
  }

  /** Everything that was told until now has come. */
  async settle(): Promise<void> {
    if (this.connected) await this.request('session.ping', { lastSeq: this.#lastSeq });
  }

  async checkHistory(): Promise<void> {
    const { result } = await this.request('chat.history', { limit: 100 });
    for (const message of (result?.['messages'] ?? []) as ChatMessage[]) this.#checkMessage(message);
  }

  async #open(url: string): Promise<RawSocket> {
    const socket = await RawSocket.open(url);
    socket.onFrame = (frame) => this.#heard(frame);
    this.#socket = socket;
    return socket;
  }

  #heard(frame: Frame): void {
    const { method, params = {}, result, seq } = frame;
    if (result?.['state'] === 'joined') this.#joined(result);
    if (result?.['state'] === 'knocking') this.place = 'lobby';
    if (this.place !== 'in' && /"(PA|PU|MS|BR)_|text-|secret-room/.test(JSON.stringify(frame)))
      this.wrongs.push(`while ${this.place}: ${JSON.stringify(frame)}`);
    if (method === undefined || seq === undefined) return;
    if (seq !== this.#lastSeq + 1) this.wrongs.push(`number ${seq} after ${this.#lastSeq}`);
    this.#lastSeq = seq;
    this.#told(method, params);
  }

  #told(method: string, params: Record<string, unknown>): void {
    if (method === 'session.ended') return this.#forget();
    if (method === 'knock.sentBack') {
      this.#forget();
      this.place = 'lobby';
    }
    if (method === 'knock.admitted') {
      this.mayEnter = true;
      this.place = 'out';
    }
    if (method.startsWith('knock.')) return;
    if (this.place !== 'in') this.wrongs.push(`${method} while ${this.place}`);
    if (method === 'lobby.updated' && this.#role !== 'owner') this.wrongs.push('was told who waits');
    if (method === 'room.moved') this.#moved(params['breakoutId'] as string | null, params['participants']);
    if (method === 'participant.joined') this.#add(params['participant'] as ParticipantInfo);
    if (method === 'participant.left' && !this.#others.delete(String(params['participantId'])))
      this.wrongs.push(`somebody left who was not there: ${JSON.stringify(params)}`);
    if (method === 'chat.message' || method === 'chat.updated')
      this.#checkMessage(params['message'] as ChatMessage);
  }

  #joined(answer: Record<string, unknown>): void {
    this.place = 'in';
    this.mayEnter = false;
    this.participantId = (answer['self'] as ParticipantInfo).participantId;
    this.#moved(answer['breakoutId'] as string | null, answer['participants']);
  }

  #moved(zone: string | null, participants: unknown): void {
    this.zone = zone;
    this.#others.clear();
    for (const other of participants as ParticipantInfo[]) this.#add(other);
  }

  #add({ participantId, identity }: ParticipantInfo): void {
    if (identity === this.identity) return;
    if (this.others.includes(identity)) this.wrongs.push(`${identity} is here twice`);
    this.#others.set(participantId, identity);
  }

  #checkMessage({ text, from, to, breakoutId, deletedAt }: ChatMessage): void {
    const isOwn = from.identity === this.identity || to?.identity === this.identity;
    if (!isOwn && (to !== null || breakoutId !== this.zone))
      this.wrongs.push(`in ${this.zone}: ${text} from ${from.identity} in ${breakoutId}`);
    const audience = this.#audience.get(text);
    if (deletedAt === null && audience && !audience.includes(this.identity))
      this.wrongs.push(`${text} is for ${audience.join()}`);
  }

  #forget(): void {
    this.place = 'out';
    this.mayEnter = false;
    this.zone = null;
    this.#others.clear();
  }
}

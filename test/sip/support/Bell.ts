import type { CallRoomResult, PersonalCallEvent } from '@parley/protocol';
import { waitFor } from '../../support/waitFor.ts';

type Ringing = Extract<PersonalCallEvent, { type: 'ringing' }>;
type Stopped = Extract<PersonalCallEvent, { type: 'stopped' }>;

/** An open app of somebody, in which calls ring. */
export class Bell {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #end = new AbortController();
  readonly #events: PersonalCallEvent[] = [];

  static async open(url: string, token: string): Promise<Bell> {
    const bell = new Bell(url, token);
    await bell.#listen();
    return bell;
  }

  private constructor(url: string, token: string) {
    this.#url = `${url}/api/v1/me/calls`;
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  rings(): Promise<Ringing> {
    return this.#told('a call to ring', (event): event is Ringing => event.type === 'ringing');
  }

  async stops(why: Stopped['why']): Promise<void> {
    await this.#told(
      `the call to be ${why}`,
      (event): event is Stopped => event.type === 'stopped' && event.why === why,
    );
  }

  answer(callId: string): Promise<CallRoomResult> {
    return this.#post<CallRoomResult>(`/${callId}/answer`);
  }

  async decline(callId: string): Promise<void> {
    await this.#post(`/${callId}/decline`);
  }

  prepare(target: string): Promise<CallRoomResult> {
    return this.#post<CallRoomResult>('', { target });
  }

  async close(): Promise<void> {
    this.#end.abort();
    return Promise.resolve();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#end;
    const { body, ok, status } = await fetch(`${this.#url}/events`, { headers: this.#headers, signal });
    if (!ok || !body) throw new Error(`No calls are told: ${status}`);
    this.#read(body).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of body) {
      const lines = (text + decoder.decode(part, { stream: true })).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines)
        if (line.startsWith('data: ')) this.#events.push(JSON.parse(line.slice(6)) as PersonalCallEvent);
    }
  }

  async #told<T extends PersonalCallEvent>(
    what: string,
    fits: (event: PersonalCallEvent) => event is T,
  ): Promise<T> {
    await waitFor(what, () => this.#events, { done: (events) => events.some(fits) });
    const found = this.#events.findLast(fits);
    if (!found) throw new Error('unreachable');
    return found;
  }

  async #post<T>(path: string, body: object = {}): Promise<T> {
    const init = { method: 'POST', headers: this.#headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.#url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

import type {
  ChangeOccurrenceBody,
  CreateScheduleBody,
  ErrorBody,
  Occurrence,
  ScheduleInfo,
  UpdateScheduleBody,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import type { Access } from './admin/RestClient.ts';

export interface SchedulePage<T> {
  items: T[];
  /** For the next page; null on the last. */
  nextCursor: string | null;
}
interface Paging {
  /** 1 to 100; 50 when absent. */
  limit?: number;
  cursor?: string;
}
export interface ScheduleFilter extends Paging {
  /** Needed with the token of a host, who sees their own room only. */
  room?: string;
  state?: 'upcoming' | 'over' | 'cancelled';
}
interface Asked {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: object;
  body?: object;
}

/**
 * Scheduled meetings of a server, for hosts of a room and for who manages rooms. Everything rejects with ParleyError: beside
 * what is said, PERMISSION_DENIED, SCHEDULE_NOT_FOUND, INVALID_PARAMS and the errors of tokens.
 */
export class Schedules {
  readonly #base: URL;
  readonly #token: string | undefined;

  /**
   * `serverUrl` is the web address of the server. A token is the one that a host joins with, or one for REST; without one
   * pages of the server itself speak for the host who is signed in.
   */
  constructor(serverUrl: string, access: string | Access = {}) {
    this.#base = new URL('/api/v1/schedules', serverUrl);
    this.#token = typeof access === 'string' ? access : access.token;
  }

  /** ROOM_NOT_FOUND, ROOM_EXISTS, RULE_REFUSED, LIMIT_REACHED. */
  create(schedule: CreateScheduleBody): Promise<ScheduleInfo> {
    return this.#json('', { method: 'POST', body: schedule });
  }

  /** In the order in which they were made. */
  list(filter: ScheduleFilter = {}): Promise<SchedulePage<ScheduleInfo>> {
    return this.#json('', { query: filter });
  }

  get(scheduleId: string): Promise<ScheduleInfo> {
    return this.#json(pathOf(scheduleId));
  }

  /** RULE_REFUSED, SCHEDULE_CANCELLED. */
  update(scheduleId: string, change: UpdateScheduleBody): Promise<ScheduleInfo> {
    return this.#json(pathOf(scheduleId), { method: 'PATCH', body: change });
  }

  /** Calling it again does nothing. */
  async cancel(scheduleId: string): Promise<void> {
    await this.#ask(pathOf(scheduleId), { method: 'DELETE' });
  }

  /** Those that go on at some time from `from` until `to`, ms since the epoch; at most a year. */
  listOccurrences(
    scheduleId: string,
    range: { from: number; to: number } & Paging,
  ): Promise<SchedulePage<Occurrence>> {
    return this.#json(pathOf(scheduleId, 'occurrences'), { query: range });
  }

  /** `occurrence` is the member of that name. OCCURRENCE_NOT_FOUND, SCHEDULE_CANCELLED, WRONG_STATE, LIMIT_REACHED. */
  changeOccurrence(
    scheduleId: string,
    occurrence: string,
    change: ChangeOccurrenceBody,
  ): Promise<Occurrence> {
    return this.#json(pathOf(scheduleId, 'occurrences', occurrence), { method: 'PATCH', body: change });
  }

  /** Leaves one occurrence out; errors as of `changeOccurrence`. */
  async cancelOccurrence(scheduleId: string, occurrence: string): Promise<void> {
    await this.#ask(pathOf(scheduleId, 'occurrences', occurrence), { method: 'DELETE' });
  }

  /** The `.ics` file; `request` makes it an invitation for its attendees. WRONG_STATE when there is nobody to invite. */
  async calendarFile(scheduleId: string, method: 'publish' | 'request' = 'publish'): Promise<Blob> {
    return (await this.#ask(pathOf(scheduleId, 'calendar'), { query: { method } })).blob();
  }

  async #json<T>(path: string, asked?: Asked): Promise<T> {
    return (await this.#ask(path, asked)).json() as Promise<T>;
  }

  async #ask(path: string, { method = 'GET', query = {}, body }: Asked = {}): Promise<Response> {
    const url = new URL(`${this.#base.pathname}${path}`, this.#base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = {
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(url, {
      ...{ method, headers, credentials: this.#token === undefined ? 'same-origin' : 'omit' },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new ParleyError('SHUTTING_DOWN', {
        message: 'The server cannot be reached. Check your network connection, then try again.',
        cause,
      });
    });
    if (!response.ok) throw await errorIn(response);
    return response;
  }
}

const pathOf = (...parts: string[]): string => parts.map((part) => `/${encodeURIComponent(part)}`).join('');

async function errorIn(response: Response): Promise<ParleyError> {
  const answer = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  if (!answer) return new ParleyError('INTERNAL');
  const { code, message, details } = answer.error;
  return new ParleyError(code, { message, ...(details && { details }) });
}

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** All metrics, named once. No room or participant in a label: their number has no bound. */
export class Metrics {
  readonly registry = new Registry();
  readonly rooms = this.#gauge('parley_rooms', 'Rooms in which a meeting goes on.');
  readonly participants = this.#gauge('parley_participants', 'Participants in all rooms.');
  readonly sessions = this.#gauge('parley_sessions', 'Sessions, with or without a socket.');
  readonly sockets = this.#gauge('parley_sockets', 'Open WebSockets.');
  readonly publications = this.#gauge('parley_publications', 'Publications, by source.', ['source']);
  readonly consumers = this.#gauge('parley_consumers', 'Consumers.');
  readonly transports = this.#gauge('parley_transports', 'WebRTC transports.');
  readonly httpSessions = this.#gauge(
    'parley_http_sessions',
    'Publishers and players that came by HTTP, by protocol (whip, whep).',
    ['protocol'],
  );
  readonly workers = this.#gauge('parley_workers', 'Media workers that are alive.');
  readonly workerDeaths = this.#counter('parley_worker_deaths_total', 'Media workers that died, by cause.', [
    'cause',
  ]);
  readonly dataDropped = this.#counter(
    'parley_data_dropped_total',
    'Application messages that were not passed on, by reason (rate, malformed, receiverTooSlow).',
    ['reason'],
  );
  readonly joins = this.#counter(
    'parley_joins_total',
    'Attempts to join, by outcome (joined, or an error code).',
    ['outcome'],
  );
  readonly resumes = this.#counter(
    'parley_resumes_total',
    'Attempts to resume a session, by outcome (resumed, or an error code).',
    ['outcome'],
  );
  readonly webhookAttempts = this.#counter(
    'parley_webhook_attempts_total',
    'Attempts to deliver an event to a webhook, by outcome (delivered, failed).',
    ['outcome'],
  );
  readonly webhooksGivenUp = this.#counter(
    'parley_webhooks_given_up_total',
    'Events that could not be delivered to a webhook in time.',
  );
  readonly recordings = this.#gauge('parley_recordings', 'Recordings that run or are being finished.');
  readonly programs = this.#gauge('parley_programs', 'Recorder processes that compose or write programs.');
  readonly diskFree = this.#gauge('parley_disk_free_bytes', 'Bytes that are free where recordings lie.');
  readonly diskReserveReached = this.#gauge(
    'parley_disk_reserve_reached',
    '1 while the disk for recordings has no more than its reserve left: none begins, those that ran were ended.',
  );
  readonly phoneLegs = this.#gauge('parley_phone_legs', 'Phones whose calls go on or are being set up.');
  readonly phoneTrunks = this.#gauge(
    'parley_phone_trunk_up',
    '1 while a trunk answers, and is registered where it has to be.',
    ['trunk'],
  );
  readonly phoneCalls = this.#counter(
    'parley_phone_calls_total',
    'Calls that have ended, by direction (in, out) and outcome (answered, unanswered).',
    ['direction', 'outcome'],
  );
  readonly phoneCallsRefused = this.#counter(
    'parley_phone_calls_refused_total',
    'Calls that were refused before they went anywhere; REST says why.',
  );
  readonly phoneDeaths = this.#counter(
    'parley_phone_process_deaths_total',
    'Times that the process of phones died.',
  );
  readonly phoneMessagesDropped = this.#gauge(
    'parley_phone_messages_dropped',
    'SIP messages that were dropped unread since the process of phones began: of strangers, and over the rate.',
  );
  readonly phoneLateTicks = this.#gauge(
    'parley_phone_late_ticks',
    'Mixes that began more than 20 ms late since the process of phones began.',
  );
  readonly phoneProcessBytes = this.#gauge('parley_phone_process_bytes', 'Memory of the process of phones.');
  readonly requests = new Histogram({
    name: 'parley_request_seconds',
    help: 'Time to answer a WebSocket request, by method and outcome (ok, or an error code).',
    labelNames: ['method', 'outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

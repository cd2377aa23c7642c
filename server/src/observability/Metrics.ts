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

import { ParleyError, type Webhook } from '@parley/protocol';
import { ConfigError } from '../config/loadConfig.ts';
import type { Config } from '../config/schema.ts';
import { newId } from '../util/ids.ts';
import type { WebhookStore } from './ports.ts';
import { parseReceiver } from './receiver.ts';

/**
 * All webhooks, with those of the configuration as it is now: one that is no longer there is forgotten, with what waited for
 * it. Throws ConfigError.
 */
export function fixedWebhooks(store: WebhookStore, config: Config['webhooks']): Webhook[] {
  const urls = new Set(config.urls.map((url) => hrefOf(url, config.allowPrivate)));
  const present = new Set<string>();
  for (const { webhookId, url, fixed } of store.load()) {
    if (!fixed) continue;
    if (urls.has(url)) present.add(url);
    else store.delete(webhookId);
  }
  for (const url of urls) {
    if (present.has(url)) continue;
    store.save({
      ...{ url, events: null, room: null, enabled: true, fixed: true },
      webhookId: newId('WH'),
      createdAt: Date.now(),
    });
  }
  return store.load();
}

function hrefOf(url: string, allowPrivate: boolean): string {
  try {
    return parseReceiver(url, allowPrivate).href;
  } catch (cause) {
    const reason = cause instanceof ParleyError ? cause.message : String(cause);
    throw new ConfigError(`webhooks.urls (PARLEY_WEBHOOKS_URLS) names ${url}. ${reason}`, { cause });
  }
}

import { readFileSync } from 'node:fs';
import { WEBHOOK_EVENTS } from '@parley/protocol';
import { expect, it } from 'vitest';
import { TokenService } from '../auth/TokenService.ts';
import { loadConfig } from '../config/loadConfig.ts';

const TEXT = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const KEYS = { apiKey: 'key', apiSecret: 'a secret of more than thirty-two characters' };
type Verify = (authorization: string, rawBody: Buffer, keys: typeof KEYS) => unknown;

it('the document names each event, and no other', () => {
  const named = [...TEXT.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(WEBHOOK_EVENTS).sort());
});

it('what the document says to check with takes what is signed, and nothing else', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(TEXT) ?? [];
  const { verifyWebhook } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    verifyWebhook: Verify;
  };
  const tokens = await TokenService.create(KEYS, loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).auth);
  const text = '{"event":"room_started","title":"Grüße"}';
  const body = Buffer.from(text);
  expect(verifyWebhook(tokens.signBody(text, 60), body, KEYS)).toEqual(JSON.parse(text));
  expect(() => verifyWebhook(tokens.signBody('{}', 60), body, KEYS)).toThrow('another body');
  expect(() => verifyWebhook(tokens.signBody(text, -60), body, KEYS)).toThrow('too old');
  const [otherSecret, otherKey] = [
    { ...KEYS, apiSecret: KEYS.apiKey },
    { ...KEYS, apiKey: 'other' },
  ];
  expect(() => verifyWebhook(tokens.signBody(text, 60), body, otherSecret)).toThrow('bad signature');
  expect(() => verifyWebhook(tokens.signBody(text, 60), body, otherKey)).toThrow('not for us');
});

import { describe, expect, it } from 'vitest';
import { RtmpUrl } from './rtmpUrl.ts';

describe('the address of a target', () => {
  it.each([
    ['rtmp://a.rtmp.example.com/live2/abcd-efgh', 'rtmp', 'a.rtmp.example.com', 1935, 'live2', 'abcd-efgh'],
    [
      'rtmps://live.example.com:443/rtmp/FB-1?s_bl=1&a=x',
      'rtmps',
      'live.example.com',
      443,
      'rtmp',
      'FB-1?s_bl=1&a=x',
    ],
    ['RTMP://[2001:db8::1]:1936/app/inst/key', 'rtmp', '2001:db8::1', 1936, 'app/inst', 'key'],
    ['rtmp://0x7f.1/live/k', 'rtmp', '127.0.0.1', 1935, 'live', 'k'],
    ['rtmp://2130706433/live/k', 'rtmp', '127.0.0.1', 1935, 'live', 'k'],
  ])('%s', (text, scheme, host, port, app, key) => {
    const url = RtmpUrl.parse(text);
    expect([url.scheme, url.host, url.port, url.app, url.key]).toEqual([scheme, host, port, app, key]);
  });

  it.each([
    ['http://example.com/live/key', /rtmp:\/\/server/],
    ['rtmp://example.com/key-alone', /lacks/],
    ['rtmp://example.com/live/', /lacks/],
    ['rtmp://user:pass@example.com/live/key', /user name/],
    ['rtmp:///live/key', /server name/],
    ['rtmp://example.com:0/live/key', /server name or port/],
    ['rtmp://example.com:99999/live/key', /server name or port/],
    ['rtmp://x/y -i file:///etc/passwd', /characters/],
    ['rtmp://x/live/key\r\nHost: y', /characters/],
    ['tee:[f=flv]rtmp://x/live/key|file:/x', /rtmp:\/\/server/],
    ['concat:rtmp://x/live/key', /rtmp:\/\/server/],
    [`rtmp://x/live/${'k'.repeat(3000)}`, /too long/],
  ])('that is none is refused: %s', (text, words) => {
    expect(() => RtmpUrl.parse(text)).toThrow(words);
  });

  it('never shows its key by itself', () => {
    const url = RtmpUrl.parse('rtmp://example.com/live/secret');
    expect(`${String(url)} ${JSON.stringify({ url })} ${url.label} ${url.tcUrl}`).not.toContain('secret');
    expect(url.label).toBe('rtmp://example.com/live');
    expect(url.toSecretString()).toBe('rtmp://example.com/live/secret');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPublisherOffer } from './answerPublisher.ts';
import { FORWARDED } from './forwarded.ts';
import { parseIceFragment } from './iceFragment.ts';
import { parametersOf } from './parseCodecs.ts';
import { parseDescription } from './parseDescription.ts';
import { ridsBySize } from './rids.ts';
import { OWN, offerOf, refusalOf, type Encoder } from './testing.ts';
import { writeIceFragment } from './writeDescription.ts';

const read = (text: string) => readPublisherOffer(text, FORWARDED, ['camera', 'microphone']);

/** What is produced, in short. */
const gist = (encoder: Encoder) =>
  read(offerOf(encoder))
    .tracks.map(({ source, rtpParameters: { codecs, encodings = [], headerExtensions = [] } }) => ({
      source,
      codecs: codecs.map(({ mimeType, payloadType }) => `${mimeType} ${payloadType}`),
      encodings: encodings.map(
        ({ rid, ssrc, rtx }) => rid ?? (rtx ? 'ssrc+rtx' : ssrc === undefined ? 'mid' : 'ssrc'),
      ),
      extensions: headerExtensions.length,
    }))
    .sort((a, b) => a.source.localeCompare(b.source));

describe('an offer of a publisher', () => {
  it.each([
    [
      'chromium',
      { codecs: ['video/VP8 96', 'video/rtx 97'], encodings: ['ssrc+rtx'] },
      { codecs: ['audio/opus 111'], encodings: ['ssrc'] },
    ],
    [
      'chromium-simulcast',
      { codecs: ['video/VP8 96', 'video/rtx 97'], encodings: ['q', 'h', 'f'] },
      { codecs: ['audio/opus 111'], encodings: ['ssrc'] },
    ],
    ['gstreamer-vp8', { codecs: ['video/VP8 96'], encodings: ['ssrc'] }, { codecs: ['audio/opus 97'] }],
    ['gstreamer-h264', { codecs: ['video/H264 96'], encodings: ['ssrc'] }, { codecs: ['audio/opus 97'] }],
    ['obs', { codecs: ['video/H264 96'], encodings: ['ssrc'] }, { codecs: ['audio/opus 111'] }],
    // The first of OBS is the full picture.
    [
      'obs-simulcast',
      { codecs: ['video/H264 96'], encodings: ['2', '1', '0'] },
      { codecs: ['audio/opus 111'] },
    ],
  ] as const)('of %s is understood', (encoder, camera, microphone) => {
    expect(gist(encoder)).toMatchObject([
      { source: 'camera', ...camera },
      { source: 'microphone', ...microphone },
    ]);
  });

  it.each([
    ['actpass', 'passive', 'client'],
    ['active', 'passive', 'client'],
    ['passive', 'active', 'server'],
  ])('that says setup:%s is answered with %s', (setup, answered, role) => {
    const offer = read(offerOf('obs').replace('a=setup:actpass', `a=setup:${setup}`));
    expect(offer.dtlsParameters.role).toBe(role);
    expect(offer.answer(OWN)).toContain(`a=setup:${answered}\r\n`);
  });

  it('of H.264 in any profile is taken, and answered as it was offered', () => {
    const offer = read(offerOf('obs').replace('42e01f', '640032'));
    const video = offer.tracks.find(({ source }) => source === 'camera');
    expect(video?.rtpParameters.codecs[0]?.parameters).toMatchObject({ 'profile-level-id': '42e01f' });
    expect(offer.answer(OWN)).toMatch(/a=fmtp:96 .*profile-level-id=640032/);
  });

  it('in stereo is answered with stereo', () => {
    expect(read(offerOf('obs')).answer(OWN)).toMatch(/a=fmtp:111 .*stereo=1/);
    expect(read(offerOf('gstreamer-vp8')).answer(OWN)).not.toMatch(/stereo=1/);
  });

  const obs = offerOf('obs');
  const chromium = offerOf('chromium-simulcast');
  const without = (text: string, line: RegExp): string => text.replace(line, '');
  it.each([
    ['nothing', '', /^MEDIA_REJECTED: .*no version/],
    ['JSON', '{"sdp":"v=0"}', /^MEDIA_REJECTED/],
    ['no media', 'v=0\r\n', /^MEDIA_REJECTED: .*no media section/],
    ['no credentials', without(obs, /^a=ice-ufrag.*\n/m), /^MEDIA_REJECTED: .*ice-ufrag/],
    ['no fingerprint', without(obs, /^a=fingerprint.*\n/m), /^MEDIA_REJECTED: .*fingerprint/],
    ['no setup', without(obs, /^a=setup.*\n/m), /^MEDIA_REJECTED: .*a=setup/],
    ['no bundle', without(obs, /^a=group:BUNDLE.*\n/m), /^MEDIA_REJECTED: .*BUNDLE/],
    ['no rtcp-mux', without(obs, /^a=rtcp-mux\n/m), /^MEDIA_REJECTED: .*rtcp-mux/],
    ['one mid twice', obs.replace('a=mid:1', 'a=mid:0'), /^MEDIA_REJECTED: .*one mid/],
    ['ice-lite', obs.replace('t=0 0', 't=0 0\na=ice-lite'), /^MEDIA_REJECTED: .*ice-lite/],
    ['no encryption', obs.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /^MEDIA_REJECTED: .*RTP\/AVP/],
    ['17 sections', `${obs}${obs.slice(obs.indexOf('m=video')).repeat(15)}`, /more than 16/],
    ['no codec', obs.replaceAll('H264', 'H265'), /^OFFER_NOT_ACCEPTABLE: .*video\/H265; use video\/VP8/],
    ['a receiver', obs.replaceAll('a=sendonly', 'a=recvonly'), /^OFFER_NOT_ACCEPTABLE: .*recvonly/],
    [
      'two pictures',
      obs.replace('m=audio', 'm=video').replace('opus/48000/2', 'VP8/90000'),
      /one track of each kind/,
    ],
    ['no way to tell streams', without(without(obs, /^a=ssrc.*\n/gm), /^a=ssrc.*\n/gm), /neither a=ssrc nor/],
    ['no rid extension', without(chromium, /^a=extmap.*rtp-stream-id\r?\n/gm), /needs the header extensions/],
    [
      'four layers',
      chromium.replace('a=rid:q send', 'a=rid:x send\r\na=rid:q send').replace('send q;h;f', 'send x;q;h;f'),
      /more than 3 layers/,
    ],
  ])('with %s is refused', (_what, text, reason) => {
    expect(refusalOf(() => read(text))).toMatch(reason);
  });

  it('never breaks the reader, whatever lines it lacks or has twice', () => {
    const lines = chromium.split('\r\n');
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length - 1), { maxLength: 200 }), (chosen) => {
        const text = chosen.map((index) => lines[index]).join('\r\n');
        expect(refusalOf(() => read(`v=0\r\n${text}\r\n`).answer(OWN))).toMatch(
          /^(taken|MEDIA_REJECTED|OFFER_NOT_ACCEPTABLE)/,
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the answer to a publisher', () => {
  it.each([
    'chromium',
    'chromium-simulcast',
    'gstreamer-vp8',
    'gstreamer-h264',
    'obs',
    'obs-simulcast',
  ] as const)('to %s keeps the sections, their order and their numbers', (encoder) => {
    const text = offerOf(encoder);
    const offered = parseDescription(text);
    const answer = read(text).answer(OWN);
    const answered = parseDescription(answer.replace('a=ice-lite\r\n', ''));
    expect(answered.order.map(({ mid }) => mid)).toEqual(offered.order.map(({ mid }) => mid));
    for (const section of answered.sections) {
      const former = offered.sections.find(({ mid }) => mid === section.mid);
      expect(section.direction).toBe('recvonly');
      for (const { payloadType, mimeType } of section.codecs)
        expect(former?.codecs).toContainEqual(expect.objectContaining({ payloadType, mimeType }));
      for (const extension of section.extensions) expect(former?.extensions).toContainEqual(extension);
    }
  });

  it('says all that one needs to connect, once', () => {
    const answer = read(offerOf('chromium-simulcast')).answer(OWN);
    expect(answer).toMatch(/^v=0\r\n/);
    expect(answer).toContain('a=group:BUNDLE 0 1\r\n');
    expect(answer).toContain('a=ice-lite\r\n');
    expect(answer.match(/a=ice-ufrag:serverufrag/g)).toHaveLength(2);
    expect(answer.match(/a=candidate:.* 40000 typ host/g)).toHaveLength(2);
    expect(answer).toContain('typ host tcptype passive\r\na=end-of-candidates\r\n');
    expect(answer).toContain('a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n');
  });

  it('refuses data channels, which WHIP has not, and takes the rest', () => {
    const answer = read(offerOf('chromium-simulcast')).answer(OWN);
    expect(answer).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
  });

  it('asks for one way of congestion control: the best that is offered', () => {
    const feedback = (encoder: Encoder) =>
      [
        ...read(offerOf(encoder))
          .answer(OWN)
          .matchAll(/^a=rtcp-fb:96 (.*)\r$/gm),
      ].map(([, value]) => value);
    expect(feedback('chromium')).toEqual(['transport-cc', 'ccm fir', 'nack', 'nack pli']);
    expect(feedback('obs')).toEqual(['nack', 'nack pli']);
  });
});

describe('layers of simulcast', () => {
  const rids = (...names: (string | [string, Record<string, number>])[]) =>
    names.map((name) =>
      typeof name === 'string' ? { rid: name, parameters: {} } : { rid: name[0], parameters: name[1] },
    );
  it.each([
    ['browsers, smallest first', rids('q', 'h', 'f'), 'qhf'],
    ['the same, turned round', rids('f', 'h', 'q'), 'qhf'],
    ['low, mid, high', rids('high', 'low', 'mid'), 'lowmidhigh'],
    ['OBS, largest first', rids('0', '1', '2'), '210'],
    ['two of OBS', rids('0', '1'), '10'],
    ['sizes that are said', rids(['a', { 'max-height': 720 }], ['b', { 'max-height': 180 }]), 'ba'],
    ['names that say nothing', rids('r0', 'r1', 'r2'), 'r0r1r2'],
  ])('of %s', (_whose, given, expected) => {
    expect(ridsBySize(given).join('')).toBe(expected);
  });
});

describe('parameters of codecs', () => {
  it.each([
    ['minptime=10;useinbandfec=1', { minptime: 10, useinbandfec: 1 }],
    [
      'profile-level-id=640032; packetization-mode=1',
      { 'profile-level-id': '640032', 'packetization-mode': 1 },
    ],
    ['sprop=Z0LA==,aM4=;x=', { sprop: 'Z0LA==,aM4=', x: '' }],
    ['0-15', {}],
    ['', {}],
  ])('%s', (config, expected) => {
    expect(parametersOf(config)).toEqual(expected);
  });
});

describe('a fragment about ICE', () => {
  const credentials = 'a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n';
  it.each([
    [
      `${credentials}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n`,
      1,
    ],
    [credentials, 0],
    ['a=mid:0\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\n', 1],
  ])('is read: %j', (text, candidates) => {
    expect(parseIceFragment(text)).toMatchObject({ candidates });
  });
  it.each(['', 'hello', '{"candidate":""}', 'a=mid:0\r\n', 'a=ice-ufrag:EsAw\r\n'])(
    'is refused: %j',
    (text) => {
      expect(refusalOf(() => parseIceFragment(text))).toMatch(/^MEDIA_REJECTED/);
    },
  );
  it('for a restart has the credentials, and reads back', () => {
    const text = writeIceFragment(OWN, { mid: '0', type: 'audio' });
    expect(parseIceFragment(text)).toEqual({
      credentials: { usernameFragment: 'serverufrag', password: 'serverpasswordserverpassword' },
      candidates: 2,
      isEnd: true,
    });
  });
});

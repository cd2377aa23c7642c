import { describe, expect, it } from 'vitest';
import { readPlayerOffer } from './answerPlayer.ts';
import { FORWARDED } from './forwarded.ts';
import { readPlayerAnswer, writePlayerOffer } from './offerPlayer.ts';
import { parseDescription } from './parseDescription.ts';
import { OWN, offerOf, refusalOf } from './testing.ts';

describe('a player', () => {
  const offer = writePlayerOffer(OWN);
  /** As a browser answers: what it takes, in the words of the offer. */
  const answer = offer
    .replaceAll('a=sendonly', 'a=recvonly')
    .replaceAll('a=setup:actpass', 'a=setup:active')
    .replace('a=ice-lite\r\n', '')
    .replace(/^a=candidate.*\r\n/gm, '');

  it('is offered every codec that is forwarded, told apart by mid', () => {
    const { sections } = parseDescription(offer.replace('a=ice-lite\r\n', ''));
    expect(sections.map(({ kind, mid, direction }) => [kind, mid, direction])).toEqual([
      ['audio', '0', 'sendonly'],
      ['video', '1', 'sendonly'],
    ]);
    const names = new Set(sections.flatMap(({ codecs }) => codecs.map(({ mimeType }) => mimeType)));
    expect([...names]).toEqual([
      'audio/opus',
      'video/VP8',
      'video/rtx',
      'video/VP9',
      'video/H264',
      'video/AV1',
    ]);
    for (const { extensions } of sections)
      expect(extensions).toContainEqual({ id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' });
  });

  it('gets what it takes', () => {
    const taken = readPlayerAnswer(answer);
    expect(taken.kinds).toEqual(['audio', 'video']);
    expect(taken.dtlsParameters.role).toBe('client');
    expect(taken.rtpCapabilities.codecs).toHaveLength(FORWARDED.codecs?.length ?? -1);
  });

  it('may leave out the picture, or codecs', () => {
    const noVideo = readPlayerAnswer(answer.replace('m=video 9', 'm=video 0'));
    expect(noVideo.kinds).toEqual(['audio']);
    const { codecs = [] } = readPlayerAnswer(
      answer.replace(/^a=rtpmap:\d+ (VP9|H264|AV1).*\r\n/gm, ''),
    ).rtpCapabilities;
    expect(codecs.map(({ mimeType }) => mimeType)).not.toContain('video/H264');
    expect(codecs.map(({ mimeType }) => mimeType)).toContain('video/VP8');
  });

  it.each([
    ['takes nothing', answer.replaceAll('a=recvonly', 'a=inactive'), /takes neither/],
    ['has no mid extension', answer.replaceAll(/^a=extmap:1 .*\r\n/gm, ''), /sdes:mid/],
    ['is no SDP', 'yes', /^MEDIA_REJECTED/],
  ])('whose answer %s is refused', (_what, text, reason) => {
    expect(refusalOf(() => readPlayerAnswer(text))).toMatch(reason);
  });
});

describe('the offer of a player', () => {
  const offer = offerOf('chromium-player');
  const answerTo = (text: string) =>
    parseDescription(readPlayerOffer(text).answer(OWN).replace('a=ice-lite\r\n', '')).sections;
  /** What is answered to the picture: payload types and names. */
  const codecsOf = (text: string): string[] =>
    answerTo(text)
      .filter(({ kind }) => kind === 'video')
      .flatMap(({ codecs }) =>
        codecs.map(({ payloadType, mimeType }) => `${payloadType} ${mimeType.slice(6)}`),
      );

  it('is answered with its own payload types, one of each codec that is forwarded', () => {
    expect(answerTo(offer).map(({ mid, direction }) => [mid, direction])).toEqual([
      ['0', 'sendonly'],
      ['1', 'sendonly'],
    ]);
    expect(codecsOf(offer)).toEqual(['96 VP8', '98 VP9', '100 VP9', '108 H264', '45 AV1']);
    const { capabilities } = readPlayerOffer(offer);
    expect(capabilities.codecs.map(({ name, payloadType }) => `${payloadType} ${name}`)).toEqual([
      '111 audio/opus',
      '96 video/vp8',
      '98 video/vp9;profile-id=0',
      '100 video/vp9;profile-id=2',
      '108 video/h264',
      '45 video/av1',
    ]);
  });

  it('has no header extension in common where ids differ, and no feedback that needs one', () => {
    const [, video] = answerTo(offer);
    expect(video?.extensions).toEqual([]);
    const feedback = video?.codecs[0]?.rtcpFeedback.map(({ type }) => type);
    expect(feedback).toEqual(expect.arrayContaining(['nack', 'ccm']));
    expect(feedback).not.toContain('transport-cc');
    expect(feedback).not.toContain('goog-remb');
  });

  it('keeps those whose ids are the same by chance', () => {
    const alike = offer
      .replaceAll(/^a=extmap:(\d+) (?!.*(?:transport-wide|sdes:mid)).*\r?\n/gm, '')
      .replaceAll(/^a=extmap:\d+ (.*transport-wide.*)$/gm, 'a=extmap:5 $1')
      .replaceAll(/^a=extmap:\d+ (.*sdes:mid)$/gm, 'a=extmap:1 $1');
    const [, video] = answerTo(alike);
    expect(video?.extensions.map(({ id }) => id).sort()).toEqual([1, 5]);
    const feedback = video?.codecs[0]?.rtcpFeedback.map(({ type }) => type);
    expect(feedback).toContain('transport-cc');
    expect(feedback).not.toContain('goog-remb');
  });

  it('may be of sound alone, or have sections for what is not played', () => {
    const sound = offer.slice(0, offer.indexOf('m=video')).replace('BUNDLE 0 1', 'BUNDLE 0');
    expect(readPlayerOffer(sound).mids).toEqual({ audio: '0' });
    const data = `${offer}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n`;
    expect(readPlayerOffer(data).answer(OWN)).toMatch(/m=application 0 [^]*a=mid:2/);
    const unknown = offer.replace(/^a=rtpmap:\d+ (?!opus).*\r?\n/gm, '');
    expect(readPlayerOffer(unknown).mids).toEqual({ audio: '0' });
  });

  it('takes H.264 that browsers can depacketize, in the profile that comes nearest', () => {
    const only = (...kept: string[]): string =>
      offer.replace(/^a=rtpmap:(\d+) H264.*\r?\n/gm, (line, type: string) =>
        kept.includes(type) ? line : '',
      );
    expect(codecsOf(only('102'))).toContain('102 H264');
    expect(codecsOf(only('104')).join()).not.toContain('H264');
  });

  it.each([
    ['of one who sends', offerOf('chromium'), /^OFFER_NOT_ACCEPTABLE: .*a player receives/],
    ['of who can play nothing', offer.replace(/^a=rtpmap.*\r?\n/gm, ''), /^OFFER_NOT_ACCEPTABLE: no codec/],
    ['that is none', 'yes', /^MEDIA_REJECTED/],
  ])('is refused when it is that %s', (_what, text, reason) => {
    expect(refusalOf(() => readPlayerOffer(text))).toMatch(reason);
  });
});

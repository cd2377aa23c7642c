import type { ParsedMedia } from 'sdp-transform';
import type { MediaKind, SdpCodec } from './description.ts';

/** The formats of a section in its order of preference. Those without a=rtpmap are left out: none of them is spoken here. */
export function codecsOf(media: ParsedMedia, kind: MediaKind): SdpCodec[] {
  const payloadTypes = String(media.payloads ?? '')
    .split(' ')
    .map(Number);
  return payloadTypes.flatMap((payloadType) => {
    const map = media.rtp.find(({ payload }) => payload === payloadType);
    if (!map || !Number.isInteger(payloadType) || payloadType > 127 || !map.rate) return [];
    const fmtp = media.fmtp.find(({ payload }) => payload === payloadType);
    return [
      {
        payloadType,
        mimeType: `${kind}/${map.codec}`,
        clockRate: map.rate,
        ...(kind === 'audio' && { channels: Number(map.encoding ?? 1) }),
        parameters: parametersOf(String(fmtp?.config ?? '')),
        rtcpFeedback: feedbackOf(media, payloadType),
      },
    ];
  });
}

/** Such as `minptime=10;useinbandfec=1`, with or without a space after the semicolon. */
export function parametersOf(config: string): Record<string, string | number> {
  const pairs = config.split(';').flatMap((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    const value = rest.join('=').trim();
    return name === '' || rest.length === 0 ? [] : [[name.toLowerCase(), valueOf(name, value)] as const];
  });
  return Object.fromEntries(pairs);
}

/** A profile such as 640032 is six hexadecimal digits and no number. */
const valueOf = (name: string, value: string): string | number =>
  name !== 'profile-level-id' && String(Number(value)) === value ? Number(value) : value;

function feedbackOf({ rtcpFb = [] }: ParsedMedia, payloadType: number): SdpCodec['rtcpFeedback'] {
  return rtcpFb
    .filter(({ payload }) => payload === payloadType || payload === '*')
    .map(({ type, subtype }) => ({
      type: String(type),
      ...(subtype !== undefined && { parameter: String(subtype) }),
    }));
}

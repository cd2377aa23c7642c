import { expect, it, describe } from 'vitest';
import { mainPlaylist, mediaPlaylist, type PlaylistState, type Segment } from './playlist.ts';

const part = (independent = false) => ({ offset: 0, length: 10, duration: 0.5, independent });
const segment = (number: number, more: Partial<Segment> = {}): Segment => ({
  ...{ number, file: `segment-${String(number)}.m4s`, whole: true, discontinuity: false, init: 'init-0.mp4' },
  parts: [part(true), part(), part(), part()],
  startedAt: Date.UTC(2026, 0, 1, 12, 0, 2 * number),
  ...more,
});
const state = (segments: Segment[], more: Partial<PlaylistState> = {}): PlaylistState => ({
  ...{ segments, targetDuration: 2, partTarget: 0.5, discontinuities: 0, ended: false },
  ...more,
});

describe('the playlist', () => {
  it('names segments, the parts of the last ones, and what comes next', () => {
    const growing = segment(9, { parts: [part(true)], whole: false });
    const text = mediaPlaylist(state([5, 6, 7, 8].map((number) => segment(number)).concat(growing)));
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.500,CAN-SKIP-UNTIL=12
#EXT-X-PART-INF:PART-TARGET=0.500
#EXT-X-MEDIA-SEQUENCE:5
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T12:00:10.000Z
#EXTINF:2.00000,
segment-5.m4s
${[6, 7, 8]
  .map(
    (number) => `#EXT-X-PROGRAM-DATE-TIME:2026-01-01T12:00:${String(2 * number)}.000Z
#EXT-X-PART:DURATION=0.50000,URI="part-${String(number)}-0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.50000,URI="part-${String(number)}-1.m4s"
#EXT-X-PART:DURATION=0.50000,URI="part-${String(number)}-2.m4s"
#EXT-X-PART:DURATION=0.50000,URI="part-${String(number)}-3.m4s"
#EXTINF:2.00000,
segment-${String(number)}.m4s
`,
  )
  .join('')}#EXT-X-PROGRAM-DATE-TIME:2026-01-01T12:00:18.000Z
#EXT-X-PART:DURATION=0.50000,URI="part-9-0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-9-1.m4s"
`);
  });

  it('says where the timeline starts anew, and with what', () => {
    const text = mediaPlaylist(state([segment(1), segment(2, { discontinuity: true, init: 'init-1.mp4' })]));
    expect(text).toContain('segment-1.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"\n');
    // Where what was before is gone, the number says that it was.
    const later = mediaPlaylist(state([segment(2, { discontinuity: true })], { discontinuities: 1 }));
    expect(later).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n');
    expect(later).not.toContain('#EXT-X-DISCONTINUITY\n');
  });

  it('leaves out what a client knows, where it asks for that', () => {
    const many = Array.from({ length: 20 }, (_, number) => segment(number));
    const text = mediaPlaylist(state(many), { skip: true });
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(text)?.[1]);
    expect(skipped).toBe(13);
    expect(text.match(/#EXTINF/g)).toHaveLength(20 - skipped);
    expect(text).not.toContain('#EXT-X-MAP');
    expect(mediaPlaylist(state(many.slice(0, 5)), { skip: true })).not.toContain('#EXT-X-SKIP');
  });

  it('ends with the stream', () => {
    const text = mediaPlaylist(state([segment(3)], { ended: true }));
    expect(text).toMatch(/segment-3\.m4s\n#EXT-X-ENDLIST\n$/);
    expect(text).not.toContain('PRELOAD');
  });

  it('of variants says what a player must know', () => {
    const video = {
      codecs: 'avc1.64001f,mp4a.40.2',
      bandwidth: 2_628_000,
      width: 1280,
      height: 720,
      frameRate: 25,
    };
    expect(mainPlaylist(video)).toContain(
      '#EXT-X-STREAM-INF:BANDWIDTH=2628000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000\nmedia.m3u8\n',
    );
    expect(mainPlaylist({ ...video, codecs: 'mp4a.40.2', width: 0 })).not.toContain('RESOLUTION');
  });
});

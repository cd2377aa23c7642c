import type { CSSProperties, MouseEvent } from 'react';
import { formatDuration } from '../../../lib/duration.ts';
import { formatSpan } from '../../../lib/moments.ts';
import type { Chapter } from '../../../lib/playlist.ts';
import type { SpeakerBar, SpeakerRow } from '../../../lib/speakerTimeline.ts';
import section from '../section.module.css';
import styles from './recordings.module.css';

interface Props {
  speakers: readonly SpeakerRow[];
  chapters: readonly Chapter[];
  totalMs: number;
  /** Where the film is now. */
  atMs: number;
  onSeek: (atMs: number) => void;
}

/** Who spoke when: a line for each, with a bar for each time; a press plays from there. */
export function SpeakerTimeline({ speakers, chapters, totalMs, atMs, onSeek }: Props) {
  const share = (ms: number) => `${Math.min(100, (ms / Math.max(1, totalMs)) * 100)}%`;
  return (
    <section className={section.section} aria-labelledby="speakers" data-testid="speakers">
      <h2 className={section.heading} id="speakers">
        Who spoke when
      </h2>
      <ol className={styles.speakers}>
        {speakers.map((speaker) => (
          <li key={speaker.name} className={styles.speaker} style={hueStyle(speaker.hue)}>
            <span className={styles.speakerName}>
              <span className={styles.swatch} aria-hidden />
              <span className={styles.cut}>{speaker.name}</span>
              <span className={styles.spoken}>{formatSpan(speaker.totalMs)}</span>
            </span>
            {/* The mouse may go anywhere on the line; keys go from bar to bar. */}
            <div className={styles.line} onClick={(event) => onSeek(shareOf(event) * totalMs)}>
              {chapters.map(({ title, atMs: at }) => (
                <span key={`${title} ${at}`} className={styles.chapterLine} style={{ left: share(at) }} />
              ))}
              {speaker.bars.map((bar) => (
                <Bar key={bar.startMs} bar={bar} onSeek={onSeek} />
              ))}
              <span className={styles.playhead} style={{ left: share(atMs) }} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Bar({
  bar: { name, startMs, endMs, left, width },
  onSeek,
}: {
  bar: SpeakerBar;
  onSeek: Props['onSeek'];
}) {
  const words = `${name}, ${formatDuration(startMs)} to ${formatDuration(endMs)}`;
  return (
    <button
      type="button"
      className={styles.bar}
      style={{ left: `${left}%`, width: `${width}%` }}
      aria-label={`Play ${words}`}
      title={words}
      onClick={(event) => {
        // A key has no place on the bar: it plays from its beginning.
        if (event.detail === 0) {
          event.stopPropagation();
          onSeek(startMs);
        }
      }}
    />
  );
}

function shareOf({ currentTarget, clientX }: MouseEvent<HTMLElement>): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return width === 0 ? 0 : Math.max(0, Math.min(1, (clientX - left) / width));
}

function hueStyle(hue: number): CSSProperties & Record<'--hue', number> {
  return { '--hue': hue };
}

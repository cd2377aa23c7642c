import { formatDuration } from '../../../lib/duration.ts';
import { count, formatClock } from '../../../lib/moments.ts';
import type { Chapter, Playlist, PlaylistPart } from '../../../lib/playlist.ts';
import { classes } from '../../../ui/classes.ts';
import section from '../section.module.css';
import styles from './recordings.module.css';

interface Props {
  film: Playlist;
  chapters: readonly Chapter[];
  /** The part that is played. */
  index: number;
  /** Where the film is now. */
  atMs: number;
  onSeek: (atMs: number) => void;
}

/** The parts of a film: as one line on which one sees where it is cut, and each by itself. A press plays from there. */
export function PartList({ film: { parts, totalMs }, chapters, index, atMs, onSeek }: Props) {
  if (parts.length < 2) return null;
  return (
    <section className={section.section} aria-labelledby="parts" data-testid="parts">
      <div className={styles.partsHead}>
        <h2 className={section.heading} id="parts">
          {count(parts.length, 'part', 'parts')}
        </h2>
        <span className={styles.position} data-testid="film-position">
          {formatDuration(atMs)} of {formatDuration(totalMs)}
        </span>
      </div>
      <p className={section.hint}>
        Something was interrupted while it was recorded, so there are several files. They are played one after
        the other.
      </p>
      <div className={styles.film} aria-hidden>
        {parts.map((part, number) => (
          <Piece key={part.file.number} {...{ part, chapters, atMs, onSeek }} isPlaying={number === index} />
        ))}
      </div>
      <ol className={styles.chapters}>
        {parts.map(({ file, startMs }, number) => (
          <li key={file.number}>
            <button
              type="button"
              className={styles.chapter}
              aria-current={number === index ? 'true' : undefined}
              data-testid="part"
              onClick={() => onSeek(startMs)}
            >
              <span className={styles.chapterTime}>{formatDuration(startMs)}</span>
              <span className={styles.partName}>Part {number + 1}</span>
              <span className={styles.partWords}>
                from {formatClock(file.startedAt)}, {formatDuration(file.durationMs)} long
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

type PieceProps = Pick<Props, 'chapters' | 'atMs' | 'onSeek'> & { part: PlaylistPart; isPlaying: boolean };

/** One part on the line, for the mouse; keys use the list. */
function Piece({ part: { file, startMs }, isPlaying, chapters, atMs, onSeek }: PieceProps) {
  const length = Math.max(1, file.durationMs);
  const share = (ms: number) => `${Math.max(0, Math.min(100, ((ms - startMs) / length) * 100))}%`;
  const marks = chapters.filter(({ atMs: at }) => at >= startMs && at < startMs + length);
  return (
    <div
      className={classes(styles.piece, isPlaying && styles.playing)}
      style={{ flexGrow: length }}
      onClick={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        onSeek(startMs + ((clientX - left) / Math.max(1, width)) * length);
      }}
    >
      {marks.map(({ title, atMs: at }) => (
        <span key={`${title} ${at}`} className={styles.filmMark} style={{ left: share(at) }} />
      ))}
      {isPlaying && <span className={styles.playhead} style={{ left: share(atMs) }} />}
    </div>
  );
}

import { formatDuration } from '../../../lib/duration.ts';
import { chapterAt, type Chapter } from '../../../lib/playlist.ts';
import section from '../section.module.css';
import styles from './recordings.module.css';

interface Props {
  chapters: readonly Chapter[];
  /** Where the film is now. */
  atMs: number;
  onSeek: (atMs: number) => void;
}

/** The moments that were marked in the meeting; a press plays from there. */
export function ChapterList({ chapters, atMs, onSeek }: Props) {
  if (chapters.length === 0) return null;
  const current = chapterAt(chapters, atMs);
  return (
    <section className={section.section} aria-labelledby="chapters">
      <h2 className={section.heading} id="chapters">
        Marked moments
      </h2>
      <ol className={styles.chapters}>
        {chapters.map((chapter, number) => (
          <li key={number}>
            <button
              type="button"
              className={styles.chapter}
              aria-current={number === current ? 'true' : undefined}
              data-testid="chapter"
              onClick={() => onSeek(chapter.atMs)}
            >
              <span className={styles.chapterTime}>{formatDuration(chapter.atMs)}</span>
              {chapter.title}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

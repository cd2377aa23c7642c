import type { RecordingInfo, RecordingSidecar } from '@parley/client-sdk';
import { useState } from 'react';
import { chaptersOf, playlistOf } from '../../../lib/playlist.ts';
import { speakersOf } from '../../../lib/speakerTimeline.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { classes } from '../../../ui/classes.ts';
import { server } from '../server.ts';
import { ChapterList } from './ChapterList.tsx';
import { PartList } from './PartList.tsx';
import { SpeakerTimeline } from './SpeakerTimeline.tsx';
import { useFilm } from './useFilm.ts';
import styles from './recordings.module.css';

interface Props {
  recording: RecordingInfo;
  sidecar: RecordingSidecar | null;
}

/** The browser's own player, one part after the other; below it the parts, chapters and who spoke when. */
export function RecordingPlayer({ recording, sidecar }: Props) {
  const film = playlistOf(recording.files);
  const { player, index, atMs, seek, handlers } = useFilm(film);
  const [broken, setBroken] = useState(false);
  const part = film.parts[index];
  const events = sidecar?.events ?? null;
  const chapters = chaptersOf(recording, events);
  const speakers = speakersOf(events ?? [], film.totalMs);
  if (!part) return null;
  const { recordingId, hasThumbnail } = recording;
  return (
    <div className={styles.player}>
      <video
        ref={player}
        className={classes(styles.video, part.file.width === 0 && styles.soundOnly)}
        src={server.recordings.contentUrl(recordingId, { file: part.file.number })}
        poster={hasThumbnail && index === 0 ? server.recordings.thumbnailUrl(recordingId) : undefined}
        controls
        playsInline
        preload="metadata"
        data-testid="recording-player"
        {...handlers}
        onError={() => setBroken(true)}
        onPlaying={() => setBroken(false)}
      />
      {broken && <Notice text={BROKEN} testId="player-problem" />}
      <PartList {...{ film, chapters, index, atMs }} onSeek={seek} />
      <ChapterList {...{ chapters, atMs }} onSeek={seek} />
      {speakers.length > 0 && (
        <SpeakerTimeline {...{ speakers, chapters, atMs }} totalMs={film.totalMs} onSeek={seek} />
      )}
    </div>
  );
}

export const BROKEN = {
  title: 'This browser cannot play the recording',
  text: 'You may no longer be signed in, or the browser does not know the format. Load the page again, or download the recording and open it in another player.',
};

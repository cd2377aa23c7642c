import type { RecordingFile, RecordingInfo } from '@parley/client-sdk';
import { AudioLines, ChevronDown, Download, Film, Play } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '../../../lib/duration.ts';
import { formatBytes, formatClock } from '../../../lib/moments.ts';
import { fileWords, type Names } from '../../../lib/recordedFiles.ts';
import { Button } from '../../../ui/Button.tsx';
import button from '../../../ui/Button.module.css';
import { classes } from '../../../ui/classes.ts';
import { Notice } from '../../../ui/Notice.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { BROKEN } from './RecordingPlayer.tsx';
import styles from './recordings.module.css';

/** Every file by itself, where there is more than the one that is played. */
export function FileList({ recording, names }: { recording: RecordingInfo; names: Names }) {
  const { files, kind } = recording;
  if (files.length < 2 && kind !== 'tracks') return null;
  return (
    <section className={section.section} aria-labelledby="recording-files">
      <h2 className={section.heading} id="recording-files">
        Files
      </h2>
      {kind === 'tracks' && (
        <p className={section.hint}>
          Each camera, microphone and screen as it was sent. They run side by side: each begins when it was
          turned on.
        </p>
      )}
      <ul className={section.list} data-testid="recording-files">
        {files.map((file) => (
          <FileRow key={file.number} {...{ recording, file, names }} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  recording: RecordingInfo;
  file: RecordingFile;
  names: Names;
}

function FileRow({ recording: { recordingId, files }, file, names }: RowProps) {
  const [open, setOpen] = useState(false);
  const { number, width, height, durationMs, bytes, startedAt } = file;
  const words = fileWords(file, files, names);
  const Icon = width > 0 ? Film : AudioLines;
  return (
    <li className={styles.file} data-testid="recording-file">
      <div className={section.row}>
        <Icon size={20} className={styles.fileIcon} aria-hidden />
        <div className={section.text}>
          <span className={section.name}>{words}</span>
          <span className={section.words}>
            from {formatClock(startedAt)} · {formatDuration(durationMs)} · {formatBytes(bytes)}
            {width > 0 && ` · ${width} × ${height}`}
          </span>
        </div>
        <Button
          look="quiet"
          aria-expanded={open}
          aria-label={`Play ${words}`}
          data-testid="play-file"
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown size={18} aria-hidden /> : <Play size={18} aria-hidden />}
        </Button>
        <a
          href={server.recordings.contentUrl(recordingId, { file: number, download: true })}
          download
          className={classes(button.button, button.quiet, button.medium)}
          aria-label={`Download ${words}`}
          data-testid="download-file"
        >
          <Download size={18} aria-hidden />
        </a>
      </div>
      {open && (
        <FilePlayer url={server.recordings.contentUrl(recordingId, { file: number })} wide={width > 0} />
      )}
    </li>
  );
}

function FilePlayer({ url, wide }: { url: string; wide: boolean }) {
  const [broken, setBroken] = useState(false);
  return (
    <>
      <video
        className={classes(styles.video, !wide && styles.soundOnly)}
        src={url}
        controls
        autoPlay
        playsInline
        data-testid="file-player"
        onError={() => setBroken(true)}
        onPlaying={() => setBroken(false)}
      />
      {broken && <Notice text={BROKEN} testId="player-problem" />}
    </>
  );
}

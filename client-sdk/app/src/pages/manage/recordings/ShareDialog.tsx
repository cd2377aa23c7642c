import type { RecordingInfo, RoomAdmin } from '@parley/client-sdk';
import { FileVideo, UserRound } from 'lucide-react';
import { useCallback, useState, type SyntheticEvent } from 'react';
import { useLoad } from '../../../hooks/useLoad.ts';
import { useServerUrl } from '../../../hooks/useServerUrl.ts';
import { manageErrorText } from '../../../lib/manageErrorTexts.ts';
import { formatClock } from '../../../lib/moments.ts';
import { playlistOf } from '../../../lib/playlist.ts';
import { fileWords, type Names } from '../../../lib/recordedFiles.ts';
import { Button } from '../../../ui/Button.tsx';
import { CopyRow } from '../../../ui/CopyRow.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';

interface Props {
  recording: RecordingInfo;
  admin: RoomAdmin;
  /** Of those whose tracks they are. */
  names: Names;
  onClose: () => void;
}

type Made = { path: string; expiresAt: number } | { error: unknown } | null;

/** A link for one person that works for ten minutes. */
export function ShareDialog({ recording, admin, names, onClose }: Props) {
  const { recordingId, files } = recording;
  const people = usePeople(recording, admin);
  const shared = recording.kind === 'tracks' ? files : playlistOf(files).parts.map((part) => part.file);
  const [identity, setIdentity] = useState('');
  const [file, setFile] = useState(String(shared[0]?.number ?? 1));
  const [made, setMade] = useState<Made>(null);
  const [busy, setBusy] = useState(false);
  // What was made is for another person, or of another file.
  const choose = (set: (value: string) => void) => (value: string) => {
    set(value);
    setMade(null);
  };
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    server.recordings
      .createLink(recordingId, { file: Number(file), ...(identity !== '' && { identity }) })
      .then(setMade, (error: unknown) => setMade({ error }))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog title="Share this recording" onClose={onClose}>
      <form className={section.form} data-testid="share-dialog" onSubmit={handleSubmit}>
        <p className={section.hint}>
          The link plays the recording without signing in. It is for one person and works for ten minutes, or
          until that person or you may no longer have it. Whoever should keep the recording downloads it.
        </p>
        <Select
          label="For whom"
          icon={UserRound}
          value={identity}
          options={people}
          disabled={busy}
          onChange={choose(setIdentity)}
        />
        {shared.length > 1 && (
          <Select
            label="File"
            icon={FileVideo}
            value={file}
            options={shared.map((one) => ({
              value: String(one.number),
              label: fileWords(one, files, names),
            }))}
            disabled={busy}
            onChange={choose(setFile)}
          />
        )}
        <MadeLink made={made} />
        <div className={section.actions}>
          <Button type="submit" look="primary" disabled={busy} data-testid="make-link">
            {made === null ? 'Make the link' : 'Make another link'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function MadeLink({ made }: { made: Made }) {
  const url = useServerUrl();
  if (made === null) return null;
  if ('error' in made) return <Notice text={manageErrorText(made.error)} />;
  return (
    <div className={section.made}>
      <CopyRow
        label={`Works until ${formatClock(made.expiresAt)}`}
        url={url + made.path}
        testId="share-link"
      />
    </div>
  );
}

/** Those who were in the meeting; oneself first. */
function usePeople({ meetingId }: RecordingInfo, admin: RoomAdmin): Option[] {
  const { loaded } = useLoad(
    useCallback(
      async () => (meetingId === null ? [] : (await admin.getMeeting(meetingId)).stays),
      [admin, meetingId],
    ),
  );
  const names = new Map(
    loaded.at === 'ready' ? loaded.data.map(({ identity, displayName }) => [identity, displayName]) : [],
  );
  return [
    { value: '', label: 'For yourself' },
    ...[...names].map(([value, name]) => ({ value, label: `For ${name}` })),
  ];
}

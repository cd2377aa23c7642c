import type { RecordingInfo, RoomAdmin } from '@parley/client-sdk';
import { Download, Share2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { playlistOf } from '../../../lib/playlist.ts';
import type { Names } from '../../../lib/recordedFiles.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { navigate } from '../../../routing/useRoute.ts';
import { Button } from '../../../ui/Button.tsx';
import button from '../../../ui/Button.module.css';
import { classes } from '../../../ui/classes.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { useDo } from '../useDo.ts';
import { ShareDialog } from './ShareDialog.tsx';

interface Props {
  recording: RecordingInfo;
  admin: RoomAdmin;
  names: Names;
}

/** To save it, to give it to somebody, to delete it. Of several files each is saved in their list. */
export function RecordingActions({ recording, admin, names }: Props) {
  const { recordingId, room, files, kind } = recording;
  const { busy, run } = useDo();
  const [open, setOpen] = useState<'share' | 'delete' | null>(null);
  const { parts } = playlistOf(files);
  const close = () => setOpen(null);
  const remove = () =>
    run(async () => {
      await server.recordings.delete(recordingId);
      navigate(pathOfPlace({ room, section: 'recordings' }));
    });
  return (
    <div className={section.actions}>
      {parts.length === 1 && kind !== 'tracks' && (
        <a
          href={server.recordings.contentUrl(recordingId, {
            file: parts[0]?.file.number ?? 1,
            download: true,
          })}
          download
          className={classes(button.button, button.primary, button.medium)}
          data-testid="download-recording"
        >
          <Download size={18} aria-hidden /> Download
        </a>
      )}
      {files.length > 0 && (
        <Button data-testid="share-recording" onClick={() => setOpen('share')}>
          <Share2 size={18} aria-hidden /> Share…
        </Button>
      )}
      <Button disabled={busy} data-testid="delete-recording" onClick={() => setOpen('delete')}>
        <Trash2 size={18} aria-hidden /> Delete…
      </Button>
      {open === 'share' && <ShareDialog {...{ recording, admin, names }} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog
          title="Delete this recording?"
          text="All its files are gone then, for everybody, and links to it lead nowhere. This cannot be taken back."
          choices={[{ label: 'Delete it', look: 'danger', testId: 'confirm-delete', onChoose: remove }]}
          onClose={close}
        />
      )}
    </div>
  );
}

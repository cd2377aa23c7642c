import type { RecordingInfo, RoomAdmin } from '@parley/client-sdk';
import { Film } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { isFinished } from '../../../lib/recordingTexts.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { RecordingList } from './RecordingList.tsx';

const ASK_MS = 3000;

/** All recordings of a room, newest first. While some are not finished it looks again and again. */
export function RecordingLibrary({ admin }: { admin: RoomAdmin }) {
  const pages = usePages<RecordingInfo>(
    useCallback((page) => admin.listRecordings(page), [admin]),
    {
      keeps: true,
    },
  );
  const { loaded, reload } = pages;
  const isWaiting = loaded.at === 'ready' && loaded.data.some((recording) => !isFinished(recording));
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(reload, ASK_MS);
    return () => clearInterval(timer);
  }, [isWaiting, reload]);
  return (
    <section className={section.section} aria-label="Recordings">
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={Film}
            title="No recordings yet"
            text="Whoever may record starts one in the meeting, under More. Or have every meeting recorded by itself, in the settings."
          />
        }
      >
        {(recordings) => <RecordingList recordings={recordings} />}
      </PagesView>
    </section>
  );
}

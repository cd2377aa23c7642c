import { getLiveStream, ParleyError, type LiveInfo } from '@parley/client-sdk';
import { Eye, Radio } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { count, formatClock } from '../../lib/moments.ts';
import { navigate } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { Logo } from '../../ui/Logo.tsx';
import { Wait } from '../../ui/Wait.tsx';
import { MessagePage } from '../ended/MessagePage.tsx';
import { WatchPlayer } from './WatchPlayer.tsx';
import styles from './watch.module.css';

/** How often the page asks how things are. */
const ASK_MS = 4_000;

type Known = { at: 'loading' } | { at: 'unknown' } | { at: 'known'; stream: LiveInfo };

/** Where anybody with the link watches a live stream: no account, no name, no question. */
export function WatchPage({ liveId }: { liveId: string }) {
  const known = useLiveStream(liveId);
  useDocumentTitle(known.at === 'known' ? known.stream.title : 'Live stream');
  if (known.at === 'unknown') return <NoStream />;
  return (
    <div className={`dark ${styles.page ?? ''}`} data-testid="watch">
      <header className={styles.header}>
        <Logo />
      </header>
      <main className={styles.main}>
        {known.at === 'loading' ? <Wait text="Looking for the stream…" /> : <Stream stream={known.stream} />}
      </main>
    </div>
  );
}

function Stream({ stream }: { stream: LiveInfo }) {
  const { liveId, title, state, viewers, startedAt } = stream;
  return (
    <>
      {state === 'waiting' ? (
        <div className={styles.waiting} data-testid="watch-waiting">
          <Radio size={40} strokeWidth={1.6} aria-hidden />
          <p className={styles.coverTitle}>It begins in a moment</p>
          <p>You need not do anything: the picture comes by itself.</p>
        </div>
      ) : (
        <WatchPlayer source={`/hls/${encodeURIComponent(liveId)}/index.m3u8`} ended={state === 'ended'} />
      )}
      <div className={styles.about}>
        <h1 className={styles.title}>{title}</h1>
        {state !== 'ended' && (
          <div className={styles.facts}>
            <p>Since {formatClock(startedAt)}</p>
            <p className={styles.viewers} data-testid="viewers">
              <Eye size={17} aria-hidden /> {count(viewers, 'viewer', 'viewers')}
            </p>
          </div>
        )}
        {state !== 'ended' && <p className={styles.unseen}>You only watch: nobody sees or hears you.</p>}
      </div>
    </>
  );
}

function NoStream() {
  return (
    <MessagePage
      title="There is no stream here"
      text="It has ended, or the link is not complete. Ask whoever gave it to you whether there is another link or a recording."
    >
      <Button look="primary" onClick={() => navigate('/')}>
        To the front page
      </Button>
    </MessagePage>
  );
}

/** Asks again and again: streams begin and end while people have the page open. */
function useLiveStream(liveId: string): Known {
  const [known, setKnown] = useState<Known>({ at: 'loading' });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const ask = async () => {
      try {
        const stream = await getLiveStream(location.origin, liveId);
        if (wanted) setKnown({ at: 'known', stream });
      } catch (error) {
        const isGone = error instanceof ParleyError && error.code === 'LIVE_NOT_FOUND';
        // A server that does not answer for a moment is no end: what is known stays.
        if (wanted && isGone)
          setKnown((before) => (before.at === 'known' ? ended(before) : { at: 'unknown' }));
      }
      if (wanted) timer = setTimeout(() => void ask(), ASK_MS);
    };
    void ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [liveId]);
  return known;
}

const ended = (known: Extract<Known, { at: 'known' }>): Known => ({
  at: 'known',
  stream: { ...known.stream, state: 'ended' },
});

import { AudioRenderer } from '@parley/client-sdk/react';
import { Volume2 } from 'lucide-react';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { AUTOPLAY_TEXT } from '../../lib/errorTexts.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import styles from './MediaNotice.module.css';

/** The sound of everybody else, to the chosen speaker. */
export function RoomAudio() {
  const { speakerId } = usePreferences();
  return (
    <AudioRenderer
      sinkId={speakerId}
      renderBlocked={(play) => (
        <div className={styles.notice}>
          <Notice text={AUTOPLAY_TEXT} tone="warning" code="autoplayRefused">
            <Button look="primary" data-testid="play-audio" onClick={play}>
              <Volume2 size={18} aria-hidden />
              Hear the others
            </Button>
          </Notice>
        </div>
      )}
    />
  );
}

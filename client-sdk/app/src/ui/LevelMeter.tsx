import { AudioLevelMeter } from '@parley/client-sdk';
import { useEffect, useRef } from 'react';
import styles from './LevelMeter.module.css';

interface Props {
  track: MediaStreamTrack | null;
  label: string;
  testId?: string;
}

/** How loud a microphone is right now. Drawn without React, since it changes with every frame. */
export function LevelMeter({ track, label, testId }: Props) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (track === null) {
      show(element.current, 0);
      return undefined;
    }
    const meter = new AudioLevelMeter(track);
    let frame = requestAnimationFrame(function draw() {
      show(element.current, meter.level);
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      meter.close();
    };
  }, [track]);

  return (
    <div
      ref={element}
      className={styles.meter}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      data-testid={testId}
    >
      <div className={styles.fill} />
    </div>
  );
}

function show(element: HTMLElement | null, level: number): void {
  const rounded = level.toFixed(2);
  if (element === null || element.dataset['level'] === rounded) return;
  element.dataset['level'] = rounded;
  element.setAttribute('aria-valuenow', rounded);
  element.style.setProperty('--level', rounded);
}

import { useCalls } from '@parley/client-sdk/react';
import { useState, type KeyboardEvent } from 'react';
import { useAct } from '../useAct.ts';
import styles from './phones.module.css';

const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
] as const;
const NAMES: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Hash' };

/** The keys of a phone; those of the keyboard do the same while the focus is within. */
export function Keypad({ callId, name }: { callId: string; name: string }) {
  const calls = useCalls();
  const act = useAct();
  const [pressed, setPressed] = useState('');
  const press = (key: string) => {
    setPressed((keys) => (keys + key).slice(-24));
    act(calls.sendDigits(callId, key));
  };
  const handleKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
    event.preventDefault();
    press(event.key);
  };
  return (
    <div className={styles.keypad} role="group" aria-label={`Keypad for ${name}`} onKeyDown={handleKey}>
      <output className={styles.pressed} aria-label="Pressed" data-testid="pressed">
        {pressed === '' ? <span className={styles.faint}>Press keys here or on your keyboard</span> : pressed}
      </output>
      <div className={styles.keys}>
        {KEYS.map(([key, letters], index) => (
          <button
            key={key}
            type="button"
            autoFocus={index === 0}
            data-autofocus={index === 0 ? '' : undefined}
            className={styles.key}
            aria-label={NAMES[key] ?? key}
            data-testid={`key-${key}`}
            onClick={() => press(key)}
          >
            <span>{key}</span>
            <span className={styles.letters} aria-hidden="true">
              {letters}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}

import { classes } from '../../ui/classes.ts';
import styles from './Illustration.module.css';

interface Person {
  backdrop: string;
  skin: string;
  hair: string;
  shirt: string;
  style: 'bob' | 'short' | 'bun' | 'bald';
  speaking?: boolean;
}

const PEOPLE: Person[] = [
  { backdrop: '#cfe6dc', skin: '#8d5a3c', hair: '#2a1b17', shirt: '#e8b04a', style: 'bun', speaking: true },
  { backdrop: '#f3d9c8', skin: '#f0c3a0', hair: '#b9542c', shirt: '#2f5d62', style: 'bob' },
  { backdrop: '#d6dcef', skin: '#e3ad85', hair: '#26262e', shirt: '#b64b3f', style: 'short' },
  { backdrop: '#f1e6bf', skin: '#5e3b2a', hair: '#5e3b2a', shirt: '#3f7d6a', style: 'bald' },
];

const WIDTH = 268;
const HEIGHT = 196;
const GAP = 16;

/** Four people in a meeting; decorative. */
export function Illustration() {
  return (
    <div className={styles.frame} aria-hidden="true">
      <svg viewBox={`-8 -8 ${2 * WIDTH + GAP + 16} ${2 * HEIGHT + GAP + 16}`} className={styles.picture}>
        <defs>
          <clipPath id="tile">
            <rect width={WIDTH} height={HEIGHT} rx="20" />
          </clipPath>
        </defs>
        {PEOPLE.map((person, index) => (
          <g
            key={person.backdrop}
            transform={`translate(${(index % 2) * (WIDTH + GAP)} ${Math.floor(index / 2) * (HEIGHT + GAP)})`}
          >
            <Tile person={person} />
          </g>
        ))}
      </svg>
    </div>
  );
}

function Tile({ person }: { person: Person }) {
  return (
    <>
      <g clipPath="url(#tile)">
        <rect width={WIDTH} height={HEIGHT} fill={person.backdrop} />
        <g transform={`translate(${WIDTH / 2} 0)`} className={styles.person}>
          <Portrait person={person} />
        </g>
      </g>
      {person.speaking === true && (
        <>
          <rect x="-3" y="-3" width={WIDTH + 6} height={HEIGHT + 6} rx="23" className={styles.ring} />
          <SoundBars />
        </>
      )}
    </>
  );
}

function Portrait({ person: { skin, hair, shirt, style } }: { person: Person }) {
  return (
    <>
      {style === 'bob' && <path d="M-45 92a45 48 0 0 1 90 0v46q0 10-12 10h-66q-12 0-12-10z" fill={hair} />}
      {style === 'bun' && <circle cy="36" r="19" fill={hair} />}
      <path d="M-84 200q2-52 56-58h56q54 6 56 58z" fill={shirt} />
      <path d="M-16 118h32v24a16 15 0 0 1-32 0z" fill={skin} />
      <path d="M-16 128q16 12 32 0v8a16 15 0 0 1-32 0z" fill="#000" opacity=".12" />
      <ellipse cy="92" rx="36" ry="42" fill={skin} />
      {style === 'short' && (
        <path d="M-39 92q-4-48 39-48t39 48q-5-22-18-26-24 8-42 0-13 6-18 26z" fill={hair} />
      )}
      {style === 'bun' && <path d="M-38 94q-3-48 38-48t38 48q-6-26-38-28-32 2-38 28z" fill={hair} />}
      {style === 'bob' && <path d="M-37 96q-4-50 37-50t37 50q-10-8-16-28-22 22-58 28z" fill={hair} />}
      {style === 'bald' && (
        <path d="M-30 106q2 34 30 34t30-34q-6 12-30 12t-30-12z" fill="#1d1512" opacity=".75" />
      )}
      <path d="M-9 113q9 7 18 0" fill="none" stroke="#00000059" strokeWidth="3" strokeLinecap="round" />
      <circle cx="-14" cy="93" r="3.2" fill="#000000a6" />
      <circle cx="14" cy="93" r="3.2" fill="#000000a6" />
    </>
  );
}

function SoundBars() {
  return (
    <g transform={`translate(${WIDTH - 44} ${HEIGHT - 38})`}>
      <rect width="30" height="24" rx="12" className={styles.pill} />
      {[9, 15, 21].map((x, index) => (
        <rect
          key={x}
          x={x - 1.5}
          y="7"
          width="3"
          height="10"
          rx="1.5"
          className={classes(styles.bar, index === 1 && styles.barMiddle)}
        />
      ))}
    </g>
  );
}

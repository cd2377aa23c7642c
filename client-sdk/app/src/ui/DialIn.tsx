import type { RoomPhone } from '@parley/client-sdk';
import { Check, Copy, Phone } from 'lucide-react';
import { useCopy } from '../hooks/useCopy.ts';
import { canDialIn, invitationText } from '../lib/dialInTexts.ts';
import { formatNumber, formatPin, telLink } from '../lib/phoneNumbers.ts';
import { Button } from './Button.tsx';
import styles from './DialIn.module.css';

interface Props {
  phone: RoomPhone;
  title: string;
  /** The link that others join by. */
  url: string;
}

/** So many numbers are shown at once; the others behind a word. */
const MOST_NUMBERS = 3;

/** Numbers to come in by, and the PIN; and all of it as text to send. Nothing where nobody can dial in. */
export function DialIn({ phone, title, url }: Props) {
  const { copied, copy } = useCopy();
  const { numbers, pin } = phone;
  if (pin === null || !canDialIn(phone)) return null;
  return (
    <div className={styles.dialIn} data-testid="dial-in">
      <span className={styles.label}>Or by phone</span>
      <Numbers numbers={numbers.slice(0, MOST_NUMBERS)} pin={pin} />
      {numbers.length > MOST_NUMBERS && (
        <details className={styles.more}>
          <summary>{numbers.length - MOST_NUMBERS} more</summary>
          <Numbers numbers={numbers.slice(MOST_NUMBERS)} pin={pin} />
        </details>
      )}
      <div className={styles.foot}>
        <p className={styles.pin}>
          PIN <strong data-testid="room-pin">{formatPin(pin)}</strong> #
        </p>
        <Button
          look="quiet"
          className={styles.copy}
          data-testid="copy-invitation"
          onClick={() => void copy(invitationText(title, url, phone))}
        >
          {copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy invitation'}</span>
        </Button>
      </div>
    </div>
  );
}

function Numbers({ numbers, pin }: { numbers: RoomPhone['numbers']; pin: string }) {
  return (
    <ul className={styles.numbers}>
      {numbers.map(({ label, number }) => {
        const link = telLink(number, pin);
        return (
          <li key={`${label} ${number}`} className={styles.number}>
            <Phone size={16} aria-hidden />
            {label !== '' && <span className={styles.place}>{label}</span>}
            {link === null ? (
              <span>{number}</span>
            ) : (
              <a href={link} title="Calls, and enters the PIN">
                {formatNumber(number)}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

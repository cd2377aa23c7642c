import { ArrowRight, Video } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { parseMeetingInput } from '../../lib/meetingLinks.ts';
import { createMeetingName } from '../../lib/meetingNames.ts';
import { goToRoom } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './StartForm.module.css';

/** "New meeting", or a code or link to join. */
export function StartForm() {
  const [input, setInput] = useState('');
  const [error, setError] = useState<string | null>(null);

  const handleJoin = (event: SyntheticEvent) => {
    event.preventDefault();
    const parsed = parseMeetingInput(input, location.origin);
    if (parsed.kind === 'invalid') setError(parsed.message);
    else if (parsed.kind === 'otherServer') location.assign(parsed.url);
    else {
      const { room, token, invite } = parsed;
      goToRoom(room, { ...(token !== undefined && { token }), ...(invite !== undefined && { invite }) });
    }
  };

  return (
    <div className={styles.start}>
      <Button
        look="primary"
        size="large"
        data-testid="new-meeting"
        onClick={() => goToRoom(createMeetingName(), { create: true })}
      >
        <Video size={21} aria-hidden />
        New meeting
      </Button>
      <form className={styles.join} onSubmit={handleJoin} noValidate>
        <TextField
          label="Or join one"
          placeholder="Code or link"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={2048}
          data-testid="join-code"
          value={input}
          error={error}
          onChange={(event) => {
            setInput(event.target.value);
            setError(null);
          }}
        />
        <Button type="submit" className={styles.go} data-testid="join-code-button">
          Join
          <ArrowRight size={18} aria-hidden />
        </Button>
      </form>
    </div>
  );
}

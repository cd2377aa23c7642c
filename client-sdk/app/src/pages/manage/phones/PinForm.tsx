import type { CreatePinBody, Role } from '@parley/client-sdk';
import { UserRound } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import { cleanDisplayName, MAX_DISPLAY_NAME } from '../../prejoin/joinChoices.ts';
import section from '../section.module.css';

const ROLES = [
  { value: 'participant', label: 'As a participant' },
  { value: 'host', label: 'As a host' },
  { value: 'viewer', label: 'As a viewer: hears only' },
] as const satisfies (Option & { value: Role })[];

const EMPTY = { name: '', identity: '', label: '', role: 'participant' as Role };

function bodyOf(displayName: string, { identity, label, role }: typeof EMPTY): CreatePinBody {
  return {
    ...{ displayName, role },
    ...(identity.trim() !== '' && { identity: identity.trim() }),
    ...(label.trim() !== '' && { label: label.trim() }),
  };
}

interface Props {
  busy: boolean;
  /** `made`: it is there, and what was typed is no longer needed. */
  onMake: (pin: CreatePinBody, made: () => void) => void;
}

export function PinForm({ busy, onMake }: Props) {
  const [wish, setWish] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const displayName = cleanDisplayName(wish.name);
  const set = (change: Partial<typeof EMPTY>) => setWish({ ...wish, ...change });
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (displayName === null) return setTried(true);
    setTried(false);
    onMake(bodyOf(displayName, wish), () => setWish(EMPTY));
  };
  return (
    <form className={section.form} noValidate onSubmit={handleSubmit}>
      <div className={section.fields}>
        <TextField
          label="Name in the meeting"
          placeholder="Ann"
          maxLength={MAX_DISPLAY_NAME}
          value={wish.name}
          error={tried && displayName === null ? 'Type the name of whom it is for.' : null}
          data-testid="pin-name"
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label="Identity (optional)"
          placeholder="ann"
          maxLength={128}
          value={wish.identity}
          onChange={(event) => set({ identity: event.target.value })}
        />
      </div>
      <TextField
        label="What it is for (only hosts see this)"
        placeholder="For example: from the car"
        maxLength={128}
        value={wish.label}
        onChange={(event) => set({ label: event.target.value })}
      />
      <Select
        label="Role"
        icon={UserRound}
        value={wish.role}
        options={[...ROLES]}
        onChange={(value) =>
          set({ role: ROLES.find((role) => role.value === value)?.value ?? 'participant' })
        }
      />
      <div className={section.actions}>
        <Button type="submit" look="primary" disabled={busy} data-testid="make-pin">
          Make a PIN
        </Button>
      </div>
    </form>
  );
}

import type { CreateInviteBody, Role } from '@parley/client-sdk';
import { Hash, Link2, Timer, UserRound } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import styles from '../section.module.css';

const ROLES = [
  { value: 'participant', label: 'As a participant' },
  { value: 'viewer', label: 'As a viewer: sees and hears only' },
  { value: 'host', label: 'As a host' },
] as const satisfies (Option & { value: Role })[];

const HOUR = 3_600_000;
const EXPIRIES: Option[] = [
  { value: String(HOUR), label: 'Good for an hour' },
  { value: String(24 * HOUR), label: 'Good for a day' },
  { value: String(7 * 24 * HOUR), label: 'Good for a week' },
  { value: String(30 * 24 * HOUR), label: 'Good for 30 days' },
  { value: 'never', label: 'Good until revoked' },
];
const USES: Option[] = [
  { value: 'any', label: 'For any number of people' },
  { value: '1', label: 'For one person' },
  ...[5, 10, 25, 50, 100].map((uses) => ({ value: String(uses), label: `For ${uses} people` })),
];
const START = { role: 'participant' as Role, label: '', expiry: String(7 * 24 * HOUR), uses: 'any' };

interface Props {
  busy: boolean;
  onMake: (wish: CreateInviteBody) => void;
}

export function InviteForm({ busy, onMake }: Props) {
  const [wish, setWish] = useState(START);
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    onMake({
      role: wish.role,
      label: wish.label.trim(),
      expiresAt: wish.expiry === 'never' ? null : Date.now() + Number(wish.expiry),
      maxUses: wish.uses === 'any' ? null : Number(wish.uses),
    });
    setWish({ ...wish, label: '' });
  };
  const set = (change: Partial<typeof START>) => setWish({ ...wish, ...change });
  return (
    <form className={styles.form} onSubmit={handleSubmit}>
      <TextField
        label="What it is for (only hosts see this)"
        placeholder="For example: co-host Ann"
        maxLength={128}
        value={wish.label}
        data-testid="invite-label"
        onChange={(event) => set({ label: event.target.value })}
      />
      <div className={styles.pair}>
        <Select
          label="Role"
          icon={UserRound}
          value={wish.role}
          options={[...ROLES]}
          onChange={(value) =>
            set({ role: ROLES.find((role) => role.value === value)?.value ?? 'participant' })
          }
        />
        <Select
          label="How long it is good"
          icon={Timer}
          value={wish.expiry}
          options={EXPIRIES}
          onChange={(expiry) => set({ expiry })}
        />
        <Select
          label="For how many"
          icon={Hash}
          value={wish.uses}
          options={USES}
          onChange={(uses) => set({ uses })}
        />
      </div>
      <div className={styles.actions}>
        <Button type="submit" look="primary" disabled={busy} data-testid="make-invite">
          <Link2 size={18} aria-hidden /> Make a link
        </Button>
      </div>
    </form>
  );
}

import type { RuleInfo } from '@parley/client-sdk';
import { Split } from 'lucide-react';
import { useState } from 'react';
import { RULE_FIELDS, ruleBodyOf, ruleProblems, ruleWishOf, type RuleWish } from '../../../lib/phoneForms.ts';
import { TextField } from '../../../ui/Field.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { EntryForm } from './EntryForm.tsx';

interface Props {
  /** null: a new one. */
  rule: RuleInfo | null;
  taken: readonly string[];
  onSaved: () => void;
  onClose: () => void;
}

const KINDS = [
  { value: 'room', label: 'Into a room' },
  { value: 'pin', label: 'Ask for a PIN' },
  { value: 'user', label: 'Ring somebody’s apps' },
  { value: 'webhook', label: 'My server decides' },
  { value: 'reject', label: 'Refuse' },
] as const;

const VALUES: Record<Exclude<RuleWish['kind'], 'pin'>, { label: string; placeholder: string }> = {
  room: { label: 'Room', placeholder: 'standup' },
  user: { label: 'Identity of whom it rings', placeholder: 'ann' },
  webhook: { label: 'Address that is asked', placeholder: 'https://example.org/calls' },
  reject: { label: 'Status of SIP', placeholder: '603' },
};

export function RuleForm({ rule, taken, onSaved, onClose }: Props) {
  const [wish, setWish] = useState(() => ruleWishOf(rule));
  const set = (change: Partial<RuleWish>) => setWish({ ...wish, ...change });
  const save = async () => {
    await server.phones.putRule(wish.ruleId, ruleBodyOf(wish));
    onSaved();
  };
  return (
    <EntryForm
      title={rule === null ? 'New rule' : `Rule ${rule.ruleId}`}
      problems={ruleProblems(wish, rule === null ? taken : [])}
      fields={RULE_FIELDS}
      onSave={save}
      onClose={onClose}
    >
      {(problemOf) => {
        const props = { wish, set, problemOf, isNew: rule === null };
        return (
          <>
            <MatchFields {...props} />
            <TargetFields {...props} />
          </>
        );
      }}
    </EntryForm>
  );
}

interface FieldsProps {
  wish: RuleWish;
  set: (change: Partial<RuleWish>) => void;
  problemOf: (field: string) => string | null;
  isNew: boolean;
}

/** Which calls it is for. */
function MatchFields({ wish, set, problemOf, isNew }: FieldsProps) {
  return (
    <>
      <div className={section.fields}>
        <TextField
          label="Name"
          placeholder="standup"
          data-autofocus
          disabled={!isNew}
          maxLength={64}
          value={wish.ruleId}
          error={problemOf('ruleId')}
          data-testid="rule-id"
          onChange={({ target: { value } }) => set({ ruleId: value })}
        />
        <TextField
          label="Order; the lowest is first"
          inputMode="numeric"
          value={wish.priority}
          error={problemOf('priority')}
          onChange={({ target: { value } }) => set({ priority: value })}
        />
      </div>
      <TextArea
        label="Numbers that are called: one a line; none for any"
        placeholder="+493012345678"
        rows={2}
        value={wish.numbers}
        error={problemOf('numbers')}
        data-testid="rule-numbers"
        onChange={({ target: { value } }) => set({ numbers: value })}
      />
      <TextArea
        label="Numbers that call; none for any"
        placeholder="+4930*"
        rows={2}
        value={wish.callers}
        error={problemOf('callers')}
        onChange={({ target: { value } }) => set({ callers: value })}
      />
    </>
  );
}

/** What becomes of them. */
function TargetFields({ wish, set, problemOf }: FieldsProps) {
  return (
    <>
      <TextField
        label="Trunks, by their names for programs; none for any"
        value={wish.trunkId}
        error={problemOf('trunkIds')}
        onChange={({ target: { value } }) => set({ trunkId: value })}
      />
      <Select
        label="What becomes of the call"
        icon={Split}
        value={wish.kind}
        options={[...KINDS]}
        onChange={(value) =>
          set({ kind: KINDS.find((kind) => kind.value === value)?.value ?? 'pin', value: '' })
        }
      />
      {wish.kind !== 'pin' && (
        <TextField
          {...VALUES[wish.kind]}
          value={wish.value}
          error={problemOf('target')}
          data-testid="rule-value"
          onChange={({ target: { value } }) => set({ value: value.trim() })}
        />
      )}
    </>
  );
}

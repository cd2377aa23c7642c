import type { ExtensionInfo } from '@parley/client-sdk';
import { useState } from 'react';
import {
  EXTENSION_FIELDS,
  extensionBodyOf,
  extensionProblems,
  extensionWishOf,
  type ExtensionWish,
} from '../../../lib/extensionForm.ts';
import { TextField } from '../../../ui/Field.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { EntryForm } from './EntryForm.tsx';

interface Props {
  /** null: a new one. */
  extension: ExtensionInfo | null;
  taken: readonly string[];
  onSaved: () => void;
  onClose: () => void;
}

export function ExtensionForm({ extension, taken, onSaved, onClose }: Props) {
  const [wish, setWish] = useState(() => extensionWishOf(extension));
  const set = (change: Partial<ExtensionWish>) => setWish({ ...wish, ...change });
  const isNew = extension === null;
  const save = async () => {
    await server.phones.putExtension(wish.extension, extensionBodyOf(wish));
    onSaved();
  };
  return (
    <EntryForm
      title={isNew ? 'New extension' : `Extension ${extension.extension}`}
      problems={extensionProblems(wish, isNew ? taken : null)}
      fields={EXTENSION_FIELDS}
      onSave={save}
      onClose={onClose}
    >
      {(problemOf) => <Fields wish={wish} set={set} problemOf={problemOf} isNew={isNew} />}
    </EntryForm>
  );
}

interface FieldsProps {
  wish: ExtensionWish;
  set: (change: Partial<ExtensionWish>) => void;
  problemOf: (field: string) => string | null;
  isNew: boolean;
}

function Fields({ wish, set, problemOf, isNew }: FieldsProps) {
  return (
    <>
      <div className={section.fields}>
        <TextField
          label="Extension"
          placeholder="101"
          data-autofocus
          disabled={!isNew}
          maxLength={32}
          value={wish.extension}
          error={problemOf('extension')}
          data-testid="extension-id"
          onChange={({ target: { value } }) => set({ extension: value.trim() })}
        />
        <TextField
          label="Name that is shown"
          placeholder="Reception"
          maxLength={64}
          value={wish.displayName}
          error={problemOf('displayName')}
          onChange={({ target: { value } }) => set({ displayName: value })}
        />
      </div>
      <TextField
        label="Password, at least 8 characters"
        type="password"
        autoComplete="new-password"
        placeholder={isNew ? '' : 'Empty: stays as it is'}
        maxLength={256}
        value={wish.password}
        error={problemOf('password')}
        data-testid="extension-password"
        onChange={({ target: { value } }) => set({ password: value })}
      />
      <div className={section.fields}>
        <TextField
          label="Identity in rooms (optional)"
          placeholder="ann"
          maxLength={128}
          value={wish.identity}
          error={problemOf('identity')}
          onChange={({ target: { value } }) => set({ identity: value.trim() })}
        />
        <TextField
          label="Phones at once"
          inputMode="numeric"
          value={wish.maxContacts}
          error={problemOf('maxContacts')}
          onChange={({ target: { value } }) => set({ maxContacts: value })}
        />
      </div>
    </>
  );
}

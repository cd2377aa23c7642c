import type { Participant } from '@parley/client-sdk';
import { Paperclip, SendHorizontal, Users, X } from 'lucide-react';
import { useRef, type ClipboardEvent, type KeyboardEvent } from 'react';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Attachments, Uploads } from './Attachments.tsx';
import styles from './Composer.module.css';
import { EVERYBODY, useComposer, type Composing } from './useComposer.ts';

const MAX_LENGTH = 4000;

/** Where one writes. Enter sends, Shift and Enter begin a new line. */
export function Composer({ draft, attachments, onDone }: Composing) {
  const composer = useComposer({ draft, attachments, onDone });
  const { text, setText, receivers, mayWrite, mayAttach, send } = composer;
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {draft.kind !== 'new' && (
        <p className={styles.about}>
          {draft.kind === 'edit' ? 'Edit your message' : `Reply to ${draft.message.from.displayName}`}
          <IconButton label="Do not" icon={X} look="quiet" onClick={onDone} />
        </p>
      )}
      {receivers.length > 0 && draft.kind === 'new' && (
        <ReceiverSelect receivers={receivers} to={composer.to} onChange={composer.setTo} />
      )}
      <Uploads uploads={composer.uploads} />
      {mayAttach && <Attachments attachments={attachments} />}
      <div className={styles.row}>
        {mayAttach && <AttachButton onFiles={attachments.add} />}
        <TextBox
          text={text}
          disabled={!mayWrite}
          onChange={setText}
          onEnter={send}
          onFiles={mayAttach ? attachments.add : undefined}
        />
        <IconButton
          type="submit"
          label="Send"
          icon={SendHorizontal}
          look="active"
          disabled={!mayWrite || composer.isEmpty}
          data-testid="chat-send"
        />
      </div>
    </form>
  );
}

function ReceiverSelect(props: { receivers: Participant[]; to: string; onChange: (to: string) => void }) {
  const people = props.receivers.map(({ participantId, displayName }) => ({
    value: participantId,
    label: `Only to ${displayName}`,
  }));
  return (
    <Select
      label="To"
      icon={Users}
      value={props.to}
      options={[{ value: EVERYBODY, label: 'To everybody here' }, ...people]}
      onChange={props.onChange}
    />
  );
}

function AttachButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="chat-file-input"
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      <IconButton
        label="Add files"
        icon={Paperclip}
        look="quiet"
        data-testid="chat-attach"
        onClick={() => input.current?.click()}
      />
    </>
  );
}

interface TextBoxProps {
  text: string;
  disabled: boolean;
  onChange: (text: string) => void;
  onEnter: () => void;
  /** Files were pasted. */
  onFiles: ((files: Iterable<File>) => void) | undefined;
}

function TextBox({ text, disabled, onChange, onEnter, onFiles }: TextBoxProps) {
  const handlePaste = (event: ClipboardEvent) => {
    const { files } = event.clipboardData;
    if (!onFiles || files.length === 0) return;
    event.preventDefault();
    onFiles([...files]);
  };
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <textarea
      className={styles.text}
      rows={2}
      maxLength={MAX_LENGTH}
      placeholder={disabled ? 'Only hosts may write to all here' : 'Write a message'}
      aria-label="Message"
      disabled={disabled}
      data-testid="chat-text"
      value={text}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={handleKeyDown}
      onPaste={handlePaste}
    />
  );
}

import type { ChatMessage, Participant } from '@parley/client-sdk';
import { useParticipants, useRoomState } from '@parley/client-sdk/react';
import { SendHorizontal, Users, X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { useAct } from '../useAct.ts';
import styles from './Composer.module.css';

export type Draft =
  { kind: 'new' } | { kind: 'reply'; message: ChatMessage } | { kind: 'edit'; message: ChatMessage };

const MAX_LENGTH = 4000;
const EVERYBODY = '';

interface Props {
  draft: Draft;
  onDone: () => void;
}

/** Where one writes. Enter sends, Shift and Enter begin a new line. */
export function Composer({ draft, onDone }: Props) {
  const room = useRoomState();
  const act = useAct();
  const [text, setText] = useDraftText(draft);
  const [to, setTo] = useState(EVERYBODY);
  const receivers = useReceivers();
  const receiver = receivers.find(({ participantId }) => participantId === to);
  const mayWrite = receiver !== undefined || room.permissions.canChat;

  const send = () => {
    if (text.trim() === '') return;
    const { chat } = room;
    const options = {
      ...(receiver && { to: receiver.participantId }),
      ...(draft.kind === 'reply' && { replyTo: draft.message.messageId }),
    };
    act(draft.kind === 'edit' ? chat.edit(draft.message.messageId, text) : chat.send(text, options));
    setText('');
    onDone();
  };

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
        <ReceiverSelect receivers={receivers} to={receiver ? to : EVERYBODY} onChange={setTo} />
      )}
      <div className={styles.row}>
        <TextBox text={text} disabled={!mayWrite} onChange={setText} onEnter={send} />
        <IconButton
          type="submit"
          label="Send"
          icon={SendHorizontal}
          look="active"
          disabled={!mayWrite || text.trim() === ''}
          data-testid="chat-send"
        />
      </div>
    </form>
  );
}

/** What is being written; the message that is edited, once one begins to. */
function useDraftText(draft: Draft): [string, (text: string) => void] {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(draft);
  if (draft !== shown) {
    setShown(draft);
    if (draft.kind !== 'reply') setText(draft.kind === 'edit' ? draft.message.text : '');
  }
  return [text, setText];
}

/** Those whom one may write to alone. */
function useReceivers(): Participant[] {
  const room = useRoomState();
  const { privateChat } = room.info.settings;
  const toAll = privateChat === 'everyone' || room.permissions.roomAdmin;
  return useParticipants().filter(
    ({ isLocal, role }) =>
      !isLocal && (toAll || (privateChat === 'withHosts' && (role === 'host' || role === 'owner'))),
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

interface TextBoxProps {
  text: string;
  disabled: boolean;
  onChange: (text: string) => void;
  onEnter: () => void;
}

function TextBox({ text, disabled, onChange, onEnter }: TextBoxProps) {
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
    />
  );
}

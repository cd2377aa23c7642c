import type { ChatMessage, Participant } from '@parley/client-sdk';
import { useParticipants, useRoomState } from '@parley/client-sdk/react';
import { useState, type Dispatch, type SetStateAction } from 'react';
import { useAct } from '../useAct.ts';
import type { Attachments } from './useAttachments.ts';
import { useUploads } from './useUploads.ts';

export type Draft =
  { kind: 'new' } | { kind: 'reply'; message: ChatMessage } | { kind: 'edit'; message: ChatMessage };

/** In place of a participantId. */
export const EVERYBODY = '';

export interface Composing {
  draft: Draft;
  attachments: Attachments;
  /** The draft was sent or given up. */
  onDone: () => void;
}

/** The message that is being written: to whom, with what, and whether it may be sent. */
export function useComposer({ draft, attachments, onDone }: Composing) {
  const room = useRoomState();
  const act = useAct();
  const [text, setText] = useDraftText(draft);
  const [to, setTo] = useState(EVERYBODY);
  const receivers = useReceivers();
  const receiver = receivers.find(({ participantId }) => participantId === to);
  const mayWrite = receiver !== undefined || room.permissions.canChat;
  const mayAttach = mayWrite && room.permissions.canUploadFiles && draft.kind !== 'edit';
  const files = mayAttach ? attachments.files : [];
  const isEmpty = text.trim() === '' && files.length === 0;
  const { uploads, start } = useUploads((message) => {
    attachments.add(message.files);
    setText((now) => (now === '' ? (message.text ?? '') : now));
  });

  /** What could not be sent is there again, unless something else was begun. */
  const giveBack = (unsent: string, error: unknown): never => {
    setText((now) => (now === '' ? unsent : now));
    throw error;
  };
  const send = () => {
    if (isEmpty || !mayWrite) return;
    const options = {
      ...(receiver && { to: receiver.participantId }),
      ...(draft.kind === 'reply' && { replyTo: draft.message.messageId }),
    };
    // What is edited stays until it has worked.
    if (draft.kind === 'edit') return act(room.chat.edit(draft.message.messageId, text).then(onDone));
    if (files.length > 0) start({ files, text, ...options });
    else act(room.chat.send(text, options).catch((error: unknown) => giveBack(text, error)));
    if (mayAttach) attachments.clear();
    setText('');
    onDone();
  };
  return {
    ...{ text, setText, receivers, setTo, mayWrite, mayAttach, isEmpty, uploads, send },
    to: receiver ? to : EVERYBODY,
  };
}

/** What is being written; the message that is edited, once one begins to. */
function useDraftText(draft: Draft): [string, Dispatch<SetStateAction<string>>] {
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

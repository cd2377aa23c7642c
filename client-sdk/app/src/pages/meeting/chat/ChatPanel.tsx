import type { ChatMessage } from '@parley/client-sdk';
import { useChat, useRoom } from '@parley/client-sdk/react';
import { useEffect, useLayoutEffect, useRef, useState, type DragEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { SidePanel } from '../../../ui/SidePanel.tsx';
import { useAct } from '../useAct.ts';
import styles from './ChatPanel.module.css';
import { Composer } from './Composer.tsx';
import { Message } from './Message.tsx';
import { useAttachments } from './useAttachments.ts';
import type { Draft } from './useComposer.ts';

interface Props {
  onClose: () => void;
  /** What is shown has been read. */
  onRead: () => void;
}

/** The messages of the place one is in, and those to and from oneself. */
export function ChatPanel({ onClose, onRead }: Props) {
  const chat = useChat();
  const room = useRoom();
  const act = useAct();
  const [draft, setDraft] = useState<Draft>({ kind: 'new' });
  const [clearing, setClearing] = useState(false);
  const { messages } = chat;
  const list = useStickToEnd(messages);
  const attachments = useAttachments();
  const drop = useDrop(room.permissions.canUploadFiles && draft.kind !== 'edit', attachments.add);
  useEffect(onRead, [messages, onRead]);
  const find = (messageId: string | null) => messages.find((message) => message.messageId === messageId);

  return (
    <SidePanel title="Chat" testId="chat-panel" onClose={onClose}>
      <div className={classes(styles.chat, drop.isOver && styles.over)} {...drop.handlers}>
        <ol ref={list} className={styles.list} data-testid="chat-messages">
          {chat.hasOlder && (
            <li className={styles.older}>
              <Button look="quiet" onClick={() => act(chat.loadOlder())}>
                Earlier messages
              </Button>
            </li>
          )}
          {messages.length === 0 && <li className={styles.empty}>Nothing was written yet.</li>}
          {messages.map((message) => (
            <Message
              key={message.messageId}
              message={message}
              answered={find(message.replyTo)}
              onReply={() => setDraft({ kind: 'reply', message })}
              onEdit={() => setDraft({ kind: 'edit', message })}
            />
          ))}
        </ol>
        <Composer draft={draft} attachments={attachments} onDone={() => setDraft({ kind: 'new' })} />
      </div>
      {room.permissions.roomAdmin && messages.length > 0 && (
        <Button look="quiet" onClick={() => setClearing(true)}>
          Delete all messages…
        </Button>
      )}
      {clearing && (
        <ConfirmDialog
          title="Delete all messages?"
          text="Everybody loses the messages to all of this meeting. It cannot be undone."
          choices={[{ label: 'Delete all', look: 'danger', onChoose: () => act(chat.clear()) }]}
          onClose={() => setClearing(false)}
        />
      )}
    </SidePanel>
  );
}

/** Stays at the newest message, unless one has scrolled back to read. */
function useStickToEnd(messages: readonly ChatMessage[]) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    const handleScroll = () => {
      if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    };
    element?.addEventListener('scroll', handleScroll);
    // What is written below may take some of its height.
    const observer = new ResizeObserver(() => {
      if (element && atEnd.current) element.scrollTop = element.scrollHeight;
    });
    if (element) observer.observe(element);
    return () => {
      element?.removeEventListener('scroll', handleScroll);
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [messages]);
  return list;
}

/** Files that are let fall here. */
function useDrop(allowed: boolean, onFiles: (files: Iterable<File>) => void) {
  const [isOver, setOver] = useState(false);
  const hasFiles = ({ dataTransfer }: DragEvent) => allowed && dataTransfer.types.includes('Files');
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      onFiles(event.dataTransfer.files);
    },
  };
  return { isOver, handlers };
}

import type { ChatMessage } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import { linkify } from '../../../lib/linkify.ts';
import { classes } from '../../../ui/classes.ts';
import { Menu } from '../../../ui/Menu.tsx';
import { REACTIONS } from '../reactions.ts';
import { useAct } from '../useAct.ts';
import styles from './Message.module.css';
import { MessageFiles } from './MessageFiles.tsx';

interface Props {
  message: ChatMessage;
  /** The message it answers, where that is shown, too. */
  answered: ChatMessage | undefined;
  onReply: () => void;
  onEdit: () => void;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

export function Message({ message, answered, onReply, onEdit }: Props) {
  const room = useRoom();
  const { from, to, text, sentAt, editedAt, deletedAt } = message;
  const own = from.identity === room.localParticipant.identity;
  return (
    <li className={classes(styles.message, own && styles.own)} data-testid="chat-message">
      <header className={styles.header}>
        <span className={styles.from}>{own ? 'You' : from.displayName}</span>
        {to !== null && (
          <span className={styles.private}>{own ? `only to ${to.displayName}` : 'only to you'}</span>
        )}
        <time className={styles.time}>
          {clock.format(sentAt)}
          {editedAt !== null && deletedAt === null && ' · edited'}
        </time>
      </header>
      {answered && (
        <blockquote className={styles.quote}>
          <b>{answered.from.displayName}</b> {quoteOf(answered)}
        </blockquote>
      )}
      {deletedAt !== null && <p className={styles.deleted}>This message was deleted.</p>}
      {text !== '' && <Text text={text} />}
      <MessageFiles files={message.files} />
      {deletedAt === null && (
        <footer className={styles.footer}>
          <Reactions message={message} />
          <Tools message={message} own={own} onReply={onReply} onEdit={onEdit} />
        </footer>
      )}
    </li>
  );
}

/** What is shown of a message that another answers. */
const quoteOf = ({ text, files, deletedAt }: ChatMessage): string =>
  deletedAt !== null ? 'deleted' : text || files.map(({ name }) => name).join(', ');

function Text({ text }: { text: string }) {
  return (
    <p className={styles.text}>
      {linkify(text).map((part, index) =>
        part.kind === 'text' ? (
          <span key={index}>{part.text}</span>
        ) : (
          <a key={index} href={part.url} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
    </p>
  );
}

function Reactions({ message: { messageId, reactions } }: { message: ChatMessage }) {
  const room = useRoom();
  const act = useAct();
  const { identity } = room.localParticipant;
  return reactions.map(({ emoji, identities }) => {
    const own = identities.includes(identity);
    return (
      <button
        key={emoji}
        type="button"
        className={classes(styles.reaction, own && styles.chosen)}
        aria-pressed={own}
        aria-label={`${emoji}, ${identities.length}`}
        onClick={() => act(room.chat.react(messageId, emoji, !own))}
      >
        {emoji} {identities.length}
      </button>
    );
  });
}

interface ToolsProps extends Pick<Props, 'message' | 'onReply' | 'onEdit'> {
  own: boolean;
}

function Tools({ message: { messageId }, own, onReply, onEdit }: ToolsProps) {
  const room = useRoom();
  const act = useAct();
  const mayDelete = own || room.permissions.roomAdmin;
  return (
    <span className={styles.tools}>
      <Menu
        label="React"
        below
        sections={[
          {
            items: REACTIONS.map(({ emoji, name }) => ({
              key: emoji,
              label: `${emoji} ${name}`,
              onSelect: () => act(room.chat.react(messageId, emoji, true)),
            })),
          },
        ]}
        trigger={(props) => (
          <button {...props} type="button" className={styles.tool} aria-label="React">
            <SmilePlus size={16} aria-hidden />
          </button>
        )}
      />
      <button type="button" className={styles.tool} aria-label="Reply" onClick={onReply}>
        <Reply size={16} aria-hidden />
      </button>
      {own && (
        <button type="button" className={styles.tool} aria-label="Edit" onClick={onEdit}>
          <Pencil size={16} aria-hidden />
        </button>
      )}
      {mayDelete && (
        <button
          type="button"
          className={styles.tool}
          aria-label="Delete"
          onClick={() => act(room.chat.delete(messageId))}
        >
          <Trash2 size={16} aria-hidden />
        </button>
      )}
    </span>
  );
}

import type { HistoryMessage, RoomAdmin } from '@parley/client-sdk';
import { Paperclip } from 'lucide-react';
import { useCallback } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { linkify } from '../../../lib/linkify.ts';
import { formatMoment } from '../../../lib/moments.ts';
import { Avatar } from '../../../ui/Avatar.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import styles from './history.module.css';

interface Props {
  admin: RoomAdmin;
  meetingId: string;
}

/** What was written to all. */
export function MeetingChat({ admin, meetingId }: Props) {
  const pages = usePages<HistoryMessage>(
    useCallback((page) => admin.listMessages(meetingId, page), [admin, meetingId]),
  );
  return (
    <section className={section.section} aria-labelledby="meeting-chat" data-testid="meeting-chat">
      <h2 className={section.heading} id="meeting-chat">
        Chat
      </h2>
      <PagesView pages={pages} empty={<p className={section.hint}>Nothing was written to all.</p>}>
        {(messages) => (
          <ol className={styles.messages}>
            {messages.map((message) => (
              <MessageItem
                key={message.messageId}
                message={message}
                urlOf={(fileId) => admin.meetingFileUrl(meetingId, fileId)}
              />
            ))}
          </ol>
        )}
      </PagesView>
    </section>
  );
}

function MessageItem(props: { message: HistoryMessage; urlOf: (fileId: string) => string }) {
  const { message, urlOf } = props;
  const { from, text, sentAt, editedAt, breakoutId, files } = message;
  return (
    <li className={styles.message}>
      <Avatar identity={from.identity} displayName={from.displayName} size={32} />
      <div className={section.text}>
        <span className={section.words}>
          <strong className={styles.author}>{from.displayName}</strong> {formatMoment(sentAt)}
          {breakoutId !== null && ' · in a breakout room'}
          {editedAt !== null && ' · edited'}
        </span>
        {text !== '' && (
          <p className={styles.said}>
            {linkify(text).map((part, index) =>
              part.kind === 'text' ? (
                part.text
              ) : (
                <a key={index} href={part.url} target="_blank" rel="noopener noreferrer nofollow">
                  {part.text}
                </a>
              ),
            )}
          </p>
        )}
        {files.map(({ fileId, name }) => (
          <span key={fileId} className={styles.attached}>
            <Paperclip size={15} aria-hidden />{' '}
            <a href={urlOf(fileId)} download={name}>
              {name}
            </a>
          </span>
        ))}
      </div>
    </li>
  );
}

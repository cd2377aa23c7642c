import type { PollInfo } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { SidePanel } from '../../../ui/SidePanel.tsx';
import { useAct } from '../useAct.ts';
import { PollForm } from './PollForm.tsx';
import styles from './PollsPanel.module.css';

/** Questions to everybody. */
export function PollsPanel({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  const [asking, setAsking] = useState(false);
  const isHost = room.permissions.roomAdmin;
  const { list } = room.polls;
  return (
    <SidePanel title="Polls" count={list.length} testId="polls-panel" onClose={onClose}>
      <ul className={styles.list}>
        {list.length === 0 && (
          <li className={styles.hint}>{isHost ? 'Ask everybody a question.' : 'There is no poll yet.'}</li>
        )}
        {list.map((poll) => (
          <Poll key={poll.pollId} poll={poll} />
        ))}
      </ul>
      {isHost &&
        (asking ? (
          <PollForm onDone={() => setAsking(false)} />
        ) : (
          <Button look="primary" data-testid="new-poll" onClick={() => setAsking(true)}>
            New poll
          </Button>
        ))}
    </SidePanel>
  );
}

function Poll({ poll }: { poll: PollInfo }) {
  const room = useRoomState();
  const act = useAct();
  const { pollId, question, options, own, open, multiple, anonymous, voters, resultsShown } = poll;
  const choose = (index: number) => {
    const others = multiple ? own.filter((option) => option !== index) : [];
    act(room.polls.vote(pollId, own.includes(index) ? others : [...others, index]));
  };
  return (
    <li className={styles.poll} data-testid="poll">
      <h3 className={styles.question}>{question}</h3>
      <p className={styles.hint}>
        {[
          anonymous ? 'Anonymous' : '',
          multiple ? 'several answers' : '',
          `${voters} voted`,
          open ? '' : 'closed',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {options.map(({ text, votes, names }, index) => (
        <button
          key={index}
          type="button"
          className={styles.option}
          aria-pressed={own.includes(index)}
          disabled={!open}
          title={names.join(', ')}
          data-testid="poll-option"
          onClick={() => choose(index)}
        >
          {votes !== null && (
            <span className={styles.bar} style={{ width: `${voters === 0 ? 0 : (votes / voters) * 100}%` }} />
          )}
          <span className={styles.optionText}>{text}</span>
          {votes !== null && <span className={styles.votes}>{votes}</span>}
        </button>
      ))}
      {room.permissions.roomAdmin && (
        <div className={styles.tools}>
          {open && <Button onClick={() => act(room.polls.close(pollId))}>Close</Button>}
          <Button
            data-testid="show-results"
            onClick={() => act(room.polls.showResults(pollId, !resultsShown))}
          >
            {resultsShown ? 'Hide results' : 'Show results'}
          </Button>
          <Button look="quiet" onClick={() => act(room.polls.delete(pollId))}>
            Delete
          </Button>
        </div>
      )}
    </li>
  );
}

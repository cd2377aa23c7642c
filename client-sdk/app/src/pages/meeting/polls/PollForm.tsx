import { useRoom } from '@parley/client-sdk/react';
import { useState, type SyntheticEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Switch, TextField } from '../../../ui/Field.tsx';
import { useAct } from '../useAct.ts';
import styles from './PollsPanel.module.css';

const MOST = 10;

/** A new question. There is always one empty answer more, up to the most. */
export function PollForm({ onDone }: { onDone: () => void }) {
  const { polls } = useRoom();
  const act = useAct();
  const [question, setQuestion] = useState('');
  const [answers, setAnswers] = useState<readonly string[]>(['', '']);
  const [multiple, setMultiple] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [busy, setBusy] = useState(false);
  const options = answers.map((answer) => answer.trim()).filter((answer) => answer !== '');
  const valid = question.trim() !== '' && options.length >= 2;

  const setAnswer = (index: number, text: string) => {
    const next = answers.map((answer, at) => (at === index ? text : answer));
    setAnswers(next.at(-1) !== '' && next.length < MOST ? [...next, ''] : next);
  };
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!valid || busy) return;
    setBusy(true);
    // It stays as it was typed when it is refused.
    const created = polls.create({ question: question.trim(), options, multiple, anonymous });
    act(created.then(onDone).finally(() => setBusy(false)));
  };
  return (
    <form className={styles.form} onSubmit={handleSubmit}>
      <TextField
        label="Question"
        autoFocus
        maxLength={500}
        value={question}
        data-testid="poll-question"
        onChange={(event) => setQuestion(event.target.value)}
      />
      {answers.map((answer, index) => (
        <TextField
          key={index}
          label={`Answer ${index + 1}`}
          maxLength={200}
          value={answer}
          data-testid="poll-answer"
          onChange={(event) => setAnswer(index, event.target.value)}
        />
      ))}
      <Switch label="Several answers" checked={multiple} onChange={setMultiple} />
      <Switch
        label="Anonymous"
        hint="Nobody learns who chose what"
        checked={anonymous}
        onChange={setAnonymous}
      />
      <div className={styles.tools}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!valid || busy} data-testid="ask-poll">
          Ask
        </Button>
      </div>
    </form>
  );
}

import type { CallRecord } from '@parley/client-sdk';
import { ArrowUpDown, Download, PhoneCall, PhoneIncoming, PhoneOutgoing } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { ANY_CALL, callFilterOf, isAnyCall, type CallWish } from '../../../lib/callFilter.ts';
import { formatMoment, formatSpan } from '../../../lib/moments.ts';
import { formatNumber } from '../../../lib/phoneNumbers.ts';
import { endWords, mosGrade, qualityWords } from '../../../lib/trunkTexts.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import button from '../../../ui/Button.module.css';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Select } from '../../../ui/Select.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import styles from './phones.module.css';

/** Calls as they were, leg by leg, and those that go on. */
export function CallSection() {
  const [wish, setWish] = useState(ANY_CALL);
  const filter = useMemo(() => callFilterOf(wish), [wish]);
  const pages = usePages<CallRecord>(
    useCallback((page) => server.phones.listCalls({ ...filter, ...page }), [filter]),
  );
  const [cleared, setCleared] = useState(0);
  const clear = () => {
    setWish(ANY_CALL);
    setCleared(cleared + 1);
  };
  return (
    <section className={section.section} aria-label="Calls" data-testid="call-records">
      {/* What stands in its fields goes, too, when it is cleared. */}
      <Filter key={cleared} wish={wish} onChange={setWish} />
      <div className={section.actions}>
        {/* A file of the server, and no page of the app. */}
        <a
          href={server.phones.callsTableUrl(filter)}
          download="calls.csv"
          className={classes(button.button, button.secondary, button.medium)}
          data-testid="calls-csv"
        >
          <Download size={18} aria-hidden /> Save as a table (CSV)
        </a>
        <Button onClick={pages.reload}>Look again</Button>
      </div>
      <PagesView pages={pages} empty={isAnyCall(wish) ? NO_CALLS : <NoneFits onClear={clear} />}>
        {(calls) => (
          <ul className={section.list}>
            {calls.map((call) => (
              <CallRow key={call.callId} call={call} />
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}

const NO_CALLS = (
  <EmptyState
    icon={PhoneCall}
    title="No calls"
    text="Calls stand here as they go on and after they have ended, as long as meetings are kept. Those that never arrived are under Refused."
  />
);

function NoneFits({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={PhoneCall}
      title="No call fits"
      text="There may be others, which this filter leaves out."
    >
      <Button data-testid="clear-filter" onClick={onClear}>
        Show all calls
      </Button>
    </EmptyState>
  );
}

const DIRECTIONS = [
  { value: '', label: 'In and out' },
  { value: 'in', label: 'Calls that came in' },
  { value: 'out', label: 'Calls that were made' },
];
const ANSWERED = [
  { value: '', label: 'Answered or not' },
  { value: 'true', label: 'Answered' },
  { value: 'false', label: 'Not answered' },
];

function Filter({ wish, onChange }: { wish: CallWish; onChange: (wish: CallWish) => void }) {
  const [number, setNumber] = useState(wish.number);
  const search = () => {
    if (number !== wish.number) onChange({ ...wish, number });
  };
  return (
    <form
      className={styles.filter}
      aria-label="Which calls"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <Select
        label="Direction"
        icon={ArrowUpDown}
        value={wish.direction}
        options={DIRECTIONS}
        onChange={(direction) => onChange({ ...wish, direction })}
      />
      <Select
        label="Answered"
        icon={PhoneCall}
        value={wish.answered}
        options={ANSWERED}
        onChange={(answered) => onChange({ ...wish, answered })}
      />
      <TextField
        label="Number of either end"
        placeholder="+493012345678"
        type="search"
        enterKeyHint="search"
        maxLength={64}
        value={number}
        data-testid="filter-number"
        onChange={(event) => setNumber(event.target.value)}
        onBlur={search}
      />
    </form>
  );
}

function CallRow({ call }: { call: CallRecord }) {
  const { direction, from, to, startedAt, answeredAt, endedAt, room, trunkId, extension } = call;
  const Icon = direction === 'in' ? PhoneIncoming : PhoneOutgoing;
  const end = endedAt ?? startedAt;
  const words = [
    formatMoment(startedAt),
    answeredAt !== null && endedAt !== null && formatSpan(end - answeredAt),
    endWords(call),
    trunkId ?? extension ?? false,
  ].filter((part) => part !== false);
  return (
    <li className={styles.entry} data-testid="call-record" data-state={call.state}>
      <Icon
        size={20}
        role="img"
        aria-label={direction === 'in' ? 'Came in' : 'Was made'}
        className={answeredAt === null && endedAt !== null ? styles.unanswered : styles.answered}
      />
      <div className={section.text}>
        <span className={section.name}>
          {formatNumber(from) || 'Withheld'} → {formatNumber(to)}
        </span>
        <span className={section.words}>{words.join(' · ')}</span>
        {room !== null && (
          <span className={section.words}>
            Room <AppLink href={pathOfPlace({ room })}>{room}</AppLink>
          </span>
        )}
      </div>
      <Quality call={call} />
    </li>
  );
}

function Quality({ call: { quality } }: { call: CallRecord }) {
  const words = qualityWords(quality);
  if (words === '') return null;
  return (
    <div className={styles.quality}>
      {quality.mos !== null && <MosMeter mos={quality.mos} />}
      <span className={section.words}>{words}</span>
    </div>
  );
}

/** A coloured bar, a figure and a word; the word says all that the colour does. */
function MosMeter({ mos }: { mos: number }) {
  const { grade, words, share } = mosGrade(mos);
  return (
    <span className={styles.mos} title="How it sounded, 1 to 4.5 (MOS, by the E-model)">
      <span className={styles.meter} aria-hidden="true">
        <span className={classes(styles.level, styles[grade])} style={{ width: `${share * 100}%` }} />
      </span>
      {words}, {mos.toFixed(1)}
    </span>
  );
}

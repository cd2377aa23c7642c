import { useState, type SyntheticEvent } from 'react';
import { fromLocalField, toLocalField } from '../../../lib/localMoment.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import type { SettingsProps } from './SettingControls.tsx';
import styles from './settings.module.css';

/** Between which moments others than hosts may come in. */
export function HoursSettings({ settings, onChange }: SettingsProps) {
  const { opensAt, closesAt } = settings;
  const [opens, setOpens] = useState(toLocalField(opensAt));
  const [closes, setCloses] = useState(toLocalField(closesAt));
  const [from, until] = [fromLocalField(opens), fromLocalField(closes)];
  const isBackwards = from !== null && until !== null && until <= from;
  const same = from === opensAt && until === closesAt;
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    onChange({ opensAt: from, closesAt: until });
  };
  const clear = () => {
    setOpens('');
    setCloses('');
    onChange({ opensAt: null, closesAt: null });
  };
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>When people may come in</h3>
      <p className={styles.note}>
        Hosts may always. Leave a field empty, and there is no limit on that side.
      </p>
      <form className={styles.hours} onSubmit={handleSubmit}>
        <TextField
          label="Opens"
          type="datetime-local"
          value={opens}
          data-testid="opens-at"
          onChange={(event) => setOpens(event.target.value)}
        />
        <TextField
          label="Closes"
          type="datetime-local"
          value={closes}
          error={isBackwards ? 'It has to close after it opens.' : null}
          data-testid="closes-at"
          onChange={(event) => setCloses(event.target.value)}
        />
        <div className={styles.withButton}>
          <Button type="submit" disabled={same || isBackwards} data-testid="save-hours">
            Save
          </Button>
          {(opensAt !== null || closesAt !== null) && (
            <Button look="quiet" data-testid="clear-hours" onClick={clear}>
              Open at any time
            </Button>
          )}
        </div>
      </form>
    </section>
  );
}

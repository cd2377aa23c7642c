import type { TrunkInfo } from '@parley/client-sdk';
import { Hash, KeyRound, Network } from 'lucide-react';
import { useState } from 'react';
import {
  TRUNK_FIELDS,
  trunkBodyOf,
  trunkProblems,
  trunkWishOf,
  type TrunkWish,
} from '../../../lib/phoneForms.ts';
import { nameFromTitle } from '../../../lib/roomNames.ts';
import { Switch, TextField } from '../../../ui/Field.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import section from '../section.module.css';
import { server } from '../server.ts';
import { EntryForm } from './EntryForm.tsx';
import styles from './phones.module.css';

interface Props {
  /** null: a new one. */
  trunk: TrunkInfo | null;
  taken: readonly string[];
  onSaved: () => void;
  onClose: () => void;
}

interface FieldsProps {
  wish: TrunkWish;
  set: (change: Partial<TrunkWish>) => void;
  problemOf: (field: string) => string | null;
  isNew: boolean;
}

/** All of a trunk that people change; what stands in none of the fields stays as it is. */
export function TrunkForm({ trunk, taken, onSaved, onClose }: Props) {
  const [wish, setWish] = useState(() => trunkWishOf(trunk));
  const isNew = trunk === null;
  const save = async () => {
    await server.phones.putTrunk(wish.trunkId, trunkBodyOf(wish, trunk));
    onSaved();
  };
  return (
    <EntryForm
      title={isNew ? 'New trunk' : `Trunk ${trunk.trunkId}`}
      problems={trunkProblems(wish, isNew ? taken : [])}
      fields={TRUNK_FIELDS}
      onSave={save}
      onClose={onClose}
    >
      {(problemOf) => {
        const props = {
          wish,
          problemOf,
          isNew,
          set: (change: Partial<TrunkWish>) => setWish({ ...wish, ...change }),
        };
        return (
          <>
            <NameFields {...props} />
            <InboundFields {...props} />
            <OutboundFields {...props} />
            <RegistrationFields {...props} />
            <MoreFields {...props} />
          </>
        );
      }}
    </EntryForm>
  );
}

function NameFields({ wish, set, problemOf, isNew }: FieldsProps) {
  const [ownId, setOwnId] = useState(!isNew);
  return (
    <>
      <TextField
        label="Name, for people"
        placeholder="Berlin"
        data-autofocus
        maxLength={64}
        value={wish.name}
        error={problemOf('name')}
        data-testid="trunk-name"
        onChange={({ target: { value } }) =>
          set({ name: value, ...(!ownId && { trunkId: nameFromTitle(value) }) })
        }
      />
      <div className={section.fields}>
        <TextField
          label="Name, for programs"
          placeholder="berlin"
          disabled={!isNew}
          maxLength={64}
          value={wish.trunkId}
          error={problemOf('trunkId')}
          data-testid="trunk-id"
          onChange={({ target: { value } }) => {
            setOwnId(true);
            set({ trunkId: value });
          }}
        />
        <TextField
          label="Country of its numbers"
          placeholder="DE"
          maxLength={2}
          value={wish.country}
          error={problemOf('country')}
          data-testid="trunk-country"
          onChange={({ target: { value } }) => set({ country: value.toUpperCase() })}
        />
      </div>
      <Switch label="In use" checked={wish.enabled} onChange={(enabled) => set({ enabled })} />
    </>
  );
}

function InboundFields({ wish, set, problemOf }: FieldsProps) {
  const { in: inbound } = wish;
  const change = (patch: Partial<TrunkWish['in']>) => set({ in: { ...inbound, ...patch } });
  return (
    <fieldset className={styles.group}>
      <Switch label="Calls come in" checked={inbound.on} onChange={(on) => change({ on })} />
      {inbound.on && (
        <>
          <TextArea
            label="Numbers that are called: one a line, * for any"
            rows={2}
            value={inbound.numbers}
            error={problemOf('inbound/numbers')}
            data-testid="trunk-numbers"
            onChange={({ target: { value } }) => change({ numbers: value })}
          />
          <TextArea
            label="Addresses that calls come from, beside those below"
            placeholder="203.0.113.0/28"
            rows={2}
            value={inbound.addresses}
            error={problemOf('inbound/allowedAddresses')}
            data-testid="trunk-addresses"
            onChange={({ target: { value } }) => change({ addresses: value })}
          />
          <Credentials
            hint="Where callers have to show a password (optional)"
            {...inbound}
            problemOf={(field) => problemOf(`inbound/auth/${field}`)}
            onChange={change}
          />
        </>
      )}
    </fieldset>
  );
}

interface CredentialsProps {
  hint: string;
  username: string;
  password: string;
  problemOf: FieldsProps['problemOf'];
  onChange: (patch: { username?: string; password?: string }) => void;
}

function Credentials({ hint, username, password, problemOf, onChange }: CredentialsProps) {
  return (
    <>
      <p className={section.hint}>{hint}</p>
      <div className={section.fields}>
        <TextField
          label="User"
          autoComplete="off"
          maxLength={128}
          value={username}
          error={problemOf('username')}
          onChange={({ target: { value } }) => onChange({ username: value })}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          placeholder="Empty: stays as it is"
          maxLength={256}
          value={password}
          error={problemOf('password')}
          onChange={({ target: { value } }) => onChange({ password: value })}
        />
      </div>
    </>
  );
}

const TRANSPORTS = [
  { value: 'udp', label: 'By UDP' },
  { value: 'tcp', label: 'By TCP' },
  { value: 'tls', label: 'By TLS, encrypted' },
];
const FORMATS = [
  { value: 'e164', label: 'Numbers as +4930…' },
  { value: 'digits', label: 'Numbers as 4930…' },
  { value: 'national', label: 'Numbers as 030…' },
];

function OutboundFields({ wish, set, problemOf }: FieldsProps) {
  const { out } = wish;
  const change = (patch: Partial<TrunkWish['out']>) => set({ out: { ...out, ...patch } });
  return (
    <fieldset className={styles.group}>
      <Switch label="Calls go out" checked={out.on} onChange={(on) => change({ on })} />
      {out.on && (
        <>
          <TextField
            label="Server of the carrier"
            placeholder="sip.example.org"
            value={out.address}
            error={problemOf('outbound/address')}
            data-testid="trunk-address"
            onChange={({ target: { value } }) => change({ address: value.trim() })}
          />
          <div className={section.pair}>
            <Select
              label="Transport"
              icon={Network}
              value={out.transport}
              options={TRANSPORTS}
              onChange={(transport) => change({ transport })}
            />
            <Select
              label="How it wants numbers"
              icon={Hash}
              value={out.format}
              options={FORMATS}
              onChange={(format) => change({ format })}
            />
          </div>
          <Credentials
            hint="Of your account, where there is one"
            {...out}
            problemOf={(field) => problemOf(`outbound/auth/${field}`)}
            onChange={change}
          />
          <LimitFields out={out} change={change} problemOf={problemOf} />
        </>
      )}
    </fieldset>
  );
}

interface LimitProps extends Pick<FieldsProps, 'problemOf'> {
  out: TrunkWish['out'];
  change: (patch: Partial<TrunkWish['out']>) => void;
}

/** Who may be called, how long, and as which number. */
function LimitFields({ out, change, problemOf }: LimitProps) {
  return (
    <>
      <TextArea
        label="Beginnings of numbers that may be called; none: nobody can be called"
        placeholder="+49"
        rows={2}
        value={out.prefixes}
        error={problemOf('outbound/prefixes')}
        data-testid="trunk-prefixes"
        onChange={({ target: { value } }) => change({ prefixes: value })}
      />
      <div className={section.fields}>
        <TextField
          label="Number that is shown"
          placeholder="+493012345678"
          value={out.callerId}
          error={problemOf('outbound/callerId')}
          onChange={({ target: { value } }) => change({ callerId: value.replace(/\s/g, '') })}
        />
        <TextField
          label="Minutes a day, all together"
          inputMode="numeric"
          value={out.minutes}
          error={problemOf('outbound/minutesPerDay')}
          onChange={({ target: { value } }) => change({ minutes: value })}
        />
      </div>
    </>
  );
}

function RegistrationFields({ wish, set, problemOf }: FieldsProps) {
  const { register } = wish;
  const change = (patch: Partial<TrunkWish['register']>) => set({ register: { ...register, ...patch } });
  return (
    <fieldset className={styles.group}>
      <Switch
        label="Registers with the carrier"
        hint="Where the carrier wants that, as with an account at home"
        checked={register.on}
        onChange={(on) => change({ on })}
      />
      {register.on && (
        <>
          <div className={section.fields}>
            <TextField
              label="Registrar"
              placeholder="sip.example.org"
              value={register.registrar}
              error={problemOf('registration/registrar')}
              data-testid="trunk-registrar"
              onChange={({ target: { value } }) => change({ registrar: value.trim() })}
            />
            <TextField
              label="User"
              autoComplete="off"
              value={register.username}
              error={problemOf('registration/username')}
              data-testid="trunk-user"
              onChange={({ target: { value } }) => change({ username: value.trim() })}
            />
          </div>
          <Credentials
            hint="To sign in there; the user as above, where none is given"
            username={register.authName}
            password={register.password}
            problemOf={(field) => problemOf(`registration/auth/${field}`)}
            onChange={({ username, password }) =>
              change({
                ...(username !== undefined && { authName: username }),
                ...(password !== undefined && { password }),
              })
            }
          />
        </>
      )}
    </fieldset>
  );
}

const ENCRYPTION = [
  { value: 'off', label: 'Sound is not encrypted' },
  { value: 'optional', label: 'Sound is encrypted where both can' },
  { value: 'required', label: 'Sound is encrypted, or there is no call' },
];

function MoreFields({ wish, set, problemOf }: FieldsProps) {
  return (
    <fieldset className={styles.group}>
      <Select
        label="Encryption of sound"
        icon={KeyRound}
        value={wish.encryption}
        options={ENCRYPTION}
        onChange={(encryption) => set({ encryption })}
      />
      <div className={section.fields}>
        <TextField
          label="Calls at once"
          inputMode="numeric"
          value={wish.maxCalls}
          error={problemOf('maxCalls')}
          onChange={({ target: { value } }) => set({ maxCalls: value })}
        />
        <TextField
          label="Asked whether it is there, each s"
          inputMode="numeric"
          value={wish.optionsSeconds}
          error={problemOf('optionsSeconds')}
          onChange={({ target: { value } }) => set({ optionsSeconds: value })}
        />
      </div>
    </fieldset>
  );
}

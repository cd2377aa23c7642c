import type { TrunkState } from '@parley/protocol';
import { DigestClient } from '../stack/auth/DigestClient.ts';
import type { Core } from '../stack/agent/Core.ts';
import { OptionsProbe } from '../stack/registration/OptionsProbe.ts';
import { Registration, type RegistrationState } from '../stack/registration/Registration.ts';
import { sipUri, type TrunkLine } from './TrunkLine.ts';

export interface CareOptions {
  readonly core: Core;
  readonly changed: (state: TrunkState) => void;
}

/** Keeps a trunk registered where it wants that, and knows whether it is there. */
export class TrunkCare {
  readonly #line: TrunkLine;
  readonly #changed: (state: TrunkState) => void;
  readonly #registration: Registration | undefined;
  readonly #probe: OptionsProbe | undefined;
  /** What went wrong last, of either; one that is well does not hide that the other is not. */
  #notRegistered: string | null = null;
  #notReachable: string | null = null;
  #reachable: TrunkState['reachable'] = 'unknown';

  constructor(line: TrunkLine, { core, changed }: CareOptions) {
    this.#line = line;
    this.#changed = changed;
    this.#registration = registrationOf(line, core);
    this.#probe = probeOf(line, core);
    this.#registration?.on('state', (state) => this.#registered(state));
    this.#probe?.on('health', (isUp, text) => this.#health(isUp, text));
    this.#registration?.start();
    this.#probe?.start();
    this.#told();
  }

  get state(): TrunkState {
    return {
      trunkId: this.#line.trunk.trunkId,
      registration: wordOf(this.#registration?.state),
      reachable: this.#reachable,
      why: this.#notReachable ?? this.#notRegistered,
      calls: this.#line.calls,
    };
  }

  async stop(): Promise<void> {
    this.#probe?.stop();
    await this.#registration?.stop();
  }

  #registered(state: RegistrationState): void {
    if (state.state === 'failed') this.#notRegistered = `Registering failed: ${state.status} ${state.text}`;
    if (state.state === 'registered') this.#notRegistered = null;
    this.#told();
  }

  #health(isUp: boolean, text: string): void {
    this.#reachable = isUp ? 'up' : 'down';
    this.#notReachable = isUp ? null : `It does not answer: ${text}`;
    this.#told();
  }

  #told(): void {
    this.#changed(this.state);
  }
}

function registrationOf(line: TrunkLine, core: Core): Registration | undefined {
  const { registration } = line.trunk;
  if (!registration) return undefined;
  const { registrar, username, auth, expiresSeconds } = registration;
  return new Registration(core, {
    registrar: sipUri('', registrar),
    account: sipUri(username, registrar.replace(/:\d+$/, '')),
    path: { ...line.registrarPath, digest: new DigestClient(auth) },
    contactUser: username,
    expires: expiresSeconds,
  });
}

function probeOf(line: TrunkLine, core: Core): OptionsProbe | undefined {
  const { outbound, optionsSeconds } = line.trunk;
  if (!outbound || optionsSeconds === 0) return undefined;
  return new OptionsProbe(core, {
    target: sipUri('', outbound.address),
    from: sipUri('parley', line.domain),
    path: line.path,
    intervalMs: optionsSeconds * 1000,
  });
}

function wordOf(state: RegistrationState | undefined): TrunkState['registration'] {
  switch (state?.state) {
    case undefined:
    case 'ended':
      return 'off';
    case 'trying':
      return 'registering';
    case 'registered':
      return 'registered';
    case 'failed':
      return 'retrying';
  }
}

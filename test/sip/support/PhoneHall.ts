import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { Client } from '../../support/Client.ts';
import { joinToken } from '../../support/tokens.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { SeenPerson } from '../../pages/phoneProbe.ts';
import { Baresip, type PhoneOptions } from './Baresip.ts';
import { PhoneServer, type PhoneServerOptions } from './PhoneServer.ts';
import { wavOf } from './sound.ts';

/** What the microphone of browsers hears; a whole number of waves fits into the file, which is played again and again. */
export const MICROPHONE_HERTZ = 500;
/** A microphone that is sent as it is: what makes speech clearer takes away a tone. */
export const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** A tone of somebody is heard by a browser when it is louder, dB. */
const HEARD_DB = -50;

/** A server with phones, and all that a test opens beside it. */
export class PhoneHall {
  readonly server: PhoneServer;
  #browser: Promise<Browser> | undefined;
  readonly #folders: string[] = [];
  readonly #open: { close(): Promise<void> }[] = [];

  static async start(options: PhoneServerOptions = {}): Promise<PhoneHall> {
    return new PhoneHall(await PhoneServer.start(options));
  }

  private constructor(server: PhoneServer) {
    this.server = server;
  }

  /** A phone, until the test is over. */
  async phone(options: PhoneOptions): Promise<Baresip> {
    return this.keep(await Baresip.start(options));
  }

  /** A phone that has called. */
  async caller(number: string, options: PhoneOptions): Promise<Baresip> {
    const phone = await this.phone(options);
    await phone.dial(this.server.at(number));
    await phone.told('CALL_ESTABLISHED');
    return phone;
  }

  /** Somebody with a browser, until the test is over. */
  async client(
    room: string,
    identity: string,
    role: 'host' | 'participant' = 'participant',
  ): Promise<Client> {
    const token = joinToken(room, identity, { claims: { role }, video: { canDial: true } });
    const client = await this.page();
    await client.join({ room, identity, token, options: { audioConstraints: AS_IT_IS } });
    return client;
  }

  /** Somebody with a browser who is in no room. */
  async page(): Promise<Client> {
    this.#browser ??= this.#launch();
    return this.keep(await Client.open(await this.#browser, this.server.server));
  }

  /** Its microphone hears one tone, from a file. */
  async #launch(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-microphone-'));
    this.#folders.push(folder);
    const file = join(folder, 'tone.wav');
    await writeFile(file, wavOf({ hertz: MICROPHONE_HERTZ, seconds: 10, rate: 48_000 }));
    return launchChromium({ args: [`--use-file-for-fake-audio-capture=${file}`] });
  }

  keep<T extends { close(): Promise<void> }>(one: T): T {
    this.#open.push(one);
    return one;
  }

  /** At the end of a test. */
  async clear(): Promise<void> {
    for (const one of this.#open.splice(0)) await one.close();
  }

  async stop(): Promise<void> {
    await this.clear();
    await (await this.#browser)?.close();
    await this.server.stop();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until somebody in the room sees a phone as it should be; gives it. */
export async function seesPhone(
  client: Client,
  what: string,
  fits: (phone: SeenPerson) => boolean = () => true,
): Promise<SeenPerson> {
  const isIt = (person: SeenPerson): boolean => person.phone !== undefined && fits(person);
  const people = await waitFor(`a phone that ${what}`, () => client.call('people'), {
    done: (seen) => seen.some(isIt),
  });
  const found = people.find(isIt);
  if (!found) throw new Error('unreachable');
  return found;
}

/** Waits until no phone is seen in the room. */
export const seesNoPhone = (client: Client) =>
  waitFor('no phone to be there', () => client.call('people'), {
    done: (people) => people.every(({ phone }) => phone === undefined),
  });

/** Waits until a browser hears somebody’s tone, and not others of theirs. */
export const hearsTone = (
  client: Client,
  identity: string,
  { hertz, not = [] }: { hertz: number; not?: number[] },
) =>
  waitFor(`${hertz} Hz of ${identity}`, () => client.call('tones', identity, [hertz, ...not]), {
    done: (levels) =>
      levels !== undefined &&
      (levels[hertz] ?? -200) > HEARD_DB &&
      not.every((one) => (levels[one] ?? 0) < HEARD_DB - 10),
  });

/** Waits until a browser does not hear a tone of somebody. */
export const silentTone = (client: Client, identity: string, hertz: number) =>
  waitFor(`no ${hertz} Hz of ${identity}`, () => client.call('tones', identity, [hertz]), {
    done: (levels) => (levels?.[hertz] ?? -200) < HEARD_DB - 10,
  });

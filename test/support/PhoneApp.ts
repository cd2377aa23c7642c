/** The web app of a server with phones, and telephones that it calls and that call it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { Baresip, type PhoneOptions } from '../sip/support/Baresip.ts';
import { freeTcpPort } from '../sip/support/ports.ts';
import { listened } from '../sip/support/PhoneServer.ts';
import { adminToken } from './tokens.ts';
import { WebApp } from './WebApp.ts';

export class PhoneApp {
  readonly web: WebApp;
  readonly #sipPort: number;
  readonly #phones: Baresip[] = [];

  static async start(): Promise<PhoneApp> {
    const sipPort = await freeTcpPort();
    const [port, off] = [String(sipPort), '0'];
    const web = await WebApp.start({
      env: {
        ...{ PARLEY_SIP_ENABLED: 'true', PARLEY_SIP_HOST: '127.0.0.1', PARLEY_SIP_RTP_IP: '127.0.0.1' },
        ...{ PARLEY_SIP_UDP_PORT: port, PARLEY_SIP_TCP_PORT: port, PARLEY_SIP_TLS_PORT: off },
        ...{ PARLEY_SIP_RTP_MIN_PORT: '28000', PARLEY_SIP_RTP_MAX_PORT: '28999' },
        PARLEY_SIP_DIAL_HOSTS: '127.0.0.1',
      },
    });
    await listened(sipPort);
    return new PhoneApp(web, sipPort);
  }

  private constructor(web: WebApp, sipPort: number) {
    this.web = web;
    this.#sipPort = sipPort;
  }

  /** Where a telephone calls a number of the server. */
  addressOf(number: string): string {
    return `sip:${number}@127.0.0.1:${this.#sipPort}`;
  }

  async ask(method: string, path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.web.server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken()}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(response.ok, `${method} ${path}: ${await response.clone().text()}`).toBe(true);
  }

  /** A telephone at the other end of a trunk, which may be called by +49. */
  async openPhone(options: PhoneOptions): Promise<Baresip> {
    const phone = await this.openStranger(options);
    await this.ask('PUT', '/trunks/here', {
      ...{ name: 'Berlin', country: 'DE', optionsSeconds: 0 },
      inbound: { numbers: ['+493012345678'], allowedAddresses: ['127.0.0.1'] },
      outbound: { address: `127.0.0.1:${phone.port}`, transport: 'udp', prefixes: ['+49'] },
    });
    return phone;
  }

  /** A telephone that no trunk leads to: it can be called by its SIP address. */
  async openStranger(options: PhoneOptions): Promise<Baresip> {
    const phone = await Baresip.start(options);
    this.#phones.push(phone);
    return phone;
  }

  /** Somebody signed in who runs the server. */
  async administrator(): Promise<Page> {
    const [, secret = ''] = /\/auth\/admin#(\S+)/.exec(this.web.server.output) ?? [];
    const page = await this.web.visit(`/auth/admin#${secret}`);
    await page.getByTestId('signed-in-as').waitFor();
    return page;
  }

  /** Closes all telephones and pages; gives what went wrong in those. */
  async leave(): Promise<string[]> {
    for (const phone of this.#phones.splice(0)) await phone.close();
    return this.web.leave();
  }

  stop(): Promise<void> {
    return this.web.stop();
  }
}

/** Calls in one of these states, in the list of the meeting. */
export const inState = (page: Page, state: string) =>
  page.locator(`[data-testid="call"][data-state="${state}"]`);

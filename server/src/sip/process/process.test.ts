/** The process of phones as it is: started, told what to do, and left alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PhoneCommand, PhoneEvent } from '@parley/protocol/phoneProcess';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SETTINGS, trunkOf } from '../calls/testing/ControlHarness.ts';
import { TestPhone } from '../calls/testing/TestPhone.ts';

let child: ChildProcess;
let phone: TestPhone;
let events: PhoneEvent[];
beforeEach(async () => {
  events = [];
  phone = await TestPhone.open();
  child = fork(join(import.meta.dirname, 'index.ts'), [], { execArgv: [], serialization: 'advanced' });
  child.on('message', (event: PhoneEvent) => events.push(event));
});
afterEach(async () => {
  await phone.close();
  child.kill('SIGKILL');
});

const tell = (command: PhoneCommand): void => void child.send(command);

async function told<T extends PhoneEvent['type']>(type: T): Promise<Extract<PhoneEvent, { type: T }>> {
  const isIt = (event: PhoneEvent): event is Extract<PhoneEvent, { type: T }> => event.type === type;
  await vi.waitFor(() => expect(events.some(isIt), type).toBe(true), { timeout: 20_000 });
  const event = events.find(isIt);
  if (!event) throw new Error('unreachable');
  return event;
}

async function callStands() {
  tell({ type: 'configure', settings: { ...SETTINGS, trunks: [trunkOf()] } });
  const { udpPort } = await told('listening');
  const session = phone.call('+493012345', { port: udpPort ?? 0, from: '+4917012345678' });
  const { legId } = await told('incoming');
  tell({ type: 'decide', legId, decision: { kind: 'answer' } });
  await told('answered');
  return session;
}

it.each([
  ['that is told to stop', () => tell({ type: 'stop' })],
  ['whose server is gone', () => child.disconnect()],
  ['that gets SIGTERM', () => child.kill('SIGTERM')],
])('%s ends its calls and itself', async (_, end) => {
  const session = await callStands();
  const exited = once(child, 'exit');
  end();
  expect(await exited).toEqual([0, null]);
  await vi.waitFor(() => expect(session.state).toBe('ended'), 15_000);
});

it('whose ports are taken says so, and listens when they are free', async () => {
  const taken = await TestPhone.open();
  const listen = { ...SETTINGS.listen, udpPort: taken.port };
  tell({ type: 'configure', settings: { ...SETTINGS, listen } });
  expect((await told('listening')).fault).toMatch(/EADDRINUSE/);
  events = [];
  await taken.close();
  expect(await told('listening')).toMatchObject({ udpPort: listen.udpPort, fault: null });
});

it('takes nothing that is not in the protocol, and goes on', async () => {
  child.send({ type: 'dial', legId: 7 });
  await callStands();
});

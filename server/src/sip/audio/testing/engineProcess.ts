/** An engine alone in a process, for who measures it: told by IPC what to open, and what phones it has. */
import { openSoundEngine } from '../openSoundEngine.ts';

/** What is asked: phones by their ports, room by room. */
export interface Opening {
  readonly rooms: readonly (readonly number[])[];
  /** Where the SFU would take what goes up; undefined without. */
  readonly uplinkPort: number | undefined;
}

const engine = await openSoundEngine({
  ...{ ip: '127.0.0.1', ports: { from: 42_000, to: 42_999 }, maxWorkers: 1 },
  onWorkerLost: (reason) => process.send?.({ lost: reason }),
});

async function open({ rooms, uplinkPort }: Opening): Promise<number[]> {
  const ports: number[] = [];
  for (const [room, phones] of rooms.entries()) {
    await engine.openZone(`room-${room}`);
    for (const [index, port] of phones.entries()) {
      const leg = await engine.openLeg(`leg-${room}-${index}`);
      leg.agree({
        ...{ remote: { address: '127.0.0.1', port }, direction: 'sendrecv', codec: 'PCMU', payloadType: 0 },
        ...{ telephoneEvent: undefined, srtp: undefined, ptime: 20, rtcpMux: true },
      });
      const ssrc = 1 + room * 100 + index;
      const uplink =
        uplinkPort === undefined
          ? undefined
          : { ip: '127.0.0.1', port: uplinkPort, ssrc, payloadType: 111, audioLevelExtensionId: 1 };
      leg.join(`room-${room}`, { participantId: `phone-${room}-${index}`, uplink });
      ports.push(leg.port);
    }
  }
  return ports;
}

process.on('message', (message: Opening | 'counters') => {
  const answer = message === 'counters' ? engine.counters() : open(message);
  void answer.then((value) => process.send?.(value));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

/**
 * Stands for the process of phones: it speaks its protocol and knows neither SIP nor sound. What it is told goes to the test,
 * which says in its place what happens; zones are real sockets, and a phone that has an uplink sends real RTP on it.
 */
import { createSocket, type Socket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { LegPlace, PhoneCommand, PhoneEvent } from '@parley/protocol/phoneProcess';

export type FromPhones =
  { command: PhoneCommand } | { heard: { zoneId: string; ssrc: number; packets: number } };
/** `rtp`: whether the phone makes any sound. */
export type ToPhones = { event: PhoneEvent } | { rtp: { legId: string; on: boolean } } | { die: true };

const PACKET_MS = 20;
/** Each n-th packet that is heard is told of. */
const TOLD_EVERY = 10;
/** -20 dBov with voice (RFC 6464, section 3). */
const LEVEL = 0x80 | 20;

// eslint-disable-next-line no-restricted-properties -- this stands for another program, and has no configuration
const link = connect(process.env['TEST_PHONES'] ?? '');
const say = (message: FromPhones): void => void link.write(`${JSON.stringify(message)}\n`);
const tell = (event: PhoneEvent): void => void process.send?.(event);

const zones = new Map<string, { socket: Socket; extension: number }>();
const heard = new Map<number, number>();
const legs = new Map<
  string,
  { place: Extract<LegPlace, { kind: 'zone' }>; muted: boolean; silent: boolean }
>();
let sequence = 0;

process.on('message', (command: PhoneCommand) => {
  say({ command });
  obey(command);
});
process.once('disconnect', () => process.exit(0));
createInterface({ input: link }).on('line', (line) => {
  const message = JSON.parse(line) as ToPhones;
  if ('event' in message) tell(message.event);
  else if ('die' in message) process.kill(process.pid, 'SIGKILL');
  else {
    const leg = legs.get(message.rtp.legId);
    if (leg) leg.silent = !message.rtp.on;
  }
});
setInterval(sendAll, PACKET_MS);

function obey(command: PhoneCommand): void {
  switch (command.type) {
    case 'configure':
      return tell({ type: 'listening', udpPort: 5060, tcpPort: null, tlsPort: null, fault: null });
    case 'openZone':
      return openZone(command.zoneId, command.audioLevelExtensionId);
    case 'closeZone':
      zones.get(command.zoneId)?.socket.close();
      zones.delete(command.zoneId);
      return;
    case 'place':
      if (command.place.kind === 'zone')
        legs.set(command.legId, { place: command.place, muted: command.place.muted, silent: false });
      else legs.delete(command.legId);
      return;
    case 'setMuted': {
      const leg = legs.get(command.legId);
      if (leg) leg.muted = command.muted;
      return;
    }
    case 'hangUp':
      return end(command);
    case 'stop':
      tell({ type: 'stopped' });
      setImmediate(() => process.exit(0));
      return;
    default:
  }
}

function end({ legId, by, why }: Extract<PhoneCommand, { type: 'hangUp' }>): void {
  legs.delete(legId);
  const now = Date.now();
  const quality = {
    ...{ codec: 'PCMU', packetsLost: 0, packetsReceived: 50, jitterMs: 1, concealedMs: 0, mos: 4.1 },
  };
  tell({
    ...{ type: 'ended', legId },
    end: { by, status: 200, why, startedAt: now, answeredAt: null, endedAt: now, quality },
  });
}

function openZone(zoneId: string, extension: number): void {
  const socket = createSocket('udp4');
  zones.set(zoneId, { socket, extension });
  socket.on('message', (packet) => {
    // Payload types of RTCP (RFC 5761, section 4).
    if (packet.length < 12 || ((packet[1] ?? 0) >= 200 && (packet[1] ?? 0) <= 206)) return;
    const ssrc = packet.readUInt32BE(8);
    const packets = (heard.get(ssrc) ?? 0) + 1;
    heard.set(ssrc, packets);
    if (packets % TOLD_EVERY === 1) say({ heard: { zoneId, ssrc, packets } });
  });
  socket.bind(0, '127.0.0.1', () => {
    tell({ type: 'zoneOpened', zoneId, ip: '127.0.0.1', port: socket.address().port });
  });
}

function sendAll(): void {
  sequence += 1;
  for (const { place, muted, silent } of legs.values()) {
    const zone = zones.get(place.zoneId);
    if (!zone || !place.uplink || muted || silent) continue;
    zone.socket.send(packetFor(place.uplink), place.uplink.port, place.uplink.ip);
  }
}

/** RTP with its level, and three bytes that Opus may be. */
function packetFor({
  ssrc,
  payloadType,
  audioLevelExtensionId,
}: {
  ssrc: number;
  payloadType: number;
  audioLevelExtensionId: number;
}): Buffer {
  const packet = Buffer.alloc(12 + 8 + 3);
  packet[0] = 0x90;
  packet[1] = payloadType;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((sequence * 960) >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(0xbede, 12);
  packet.writeUInt16BE(1, 14);
  packet[16] = audioLevelExtensionId << 4;
  packet[17] = LEVEL;
  packet.set([0xf8, 0xff, 0xfe], 20);
  return packet;
}

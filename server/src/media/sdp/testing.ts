/** What the tests of this folder share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParleyError } from '@parley/protocol';
import type { OwnTransport } from './writeDescription.ts';

export type Encoder =
  | 'chromium'
  | 'chromium-simulcast'
  | 'chromium-player'
  | 'gstreamer-vp8'
  | 'gstreamer-h264'
  | 'obs'
  | 'obs-simulcast';

/** As these programs wrote them. */
export const offerOf = (encoder: Encoder): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', `${encoder}.sdp`), 'utf8');

export const OWN: OwnTransport = {
  iceParameters: { usernameFragment: 'serverufrag', password: 'serverpasswordserverpassword', iceLite: true },
  iceCandidates: [
    {
      ...{ foundation: 'udpcandidate', priority: 1_078_862_079, ip: '192.0.2.1', address: '192.0.2.1' },
      ...{ protocol: 'udp', port: 40_000, type: 'host' },
    },
    {
      ...{ foundation: 'tcpcandidate', priority: 1_078_862_078, ip: '192.0.2.1', address: '192.0.2.1' },
      ...{ protocol: 'tcp', port: 40_000, type: 'host', tcpType: 'passive' },
    },
  ],
  dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] },
};

/** The code and the reason that something is refused with. */
export function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ParleyError) return `${error.code}: ${String(error.details?.['reason'])}`;
    throw error;
  }
  return 'taken';
}

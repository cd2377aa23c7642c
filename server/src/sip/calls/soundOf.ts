import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { SoundEngine } from '../audio/engine.ts';
import { openSoundEngine } from '../audio/openSoundEngine.ts';

/** The sound of phones, as it is configured. */
export const soundOf = ({ rtp, sfuIp, promptsFolder, language }: PhoneSettings): Promise<SoundEngine> =>
  openSoundEngine({
    ...{ ip: rtp.ip, ports: { from: rtp.minPort, to: rtp.maxPort }, sfuIp, language },
    prompts: promptsFolder ?? undefined,
    onWorkerLost: (reason) => console.error(`A part that mixes sound has ended: ${reason}`),
  });

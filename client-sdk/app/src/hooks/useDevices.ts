import { listDevices, onDevicesChanged } from '@parley/client-sdk';
import { useEffect, useState } from 'react';
import type { Option } from '../ui/Select.tsx';

export type DeviceListKind = 'audioinput' | 'videoinput' | 'audiooutput';

const FALLBACK_LABEL: Record<DeviceListKind, string> = {
  audioinput: 'Microphone',
  videoinput: 'Camera',
  audiooutput: 'Speaker',
};

/** Devices of a kind as choices. `refresh` is anything that changes when names may have become readable. */
export function useDevices(kind: DeviceListKind, refresh: unknown): Option[] {
  const [devices, setDevices] = useState<Option[]>([]);
  useEffect(() => {
    let stale = false;
    const update = async () => {
      const found = await listDevices(kind).catch(() => []);
      if (!stale) setDevices(optionsOf(kind, found));
    };
    void update();
    const stop = onDevicesChanged(() => void update());
    return () => {
      stale = true;
      stop();
    };
  }, [kind, refresh]);
  return devices;
}

/** Before permission, browsers list devices without id and name: those are no choice yet. */
function optionsOf(kind: DeviceListKind, devices: MediaDeviceInfo[]): Option[] {
  return devices
    .filter(({ deviceId }) => deviceId !== '')
    .map(({ deviceId, label }, index) => ({
      value: deviceId,
      label: label === '' ? `${FALLBACK_LABEL[kind]} ${index + 1}` : label,
    }));
}

/** Firefox and Safari on phones have no choice of speaker. */
export const SPEAKER_CHOICE_SUPPORTED =
  typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

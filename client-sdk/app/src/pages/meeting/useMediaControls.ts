import { DeviceError, type Room } from '@parley/client-sdk';
import { useState } from 'react';
import type { DeviceKind, DeviceProblem } from '../../lib/errorTexts.ts';
import { getPreferences, savePreferences } from '../../lib/preferences.ts';

export interface MediaProblem {
  device: DeviceKind;
  problem: DeviceProblem;
}

export interface MediaControls {
  microphoneOn: boolean;
  cameraOn: boolean;
  screenOn: boolean;
  mayUse(device: 'microphone' | 'camera' | 'screen'): boolean;
  toggleMicrophone(): void;
  toggleCamera(): void;
  toggleScreen(): void;
  switchDevice(kind: 'audioinput' | 'videoinput', deviceId: string): void;
  problem: MediaProblem | null;
  clearProblem(): void;
}

/** Phones have no way to share a screen; nor have pages that are not secure. */
export const SCREEN_SHARE_SUPPORTED =
  typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function';

/** The switches of one's own microphone, camera and screen. `problem` is what went wrong last. */
export function useMediaControls(room: Room, initialProblem: MediaProblem | null): MediaControls {
  const [problem, setProblem] = useState(initialProblem);
  const local = room.localParticipant;
  const isOn = (source: 'microphone' | 'camera' | 'screen') => local.getPublication(source)?.muted === false;

  const attempt = async (device: DeviceKind, action: () => Promise<unknown>) => {
    try {
      await action();
      setProblem((old) => (old?.device === device ? null : old));
    } catch (error) {
      setProblem({ device, problem: error instanceof DeviceError ? error.kind : 'other' });
    }
  };
  const toggle = (device: 'microphone' | 'camera') => {
    const on = !isOn(device);
    void attempt(device, async () => {
      if (device === 'microphone') {
        await local.setMicrophoneEnabled(on, chosen('microphoneId'));
        savePreferences({ microphoneOn: on });
      } else {
        await local.setCameraEnabled(on, chosen('cameraId'));
        savePreferences({ cameraOn: on });
      }
    });
  };

  return {
    microphoneOn: isOn('microphone'),
    cameraOn: isOn('camera'),
    screenOn: isOn('screen'),
    mayUse: (source) => room.permissions.canPublish && room.permissions.canPublishSources.includes(source),
    toggleMicrophone: () => toggle('microphone'),
    toggleCamera: () => toggle('camera'),
    toggleScreen: () => {
      const on = !isOn('screen');
      void attempt('screen', () => local.setScreenShareEnabled(on, { audio: true }));
    },
    switchDevice: (kind, deviceId) => {
      savePreferences(kind === 'audioinput' ? { microphoneId: deviceId } : { cameraId: deviceId });
      const device = kind === 'audioinput' ? 'microphone' : 'camera';
      // One that is off is opened with the choice when it is switched on.
      if (isOn(device)) void attempt(device, () => local.switchDevice(kind, deviceId));
    },
    problem,
    clearProblem: () => setProblem(null),
  };
}

function chosen(key: 'microphoneId' | 'cameraId'): { deviceId?: string } {
  const deviceId = getPreferences()[key];
  return deviceId === '' ? {} : { deviceId };
}

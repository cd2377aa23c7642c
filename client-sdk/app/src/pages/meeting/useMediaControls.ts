import { DeviceError, type Participant, type Room, type Source } from '@parley/client-sdk';
import { useEffect, useReducer, useState } from 'react';
import type { DeviceKind } from '../../lib/errorTexts.ts';
import { savePreferences } from '../../lib/preferences.ts';
import { chosenDevice } from './chosenDevice.ts';
import type { MediaProblem, MediaStart } from './startMedia.ts';
import { useAct } from './useAct.ts';

export interface MediaControls {
  microphoneOn: boolean;
  cameraOn: boolean;
  /** A phone is one’s sound: the switch of the microphone is its. */
  speaksByPhone: boolean;
  screenOn: boolean;
  /** Whether a host has to allow it before one unmutes, and was asked to. */
  unmuting: Participant['unmuting'];
  handRaised: boolean;
  toggleHand: () => void;
  react: (emoji: string) => void;
  mayUse: (source: Source) => boolean;
  toggleMicrophone: () => void;
  toggleCamera: () => void;
  toggleScreen: () => void;
  switchDevice: (kind: 'audioinput' | 'videoinput', deviceId: string) => void;
  problem: MediaProblem | null;
  clearProblem: () => void;
}

/** Phones have no way to share a screen; nor have pages that are not secure. */
export const SCREEN_SHARE_SUPPORTED =
  typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function';

/** The switches of one's own microphone, camera and screen. `problem` is what went wrong last. */
export function useMediaControls(room: Room, start: MediaStart): MediaControls {
  const { problem, setProblem, attempt } = useAttempts(start.problem);
  usePermissionChanges(room);
  const act = useAct();
  const local = room.localParticipant;
  const { unmuting } = local;
  const handRaised = local.raisedHandAt !== undefined;

  const isOn = (device: 'microphone' | 'camera') => local.isEnabled(device) || start.pending.includes(device);

  const toggle = (device: 'microphone' | 'camera') => {
    const on = !isOn(device);
    savePreferences(device === 'microphone' ? { microphoneOn: on } : { cameraOn: on });
    attempt(device, async () => {
      await start.done[device];
      const choice = on ? await chosenDevice(device) : {};
      if (device === 'microphone') await local.setMicrophoneEnabled(on, choice);
      else await local.setCameraEnabled(on, choice);
    });
  };
  const mayUse = (source: Source) =>
    room.permissions.canPublish && room.permissions.canPublishSources.includes(source);

  return {
    microphoneOn: isOn('microphone'),
    cameraOn: isOn('camera'),
    speaksByPhone: local.phone !== undefined,
    screenOn: local.isEnabled('screen'),
    mayUse,
    unmuting,
    handRaised,
    toggleHand: () => act(handRaised ? local.lowerHand() : local.raiseHand()),
    react: (emoji) => act(local.react(emoji)),
    toggleMicrophone: () => {
      if (!mayUse('microphone')) return;
      if (isOn('microphone') || unmuting === 'free') toggle('microphone');
      else act(local.requestUnmute({ withdraw: unmuting === 'requested' }));
    },
    toggleCamera: () => mayUse('camera') && toggle('camera'),
    toggleScreen: () => {
      const on = !local.isEnabled('screen');
      attempt('screen', () => local.setScreenShareEnabled(on, { audio: mayUse('screenAudio') }));
    },
    switchDevice: (kind, deviceId) => {
      savePreferences(kind === 'audioinput' ? { microphoneId: deviceId } : { cameraId: deviceId });
      attempt(kind === 'audioinput' ? 'microphone' : 'camera', () => local.switchDevice(kind, deviceId));
    },
    problem,
    clearProblem: () => setProblem(null),
  };
}

/** Runs what a switch does, and keeps what went wrong until the same succeeds or it is put aside. */
function useAttempts(startProblem: MediaProblem | null) {
  const [problem, setProblem] = useState<MediaProblem | null>(null);
  // What went wrong on the way in is told once, when it is known.
  const [toldStart, setToldStart] = useState<MediaProblem | null>(null);
  if (startProblem !== toldStart) {
    setToldStart(startProblem);
    setProblem(startProblem);
  }

  const attempt = (device: DeviceKind, action: () => Promise<unknown>) => {
    action().then(
      () => setProblem((old) => (old?.device === device ? null : old)),
      (error: unknown) => {
        // Whoever closes the browser's own question for a screen has decided, and knows it.
        const cancelled = error instanceof DeviceError && error.kind === 'permissionDenied';
        if (device === 'screen' && cancelled && !isBlockedBySystem(error)) return;
        setProblem({ device, problem: error instanceof DeviceError ? error.kind : 'other' });
      },
    );
  };
  return { problem, setProblem, attempt };
}

/** Chromium says "Permission denied by system" where the operating system, not the person, refused. */
function isBlockedBySystem({ cause }: DeviceError): boolean {
  return cause instanceof Error && /system/i.test(cause.message);
}

function usePermissionChanges(room: Room): void {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    room.on('permissionsChanged', render);
    room.on('participantUpdated', render);
    return () => {
      room.off('permissionsChanged', render);
      room.off('participantUpdated', render);
    };
  }, [room]);
}

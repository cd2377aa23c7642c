import { useEffect, useState, useSyncExternalStore } from 'react';
import { getPreferences } from '../../lib/preferences.ts';
import { DevicePreview, type PreviewState } from './DevicePreview.ts';

/** A preview of the devices last used, open while the page is. */
export function usePreview(): [DevicePreview, PreviewState] {
  const [preview] = useState(() => {
    const { microphoneOn, microphoneId, cameraOn, cameraId } = getPreferences();
    return new DevicePreview({
      microphone: { on: microphoneOn, deviceId: microphoneId },
      camera: { on: cameraOn, deviceId: cameraId },
    });
  });
  const state = useSyncExternalStore(preview.subscribe, preview.getState);
  useEffect(() => {
    void preview.start();
    return () => preview.stop();
  }, [preview]);
  return [preview, state];
}

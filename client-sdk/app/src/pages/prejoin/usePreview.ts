import { useEffect, useState, useSyncExternalStore } from 'react';
import { getPreferences } from '../../lib/preferences.ts';
import { DevicePreview, type PreviewState } from './DevicePreview.ts';

/** A preview of the devices last used, open while the page is. What one may not publish stays off. */
export function usePreview(may: Record<'microphone' | 'camera', boolean>): [DevicePreview, PreviewState] {
  const [preview] = useState(() => {
    const { microphoneOn, microphoneId, cameraOn, cameraId } = getPreferences();
    return new DevicePreview({
      microphone: { on: may.microphone && microphoneOn, deviceId: microphoneId },
      camera: { on: may.camera && cameraOn, deviceId: cameraId },
    });
  });
  const state = useSyncExternalStore(preview.subscribe, preview.getState);
  useEffect(() => {
    void preview.start();
    return () => preview.stop();
  }, [preview]);
  return [preview, state];
}

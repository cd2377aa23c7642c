/** Layers that nobody wants are switched off where they are made: at the sender. */

/** The part of an encoding that dynacast changes. */
export interface LayerEncoding {
  active?: boolean;
  scalabilityMode?: string;
  scaleResolutionDownBy?: number;
}

const SVC_MODE = /^L([1-3])(T[1-3].*)$/;

/** Spatial layers of the SVC mode in which a sender began; it is not to be seen any more once some are switched off. */
const fullModes = new WeakMap<RTCRtpSender, string | undefined>();

/**
 * How encodings, the smallest first, have to be when `maxSpatialLayer` is the highest layer that anybody wants; -1 is none.
 * `fullMode` is the scalability mode of an SVC sender with all its layers (W3C WebRTC-SVC section 6).
 */
export function encodingsForLayers<E extends LayerEncoding>(
  encodings: readonly E[],
  maxSpatialLayer: number,
  fullMode: string | undefined,
): E[] {
  if (encodings.length > 1)
    return encodings.map((encoding, layer) => ({ ...encoding, active: layer <= maxSpatialLayer }));
  const [, count, rest] = SVC_MODE.exec(fullMode ?? '') ?? [];
  const spatialLayers = Number(count ?? 1);
  return encodings.map((encoding) => {
    if (maxSpatialLayer < 0) return { ...encoding, active: false };
    if (spatialLayers === 1) return { ...encoding, active: true };
    // A mode with fewer layers has the full size at its top, so the picture shrinks with it: layer n stays as large as it was.
    const kept = Math.min(spatialLayers, maxSpatialLayer + 1);
    const scalabilityMode = kept === 1 ? `L1${(rest ?? '').slice(0, 2)}` : `L${kept}${rest}`;
    return { ...encoding, active: true, scalabilityMode, scaleResolutionDownBy: 2 ** (spatialLayers - kept) };
  });
}

/** Makes a sender send these layers. Rejects when the browser refuses; it then goes on as before. */
export async function applyWantedLayers(sender: RTCRtpSender, maxSpatialLayer: number): Promise<void> {
  const parameters: RTCRtpSendParameters & { encodings: (RTCRtpEncodingParameters & LayerEncoding)[] } =
    sender.getParameters();
  const { encodings } = parameters;
  if (!fullModes.has(sender)) fullModes.set(sender, encodings[0]?.scalabilityMode);
  const wanted = encodingsForLayers(encodings, maxSpatialLayer, fullModes.get(sender));
  if (JSON.stringify(wanted) === JSON.stringify(encodings)) return;
  await sender.setParameters({ ...parameters, encodings: wanted });
}

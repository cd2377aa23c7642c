/** Which of a publication's layers suits the size in which it is shown. */
import { parseScalabilityMode } from 'mediasoup';
import type { Source } from '@parley/protocol';

/** What a publisher said of its encodings (ORTC), the smallest first. */
export interface Encoding {
  scalabilityMode?: string;
  scaleResolutionDownBy?: number;
}

/** The layers of a video publication, the smallest first. */
export interface LayerLadder {
  /** Size of each spatial layer as a part of the full size, 1 for the full size. */
  scales: number[];
  temporalLayers: number;
  /** Full size in pixels. */
  width: number;
  height: number;
}

/** Size in which a video is shown, device pixels. */
export interface TileSize {
  width?: number;
  height?: number;
}

export interface Layers {
  spatialLayer: number;
  temporalLayer: number;
}

/** Assumed when a publisher gives no size. */
const DEFAULT_SIZE = { width: 1280, height: 720 };
/** A layer this much smaller than its tile still looks the same. */
const ENOUGH = 0.9;
/** Shown below this part of the smallest layer's size, a picture needs no full frame rate. */
const THUMBNAIL = 2 / 3;

export function describeLayers(options: {
  encodings: readonly Encoding[];
  width?: number | undefined;
  height?: number | undefined;
}): LayerLadder {
  const { encodings, width = DEFAULT_SIZE.width, height = DEFAULT_SIZE.height } = options;
  const mode = encodings[0]?.scalabilityMode;
  const { temporalLayers } = parseScalabilityMode(mode);
  return {
    scales: encodings.length > 1 ? simulcastScales(encodings) : svcScales(mode),
    temporalLayers,
    width,
    height,
  };
}

function simulcastScales(encodings: readonly Encoding[]): number[] {
  return encodings.map(
    ({ scaleResolutionDownBy }, index) => 1 / (scaleResolutionDownBy ?? 2 ** (encodings.length - 1 - index)),
  );
}

/** Spatial layers differ by 2:1, or by 1.5:1 in the modes that end in `h` (W3C WebRTC-SVC section 6). */
function svcScales(mode: string | undefined): number[] {
  const { spatialLayers } = parseScalabilityMode(mode);
  const ratio = mode !== undefined && /h(_|$)/.test(mode) ? 1.5 : 2;
  return Array.from({ length: spatialLayers }, (_, index) => ratio ** (index + 1 - spatialLayers));
}

/** Index of the largest spatial layer. */
export function topLayerOf({ scales }: LayerLadder): number {
  return scales.length - 1;
}

/**
 * The smallest spatial layer that fills the tile (as `object-fit: cover` fills it), or the largest. Tiles much smaller
 * than the smallest layer get it at a lower frame rate. A screen is read, not watched: it comes in full size always.
 */
export function preferredLayers(ladder: LayerLadder, tile: TileSize, source: Source): Layers {
  const top = topLayerOf(ladder);
  const fullRate = Math.max(0, ladder.temporalLayers - 1);
  const needed = neededScale(ladder, tile);
  if (source === 'screen' || needed === undefined) return { spatialLayer: top, temporalLayer: fullRate };
  const fitting = ladder.scales.findIndex((scale) => scale >= needed * ENOUGH);
  const spatialLayer = fitting === -1 ? top : fitting;
  const smallest = ladder.scales[0] ?? 1;
  const isThumbnail = top > 0 && needed < smallest * THUMBNAIL;
  return { spatialLayer, temporalLayer: isThumbnail ? Math.max(0, fullRate - 1) : fullRate };
}

function neededScale(ladder: LayerLadder, { width, height }: TileSize): number | undefined {
  if (width === undefined && height === undefined) return undefined;
  return Math.max((width ?? 0) / ladder.width, (height ?? 0) / ladder.height);
}

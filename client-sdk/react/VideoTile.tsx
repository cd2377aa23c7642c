import { useEffect, useRef, type VideoHTMLAttributes } from 'react';
import type { Publication } from '../src/index.ts';

interface Props extends VideoHTMLAttributes<HTMLVideoElement> {
  publication: Publication;
  /** Show it as a mirror does: what one expects of one's own camera. */
  mirrored?: boolean;
}

/** Shows a video publication. Its size on the page decides which layer is received. */
export function VideoTile({ publication, mirrored = false, style, ...rest }: Props) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    publication.attach(video);
    return () => {
      publication.detach(video);
    };
  }, [publication]);
  // Sound has elements of its own, so that a tile that goes does not take the voice with it.
  const shown = mirrored ? { ...style, transform: 'scaleX(-1)' } : style;
  return <video ref={element} autoPlay playsInline muted style={shown} {...rest} />;
}

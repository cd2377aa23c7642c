import { useEffect, useRef, type VideoHTMLAttributes } from 'react';
import type { Publication } from '../src/index.ts';

interface Props extends VideoHTMLAttributes<HTMLVideoElement> {
  publication: Publication;
}

/** Shows a video publication. Its size on the page decides which layer is received. */
export function VideoTile({ publication, ...rest }: Props) {
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
  return <video ref={element} autoPlay playsInline muted {...rest} />;
}

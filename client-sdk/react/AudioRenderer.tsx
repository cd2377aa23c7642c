import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Publication } from '../src/index.ts';
import { useParticipants } from './hooks.ts';

interface Props {
  /** deviceId of the speaker, where the browser lets one choose; empty for the usual one. */
  sinkId?: string;
  /** Shown when the browser plays nothing before a click; `play` must be called from that click. */
  renderBlocked?: (play: () => void) => ReactNode;
}

const DEFAULT_BLOCKED = (play: () => void): ReactNode => (
  <button type="button" data-testid="play-audio" onClick={play}>
    Click to hear the others
  </button>
);

/** Plays the sound of everybody else. */
export function AudioRenderer({ sinkId = '', renderBlocked = DEFAULT_BLOCKED }: Props) {
  const [blocked, setBlocked] = useState<ReadonlySet<HTMLAudioElement>>(new Set());
  const publications = useParticipants()
    .filter((participant) => !participant.isLocal)
    .flatMap((participant) => [...participant.publications.values()])
    .filter(({ kind }) => kind === 'audio');
  const addBlocked = useCallback((element: HTMLAudioElement): void => {
    setBlocked((elements) => new Set(elements).add(element));
  }, []);
  const play = (): void => {
    for (const element of blocked) void element.play().catch(() => undefined);
    setBlocked(new Set());
  };
  return (
    <>
      {publications.map((publication) => (
        <AudioElement
          key={publication.publicationId}
          publication={publication}
          sinkId={sinkId}
          onBlocked={addBlocked}
        />
      ))}
      {blocked.size > 0 && renderBlocked(play)}
    </>
  );
}

function AudioElement(props: {
  publication: Publication;
  sinkId: string;
  onBlocked(element: HTMLAudioElement): void;
}) {
  const { publication, sinkId, onBlocked } = props;
  const ref = useRef<HTMLAudioElement>(null);
  const track = publication.track;
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    publication.attach(element);
    return () => {
      publication.detach(element);
    };
  }, [publication]);
  useEffect(() => {
    const element = ref.current;
    if (!element || !track) return;
    element.play().catch((error: unknown) => {
      // Browsers refuse sound before the person has clicked anywhere on the page.
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked(element);
    });
  }, [publication, track, onBlocked]);
  useEffect(() => {
    // A speaker that is gone leaves the sound where it is.
    if (sinkId !== '' && ref.current && 'setSinkId' in ref.current)
      void ref.current.setSinkId(sinkId).catch(() => undefined);
  }, [sinkId]);
  return <audio ref={ref} autoPlay data-publication-id={publication.publicationId} />;
}

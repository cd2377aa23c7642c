import type { Publication } from '@parley/client-sdk';
import { VideoTile } from '@parley/client-sdk/react';
import { useState } from 'react';
import { classes } from '../../ui/classes.ts';
import styles from './TileVideo.module.css';

interface Props {
  publication: Publication;
  mirrored: boolean;
  /** Show all of it with bars, rather than fill the tile and cut the edges. */
  whole: boolean;
}

/** The picture, from its first frame on. */
export function TileVideo({ publication, mirrored, whole }: Props) {
  const [showing, setShowing] = useState(false);
  return (
    <VideoTile
      publication={publication}
      onPlaying={() => setShowing(true)}
      onEmptied={() => setShowing(false)}
      className={classes(
        styles.video,
        showing && styles.showing,
        mirrored && styles.mirrored,
        whole && styles.whole,
      )}
    />
  );
}

import type { Publication } from '@parley/client-sdk';
import { VideoTile } from '@parley/client-sdk/react';
import { classes } from '../../ui/classes.ts';
import styles from './TileVideo.module.css';

interface Props {
  publication: Publication;
  mirrored: boolean;
  /** Show all of it with bars, rather than fill the tile and cut the edges. */
  whole: boolean;
}

export function TileVideo({ publication, mirrored, whole }: Props) {
  return (
    <VideoTile
      publication={publication}
      className={classes(styles.video, mirrored && styles.mirrored, whole && styles.whole)}
    />
  );
}

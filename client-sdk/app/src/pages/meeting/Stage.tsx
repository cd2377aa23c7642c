import { useElementSize } from '../../hooks/useElementSize.ts';
import type { Rect } from '../../lib/bestGrid.ts';
import { layoutStage, NARROW_WIDTH } from '../../lib/stageLayout.ts';
import { Pager } from './Pager.tsx';
import styles from './Stage.module.css';
import { Tile } from './Tile.tsx';
import type { StageState } from './useStage.ts';

interface Props {
  state: StageState;
  mirrorSelf: boolean;
  onShowParticipants: () => void;
}

/**
 * All tiles in sight, each placed by the layout. A tile keeps its element while it moves between grid, stage
 * and strip, so that its video never restarts; tiles out of sight are not there, and so not received.
 */
export function Stage({ state, mirrorSelf, onShowParticipants }: Props) {
  const [ref, size] = useElementSize<HTMLDivElement>();
  const gap = size.width < NARROW_WIDTH ? 6 : 10;
  const layout = layoutStage({ ...state, keys: state.tiles.map(({ key }) => key) }, { ...size, gap });
  const placed = new Map(layout.tiles.map((tile) => [tile.key, tile]));

  return (
    <div className={styles.area}>
      <div className={styles.stage} ref={ref}>
        {size.width > 0 &&
          state.tiles.map((tile) => {
            const place = placed.get(tile.key);
            if (place === undefined) return null;
            return (
              <Tile
                key={tile.key}
                tile={tile}
                role={place.role}
                style={placeOf(place.rect)}
                size={place.rect}
                pinned={tile.key === state.pinned}
                mirrored={mirrorSelf && tile.participant.isLocal && tile.source === 'camera'}
                onTogglePin={() => state.togglePin(tile.key)}
              />
            );
          })}
        {layout.overflow !== null && (
          <button
            type="button"
            className={styles.overflow}
            style={placeOf(layout.overflow.rect)}
            onClick={onShowParticipants}
          >
            +{layout.overflow.count} more
          </button>
        )}
      </div>
      {layout.pages > 1 && <Pager page={layout.page} pages={layout.pages} onPage={state.setPage} />}
    </div>
  );
}

function placeOf({ x, y, width, height }: Rect) {
  return { transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)`, width, height };
}

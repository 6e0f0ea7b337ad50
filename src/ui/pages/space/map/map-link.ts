// The state that maps side by side share while they are open: the camera, the hovered point, the lasso. Changes many times a second, so it
// is in no address and redraws canvases without React.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type MapPosition, type MapView, wholeMap } from './map-view';

export interface PointedAt {
	runId: string;
	/** Where the pointer is: the card is shown beside it. */
	pane: string;
	point: number;
	/** By the pointer, or by keys. */
	by: 'pointer' | 'keys';
}

export interface MapLinkState {
	view: MapView;
	pointed: PointedAt | null;
	/** In map units, with the pane that it is drawn in. */
	lasso: { pane: string; path: readonly MapPosition[] } | null;
}

export type MapLink = StoreApi<MapLinkState>;

export function createMapLink(): MapLink {
	return createStore<MapLinkState>(() => ({ view: wholeMap, pointed: null, lasso: null }));
}

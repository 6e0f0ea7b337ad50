// What the toolbar's search, split and legend leave of a map, and how it is drawn then.

import { useMemo } from 'react';
import { findPoints } from '../../../state/space-groups';
import type { MapControls } from './use-map-controls';
import { type ShownMap, type StyledMap, useStyledMap } from './use-shown-map';

export interface FilteredMap {
	/** Points that the search finds; null without a search. */
	found: ReadonlySet<number> | null;
	/** Null while there is no map. */
	styled: StyledMap | null;
}

const none: readonly number[] = [];

/** Found points are highlighted, else the chosen ones. `runIndex`: 0 for the first run of a comparison, 1 for the second. */
export function useFilteredMap(
	shown: ShownMap | null,
	{ search, colouring, hidden, split }: MapControls,
	chosen = none,
	runIndex = 0,
): FilteredMap {
	const points = shown?.points;
	const found = useMemo(() => (points ? findPoints(points, search) : null), [points, search]);
	const filter = useMemo(
		() => ({ hidden, split, chosen: found ?? (chosen.length > 0 ? new Set(chosen) : null) }),
		[hidden, split, found, chosen],
	);
	return { found, styled: useStyledMap(shown, colouring, filter, runIndex) };
}

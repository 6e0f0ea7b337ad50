// The state of a map's tools, for one map or for two side by side: colouring, filters, tool, search. What can be shared is in the address.

import { useMemo, useState } from 'react';
import { type Colouring, colouringOf } from '../../../state/space-groups';
import { ownSettings } from '../../../state/space-settings';
import type { MapSettings } from '../../../wire/space';
import { useRoute } from '../../navigation/navigation';
import { createMapLink, type MapLink } from './map/map-link';
import { type MapTool, mapTools } from './map/use-map-pointer';

export interface MapControls {
	link: MapLink;
	tool: MapTool;
	setTool(tool: MapTool): void;
	colouring: Colouring;
	hidden: ReadonlySet<string>;
	/** '' for all. */
	split: string;
	hasContours: boolean;
	search: string;
	setSearch(text: string): void;
	isTable: boolean;
	/** Of the user's own; null for the maps that come with the snapshots. */
	settings: MapSettings | null;
}

export function useMapControls(base: MapSettings): MapControls {
	const { query } = useRoute();
	const [link] = useState(createMapLink);
	const [tool, setTool] = useState<MapTool>('lasso');
	const [search, setSearch] = useState('');
	const hidden = useMemo(() => new Set((query.hide ?? '').split(',').filter(Boolean)), [query.hide]);
	const settings = useMemo(() => ownSettings(query, base), [query, base]);
	const key = JSON.stringify(settings);
	// biome-ignore lint/correctness/useExhaustiveDependencies: equal settings are one, whatever else of the address changed
	const steady = useMemo(() => settings, [key]);
	return {
		link,
		tool: mapTools.includes(tool) ? tool : 'lasso',
		setTool,
		colouring: colouringOf(query.colour ?? ''),
		hidden,
		split: query.split ?? '',
		hasContours: query.contours === '1',
		search,
		setSearch,
		isTable: query.table === '1',
		settings: steady,
	};
}

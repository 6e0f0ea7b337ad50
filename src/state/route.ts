// Addresses within the page: `#/place/object/sub-object?key=value`. What is selected, filtered, sorted and zoomed stands
// here, so that back, forward, reload and links work on any static host; the user's texts never do. Pure.

export const placeNames = ['data', 'train', 'space', 'results', 'tag', 'annotate', 'models'] as const;
export type PlaceName = (typeof placeNames)[number];

export interface Route {
	place: PlaceName;
	/** What is open in the place: names of objects, outermost first. */
	path: readonly string[];
	/** What is selected, filtered and sorted; keys without a value are left out. */
	query: Readonly<Record<string, string>>;
}

/** What a first visit opens. */
export const firstRoute: Route = { place: 'data', path: ['sample'], query: {} };

/** The route of a location hash, or null for none and for a place that does not exist. */
export function parseRoute(hash: string): Route | null {
	const [address, search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
	const [place, ...path] = address.split('/').filter((part) => part !== '');
	if (!placeNames.includes(place as PlaceName)) return null;
	return {
		place: place as PlaceName,
		path: path.map(decodePart),
		query: Object.fromEntries(new URLSearchParams(search)),
	};
}

/** The hash of a route, with its '#'. */
export function formatRoute({ place, path, query }: Route): string {
	const kept = Object.entries(query).filter(([, value]) => value !== '');
	const search = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`;
	return `#/${[place, ...path].map(encodeURIComponent).join('/')}${search}`;
}

/** A part that is no valid escape stands for itself. */
function decodePart(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

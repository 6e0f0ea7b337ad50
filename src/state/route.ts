// Addresses within the page: `#/page/object/sub-object?key=value`. What is selected, filtered, sorted and zoomed stands
// here, so that back, forward, reload and links work on any static host; the user's texts never do. Pure.

export const pageNames = ['data', 'train', 'space', 'results', 'tag', 'annotate', 'models'] as const;
export type PageName = (typeof pageNames)[number];

export interface Route {
	page: PageName;
	/** What is open in the page: names of objects, outermost first. */
	path: readonly string[];
	/** What is selected, filtered and sorted; keys without a value are left out. */
	query: Readonly<Record<string, string>>;
}

/** What a first visit opens. */
export const firstRoute: Route = { page: 'data', path: ['sample'], query: {} };

/** The route of a location hash, or null for none and for a page that does not exist. */
export function parseRoute(hash: string): Route | null {
	const [address, search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
	const [page, ...path] = address.split('/').filter((part) => part !== '');
	if (!pageNames.includes(page as PageName)) return null;
	return {
		page: page as PageName,
		path: path.map(decodePart),
		query: Object.fromEntries(new URLSearchParams(search)),
	};
}

/** The hash of a route, with its '#'. */
export function formatRoute({ page, path, query }: Route): string {
	const kept = Object.entries(query).filter(([, value]) => value !== '');
	const search = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`;
	return `#/${[page, ...path].map(encodeURIComponent).join('/')}${search}`;
}

/** A part that is no valid escape stands for itself. */
function decodePart(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

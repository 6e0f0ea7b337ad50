// The page's address as state: components read the route, and go elsewhere by pushing or replacing it.

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { firstRoute, formatRoute, type PageName, parseRoute, type Route } from '../../state/route';

function subscribe(listener: () => void): () => void {
	window.addEventListener('hashchange', listener);
	window.addEventListener('popstate', listener);
	return () => {
		window.removeEventListener('hashchange', listener);
		window.removeEventListener('popstate', listener);
	};
}

const readHash = () => window.location.hash;

/** The route that the address names; the first one where it names none. */
export function currentRoute(): Route {
	return parseRoute(readHash()) ?? firstRoute;
}

export function useRoute(): Route {
	const hash = useSyncExternalStore(subscribe, readHash);
	return useMemo(() => parseRoute(hash) ?? firstRoute, [hash]);
}

/** The page that the address names and that does not exist; null for a page, and for no address. */
export function useUnknownPage(): string | null {
	const hash = useSyncExternalStore(subscribe, readHash);
	const [name = ''] = hash.replace(/^#\/?/, '').split(/[/?]/);
	return name === '' || parseRoute(hash) ? null : name;
}

/** Opens another object: the way back leads here. */
export function go(page: PageName, path: readonly string[] = [], query: Route['query'] = {}): void {
	window.location.hash = formatRoute({ page, path, query });
}

/** Changes filters and selection of what is open; empty values are taken out. The way back skips it. */
export function changeQuery(changes: Route['query']): void {
	const route = currentRoute();
	window.history.replaceState(null, '', formatRoute({ ...route, query: { ...route.query, ...changes } }));
	// replaceState tells nobody.
	window.dispatchEvent(new PopStateEvent('popstate'));
}

/** One key of the query as state: its value, '' when absent, and a setter that replaces the address. */
export function useQueryValue(key: string): [string, (value: string) => void] {
	const value = useRoute().query[key] ?? '';
	const set = useCallback((next: string) => changeQuery({ [key]: next }), [key]);
	return [value, set];
}

export function routeHref(page: PageName, path: readonly string[] = [], query: Route['query'] = {}): string {
	return formatRoute({ page, path, query });
}

// Whether the window matches a media query, as state.

import { useCallback, useSyncExternalStore } from 'react';

export function useMediaQuery(query: string): boolean {
	const subscribe = useCallback(
		(listener: () => void) => {
			const list = window.matchMedia(query);
			list.addEventListener('change', listener);
			return () => list.removeEventListener('change', listener);
		},
		[query],
	);
	return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Under this width the navigation is a rail and side panels are drawers. */
export const narrowQuery = '(max-width: 1199px)';

/** Under this width, as in a zoomed window, lists are drawers too. */
export const smallQuery = '(max-width: 1023px)';

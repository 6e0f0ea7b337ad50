// Writes the latest object's name into an address that names only a page, so that a reload, a link and the browser's Back
// open the same object after a newer one has come.

import { useEffect } from 'react';
import { formatRoute, type PageName } from '../../state/route';
import { currentRoute, useRoute } from './navigation';

/** `id` null: what is shown moves by itself to the next object, as a run under way does. */
export function useNamedObject(page: PageName, id: string | null): void {
	const isNamed = useRoute().path.length > 0;
	useEffect(() => {
		const route = currentRoute();
		if (id === null || isNamed || route.page !== page || route.path.length > 0) return;
		window.history.replaceState(null, '', formatRoute({ ...route, path: [id] }));
		window.dispatchEvent(new PopStateEvent('popstate'));
	}, [page, id, isNamed]);
}

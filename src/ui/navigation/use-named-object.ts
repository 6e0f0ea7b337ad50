// An address that names only a place shows the place's latest object: this writes its name in, so that a reload, a link and
// the way back open the same one after a newer one has come.

import { useEffect } from 'react';
import { formatRoute, type PlaceName } from '../../state/route';
import { currentRoute, useRoute } from './navigation';

/** `id` null: what is shown goes on by itself to the next object, as a run under way does. */
export function useNamedObject(place: PlaceName, id: string | null): void {
	const isNamed = useRoute().path.length > 0;
	useEffect(() => {
		const route = currentRoute();
		if (id === null || isNamed || route.place !== place || route.path.length > 0) return;
		window.history.replaceState(null, '', formatRoute({ ...route, path: [id] }));
		window.dispatchEvent(new PopStateEvent('popstate'));
	}, [place, id, isNamed]);
}

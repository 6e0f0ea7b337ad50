// What shows notices is no part of the first paint: it is loaded when the first one comes, or once the page is at rest.

import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { waitingNotices } from '../controls/toasts';

const Notices = lazy(() => import('./Notices'));

/** After the page was opened. A region that is there before its first notice is read aloud by every screen reader. */
const restMs = 4000;

export function LateNotices() {
	const isWanted = useSyncExternalStore(waitingNotices.subscribe, waitingNotices.has);
	const [isLoaded, setLoaded] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLoaded(true), restMs);
		return () => clearTimeout(timer);
	}, []);
	useEffect(() => {
		if (isWanted) setLoaded(true);
	}, [isWanted]);
	if (!isLoaded) return null;
	return (
		<Suspense fallback={null}>
			<Notices />
		</Suspense>
	);
}

// What shows notices is no part of the first paint: it is loaded when the first one comes, or once the page is at rest.

import { useEffect, useState, useSyncExternalStore } from 'react';
import { brokenCorner } from '../kit/controls/broken-part';
import { lazyPart, type PartFailure } from '../kit/controls/lazy-part';
import { waitingNotices } from '../kit/controls/toasts';

const Notices = lazyPart(() => import('./Notices'), {
	broken: (failure) => <PlainNotices failure={failure} />,
});

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
	return <Notices />;
}

/** Without the notices' own code: what waits, plainly. */
function PlainNotices({ failure }: { failure: PartFailure }) {
	const texts = useSyncExternalStore(waitingNotices.subscribe, waitingNotices.texts);
	const [closedAt, setClosedAt] = useState(-1);
	if (closedAt >= texts.length) return null;
	return brokenCorner(failure, texts.slice(Math.max(0, closedAt)), () => setClosedAt(texts.length));
}

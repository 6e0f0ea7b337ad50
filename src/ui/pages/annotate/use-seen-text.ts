// How much of each sentence has been on screen since the page was opened: Enter confirms only a sentence whose end the user could see.

import { type RefObject, useEffect, useMemo } from 'react';
import { unitsInView } from './reveal';
import { useSessionStore } from './session-context';

export interface SeenText {
	/** Notes what is on screen now; gives how many units of the open sentence, from its beginning, have been. */
	look(): number;
}

export function useSeenText(editorRef: RefObject<HTMLElement | null>): SeenText {
	const session = useSessionStore();
	const seenText = useMemo(() => {
		const seen = new Map<string, number>();
		const look = () => {
			const { editing, editingOf } = session.getState();
			if (!editorRef.current || !editing || editingOf === null) return 0;
			const units = Math.max(seen.get(editingOf) ?? 0, unitsInView(editorRef.current, editing.length));
			seen.set(editingOf, units);
			return units;
		};
		return { look };
	}, [session, editorRef]);
	useEffect(() => {
		const { look } = seenText;
		// Captured: the sentence's own scrolling does not bubble.
		document.addEventListener('scroll', look, { capture: true, passive: true });
		window.addEventListener('resize', look);
		return () => {
			document.removeEventListener('scroll', look, { capture: true });
			window.removeEventListener('resize', look);
		};
	}, [seenText]);
	return seenText;
}

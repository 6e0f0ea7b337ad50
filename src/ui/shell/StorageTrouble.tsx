// Watches whether storage answers and everything is saved; what there is to say then is loaded when it is needed. The
// browser asks before a page with unsaved work is closed.

import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useDataStores } from '../context/data-context';
import { brokenBlock } from '../kit/controls/broken-part';
import { lazyPart } from '../kit/controls/lazy-part';

const StorageSigns = lazyPart(() => import('./StorageSigns'), { broken: brokenBlock });

export function StorageTrouble() {
	const { storage, unsaved } = useDataStores();
	const isAnswering = useStore(storage, ({ state }) => state.kind === 'opening' || state.kind === 'ready');
	const isWhole = useStore(storage, ({ cleared }) => cleared === null);
	const hasUnsaved = useStore(unsaved, ({ works }) => works.length > 0);
	useSaveWhenRoom(hasUnsaved);
	return isAnswering && isWhole && !hasUnsaved ? null : <StorageSigns />;
}

/** Saves when there may be room again: something was deleted (here or in another tab), or the user is back at the page. */
function useSaveWhenRoom(hasAny: boolean): void {
	const { unsaved, client } = useDataStores();
	useEffect(() => {
		if (!hasAny) return;
		const save = () => void unsaved.getState().saveAll();
		const ask = (event: BeforeUnloadEvent) => event.preventDefault();
		const events = ['storage', 'focus', 'online'] as const;
		for (const name of events) window.addEventListener(name, save);
		window.addEventListener('beforeunload', ask);
		const stopListening = client.on('workspace-changed', ({ change }) => {
			// Revision 0: deleted for good.
			if (change.revision === 0) save();
		});
		return () => {
			for (const name of events) window.removeEventListener(name, save);
			window.removeEventListener('beforeunload', ask);
			stopListening();
		};
	}, [hasAny, unsaved, client]);
}

// The stores of the page Data for all components below `DataContext`: what the browser keeps, the open corpus, files on
// their way in. Other pages read the list of items here too.

import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { CorpusBrowserState, CorpusBrowserStore } from '../../state/corpus-browser';
import type { CorpusWriter } from '../../state/corpus-writer';
import type { ImportState, ImportStore } from '../../state/import';
import { type Presence, presenceOf } from '../../state/presence';
import type { StorageStore } from '../../state/storage';
import type { UnsavedWorkStore } from '../../state/unsaved-work';
import { itemsOf, type WorkspaceState, type WorkspaceStore } from '../../state/workspace';
import { displayName } from '../../state/workspace-samples';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import type { ItemKind } from '../../storage/workspace/item-record';
import { invariant } from '../../util/errors';
import type { WorkerClient } from '../../wire/client';
import { useLanguage } from '../words/words';

export interface DataStores {
	client: WorkerClient;
	workspace: WorkspaceStore;
	browser: CorpusBrowserStore;
	importing: ImportStore;
	unsaved: UnsavedWorkStore;
	writer: CorpusWriter;
	storage: StorageStore;
}

export const DataContext = createContext<DataStores | null>(null);

export function useDataStores(): DataStores {
	const stores = useContext(DataContext);
	invariant(stores, 'a component stands outside DataContext');
	return stores;
}

export function useWorkspace<Part>(select: (state: WorkspaceState) => Part): Part {
	return useStore(useDataStores().workspace, select);
}

export function useBrowser<Part>(select: (state: CorpusBrowserState) => Part): Part {
	return useStore(useDataStores().browser, select);
}

export function useImport<Part>(select: (state: ImportState) => Part): Part {
	return useStore(useDataStores().importing, select);
}

/** Whether an item is here, not here, or not known yet; a sample is called in the page's language. */
export function usePresence<Kind extends ItemKind>(kind: Kind, id: string): Presence<ItemOf<Kind>> {
	const list = useWorkspace((state) => state.list);
	const arriving = useWorkspace((state) => state.arriving);
	const isReady = useWorkspace((state) => state.isReady);
	const language = useLanguage();
	return useMemo(() => {
		const presence = presenceOf({ list, arriving, isReady }, kind, id);
		if (presence.kind !== 'present') return presence;
		return { kind: 'present', item: { ...presence.item, name: displayName(presence.item, language) } };
	}, [list, arriving, isReady, kind, id, language]);
}

/** Of several things those that are certainly not here, such as those that an address names. */
export function useAbsent(kind: ItemKind, ids: readonly string[]): string[] {
	const list = useWorkspace((state) => state.list);
	const arriving = useWorkspace((state) => state.arriving);
	const isReady = useWorkspace((state) => state.isReady);
	return ids.filter((id) => presenceOf({ list, arriving, isReady }, kind, id).kind === 'absent');
}

/** Items of a kind outside the trash, in the order of their making; samples are called in the page's language. */
export function useItems<Kind extends ItemKind>(kind: Kind): ItemOf<Kind>[] {
	const list = useWorkspace((state) => state.list);
	const language = useLanguage();
	return itemsOf(list, kind).map((item) => ({ ...item, name: displayName(item, language) }));
}

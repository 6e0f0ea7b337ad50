// The annotation session of this page: made when the page is first opened, kept while others are, so that nothing is lost meanwhile.

import { useStore } from 'zustand';
import {
	type AnnotationStore,
	type AnnotationStoreState,
	createAnnotationStore,
} from '../../../state/annotation-store';
import type { WorkerClient } from '../../../wire/client';
import { useDataStores } from '../../context/data-context';

const stores = new WeakMap<WorkerClient, AnnotationStore>();

export function useSessionStore(): AnnotationStore {
	const { client, writer } = useDataStores();
	const store = stores.get(client) ?? createAnnotationStore(client, writer);
	stores.set(client, store);
	return store;
}

export function useSession<Part>(select: (state: AnnotationStoreState) => Part): Part {
	return useStore(useSessionStore(), select);
}

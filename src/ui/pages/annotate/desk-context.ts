// The desk of this page: made when the place is first opened, kept while others are, so that nothing is lost on the way.

import { useStore } from 'zustand';
import { type AnnotationDesk, type AnnotationDeskState, createAnnotationDesk } from '../../../state/annotation-desk';
import type { WorkerClient } from '../../../wire/client';
import { useDataStores } from '../../context/data-context';

const desks = new WeakMap<WorkerClient, AnnotationDesk>();

export function useDeskStore(): AnnotationDesk {
	const { client, writer } = useDataStores();
	const desk = desks.get(client) ?? createAnnotationDesk(client, writer);
	desks.set(client, desk);
	return desk;
}

export function useDesk<Part>(select: (state: AnnotationDeskState) => Part): Part {
	return useStore(useDeskStore(), select);
}

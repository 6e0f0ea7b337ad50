// The stores of models and of tagging for all components below `ModelsContext`.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ModelsState, ModelsStore } from '../../state/models';
import type { TaggingState, TaggingStore } from '../../state/tagging';
import { invariant } from '../../util/errors';

export interface ModelStores {
	models: ModelsStore;
	tagging: TaggingStore;
}

export const ModelsContext = createContext<ModelStores | null>(null);

function useStores(): ModelStores {
	const stores = useContext(ModelsContext);
	invariant(stores, 'a component stands outside ModelsContext');
	return stores;
}

export function useModels<Part>(select: (state: ModelsState) => Part): Part {
	return useStore(useStores().models, select);
}

export function useTagging<Part>(select: (state: TaggingState) => Part): Part {
	return useStore(useStores().tagging, select);
}

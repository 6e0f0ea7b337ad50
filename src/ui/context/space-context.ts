// The store of representations for all components below `SpaceContext`.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { SpaceState, SpaceStore } from '../../state/space';
import { invariant } from '../../util/errors';

export const SpaceContext = createContext<SpaceStore | null>(null);

export function useSpaceStore(): SpaceStore {
	const store = useContext(SpaceContext);
	invariant(store, 'a component stands outside SpaceContext');
	return store;
}

export function useSpace<Part>(select: (state: SpaceState) => Part): Part {
	return useStore(useSpaceStore(), select);
}

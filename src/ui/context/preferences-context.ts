// The user's preferences for all components below `PreferencesContext`.

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { PreferenceStore, Preferences } from '../../state/preferences';
import { invariant } from '../../util/errors';

export const PreferencesContext = createContext<PreferenceStore | null>(null);

export function usePreferenceStore(): PreferenceStore {
	const store = useContext(PreferencesContext);
	invariant(store, 'a component stands outside PreferencesContext');
	return store;
}

/** A part of the preferences; the component is drawn again when that part changes. */
export function usePreferences<Part>(select: (preferences: Preferences) => Part): Part {
	return useStore(usePreferenceStore(), select);
}

// Opens what lies over the whole page: palette, shortcuts.

import { createContext, useContext } from 'react';
import { invariant } from '../../util/errors';

export interface Overlays {
	openPalette(): void;
	openShortcuts(): void;
}

export const OverlaysContext = createContext<Overlays | null>(null);

export function useOverlays(): Overlays {
	const overlays = useContext(OverlaysContext);
	invariant(overlays, 'a component stands outside OverlaysContext');
	return overlays;
}

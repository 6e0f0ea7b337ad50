// Vector files that wait for their dialog: which units, for which corpus.

import { createStore } from 'zustand/vanilla';
import type { VectorUnits } from '../../data/vectors/unit-text';
import type { SourceFile } from '../../worker/protocol';

export interface WaitingVectors {
	file: SourceFile;
	/** What the content says; null when it was not asked. */
	units: VectorUnits | null;
}

export const waitingVectors = createStore<{ waiting: readonly WaitingVectors[] }>(() => ({ waiting: [] }));

export function askForVectors(vectors: WaitingVectors): void {
	waitingVectors.setState(({ waiting }) => ({ waiting: [...waiting, vectors] }));
}

export function nextVectors(): void {
	waitingVectors.setState(({ waiting }) => ({ waiting: waiting.slice(1) }));
}

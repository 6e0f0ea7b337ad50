// Vector files that wait for their dialog: which units, for which corpus. And the dialog that adds vectors: whether it is
// open, and the text files that were given to it.

import { createStore } from 'zustand/vanilla';
import type { VectorUnits } from '../../../data/vectors/unit-text';
import type { SourceFile } from '../../../wire/source-file';

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

export type VectorsWay = 'file' | 'text';

interface AddVectorsState {
	/** Null while it is closed. */
	way: VectorsWay | null;
	/** Raw text to learn from. */
	files: readonly SourceFile[];
}

export const addVectorsDialog = createStore<AddVectorsState>(() => ({ way: null, files: [] }));

export function openAddVectors(way: VectorsWay = 'file'): void {
	addVectorsDialog.setState({ way });
}

export function closeAddVectors(): void {
	addVectorsDialog.setState({ way: null, files: [] });
}

/** A file of the same name takes the place of the earlier one. */
export function addTextFiles(added: readonly File[]): void {
	addVectorsDialog.setState(({ files }) => {
		const names = new Set(added.map(({ name }) => name));
		const kept = files.filter(({ name }) => !names.has(name));
		return { files: [...kept, ...added.map((file) => ({ name: file.name, content: file }))] };
	});
}

export function removeTextFile(name: string): void {
	addVectorsDialog.setState(({ files }) => ({ files: files.filter((file) => file.name !== name) }));
}

// Workspaces for tests: a fresh database each, counted ids, and small things to keep in them.

import { IDBFactory } from 'fake-indexeddb';
import type { Corpus } from '../data/corpus';
import { corpusPart, describeCorpus, encodeCorpus } from '../storage/workspace/corpus-record';
import { type ItemChange, Workspace } from '../storage/workspace/workspace';

/** Gives the process an empty IndexedDB of its own, or takes it away. */
export function freshIndexedDB(isThere = true): void {
	Object.assign(globalThis, { indexedDB: isThere ? new IDBFactory() : undefined });
}

let lastId = 0;
export const countedId = () => `id-${++lastId}`;

export function openTiny(onChange?: (change: ItemChange) => void): Promise<Workspace> {
	return Workspace.open({ databaseName: 'test', newId: countedId, onChange });
}

export const tinyCorpus: Corpus = {
	name: 'tiny',
	unit: 'character',
	scheme: 'BIO',
	splits: {
		train: [
			{ characters: ['𠮷', '田', '来'], tags: ['B-PER', 'I-PER', 'O'], line: 1 },
			{ characters: ['他'], tags: ['O'], line: 5 },
		],
		dev: [{ characters: ['é', ' ', '京'], tags: ['O', 'O', 'B-LOC'], line: 1 }],
		test: [{ characters: ['e\u0301', '\ud800'], tags: null, line: 0 }],
	},
};

export async function addTinyCorpus(workspace: Workspace, id = 'a', nowMs = 10) {
	return workspace.create({
		kind: 'corpus',
		id,
		name: `corpus ${id}`,
		detail: describeCorpus(tinyCorpus, [], 0),
		parts: { [corpusPart]: encodeCorpus(tinyCorpus) },
		nowMs,
	});
}

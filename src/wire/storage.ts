// The part of the wire about storage itself: whether it answers, what was lost and brought back, whether runs are saved,
// and what memory holds of the user's work, as a file.

import type { ItemRef } from './items';
import type { WireError } from './wire-error';

export type WireStorageState =
	| { kind: 'opening' }
	| { kind: 'ready' }
	| { kind: 'waiting'; reason: 'blocked' | 'no-answer' }
	| { kind: 'closed'; error: WireError | null };

export interface HeldRef extends ItemRef {
	/** For people. */
	name: string;
}

export interface StorageCommands {
	/** Checks at once whether storage answers; `storage-state` reports the result. */
	'check-storage': { request: Record<string, never>; reply: { isChecked: true } };
	/** What memory holds, stored or not: the run with its last state, best model and input, open corpora. A workspace file; null
	 *  when there is nothing. */
	'export-held': { request: Record<string, never>; reply: { file: Blob | null; items: HeldRef[] } };
	/** Tries again to save the run that could not be saved. */
	'save-run': { request: { id: string }; reply: { isSaved: boolean } };
}

export interface StorageEvents {
	'storage-state': { state: WireStorageState };
	/** Everything that was stored is gone; `restored` is back, because memory held it. */
	'storage-cleared': { restored: HeldRef[] };
	/** Whether a run is saved, at each change of that: null, or why not. */
	'run-saving': { run: HeldRef; problem: WireError | null };
}

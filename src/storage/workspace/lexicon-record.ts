// A stored lexicon: the part `words` holds one word a line in UTF-8.

import { storageError } from '../storage-error';
import { hasCounts, isRecord } from '../workbench-file';
import type { KindDefinition } from './item-record';
import { isSourceList, type SourceInfo } from './source-info';

export interface LexiconDetail {
	wordCount: number;
	sources: SourceInfo[];
}

export const lexiconKind: KindDefinition<LexiconDetail> = {
	migrations: [],
	isValid: (detail): detail is LexiconDetail =>
		isRecord(detail) && hasCounts(detail, ['wordCount']) && isSourceList(detail.sources),
};

export const wordsPart = 'words';

/** Words hold no line break: each was read from a line. */
export function encodeWords(words: readonly string[]): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(words.join('\n'));
}

/** Throws a UserError `storage-damaged` for bytes that are no UTF-8. */
export function decodeWords(bytes: Uint8Array): string[] {
	if (bytes.length === 0) return [];
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
	} catch {
		throw storageError('damaged', 'invalid UTF-8', 'a lexicon');
	}
}

// What a preview has read of files on their way in, kept for the import of the same files with the same choices. Bounded:
// beyond the limit the oldest goes, and its files are read once more.

import type { CorpusReading, SourceBytes } from '../../data/formats/reading';
import type { CorpusSource } from '../../wire/imports';

export interface OpenedSource extends SourceBytes {
	choices: CorpusSource['choices'];
	/** What was packed round it. */
	packed: string[];
}

/** One file, or a text and its annotations. */
export interface ReadFiles {
	opened: OpenedSource[];
	readings: CorpusReading[];
}

/** Plain bytes; sentences in memory take about twenty times as much. */
const maxBytes = 32 * 2 ** 20;

export class KeptReadings {
	/** By the first file; oldest first. */
	private readonly kept = new Map<string, { key: string; sizeBytes: number; read: ReadFiles }>();

	/** What was read of these files with these choices; undefined where that is not kept. */
	find(files: readonly CorpusSource[]): ReadFiles | undefined {
		const entry = this.kept.get(files[0].readingId ?? '');
		return entry?.key === keyOf(files) ? entry.read : undefined;
	}

	/** In place of another reading of the same file. Files without an id are never kept. */
	keep(files: readonly CorpusSource[], read: ReadFiles): void {
		const { readingId } = files[0];
		if (readingId === undefined) return;
		this.kept.delete(readingId);
		const sizeBytes = read.opened.reduce((sum, { bytes }) => sum + bytes.length, 0);
		this.kept.set(readingId, { key: keyOf(files), sizeBytes, read });
		for (const [id] of this.kept) {
			if ([...this.kept.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0) <= maxBytes) return;
			this.kept.delete(id);
		}
	}

	forget(readingIds: readonly string[]): void {
		for (const id of readingIds) this.kept.delete(id);
	}
}

function keyOf(files: readonly CorpusSource[]): string {
	return JSON.stringify(files.map(({ name, readingId, choices = {} }) => [name, readingId, choices]));
}

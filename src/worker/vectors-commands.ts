// Commands about vector files: what a corpus still needs of one, and taking it out. A file is known again by its name,
// size, time and sampled blocks, so the second time nothing is read but what another corpus needs.

import { type Corpus, type Sentence, splitNames } from '../data/corpus';
import { buildLexicon, type Lexicon } from '../data/lexicon';
import { wantedWords } from '../data/prepare';
import type { VectorProgress } from '../data/vector-file';
import { compareFiles, type FileIdentity, hashSamples } from '../data/vectors/file-identity';
import {
	type PackedVectors,
	planReading,
	providePacked,
	type WantedRows,
	wantedKey,
} from '../data/vectors/packed-vectors';
import { readingPace } from '../data/vectors/reading-pace';
import { measureCoverage, type UnitCoverage } from '../data/vectors/unit-coverage';
import type { VectorUnits } from '../data/vectors/unit-text';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { decodeVectors, describeVectors, encodeVectors, vectorsPart } from '../storage/workspace/vectors-record';
import type { Workspace } from '../storage/workspace/workspace';
import { readChangedCorpus, readWords } from './corpus-commands';
import type { TaskProgress } from './data-commands';
import type { SourceFile } from './protocol';
import type { Handlers } from './serve';
import type { WorkerContext } from './worker-context';

export function vectorsHandlers(context: WorkerContext): Pick<Handlers, 'plan-vectors' | 'import-vectors'> {
	return {
		'plan-vectors': async ({ vectorsId, corpusId, units, lexiconId }) => {
			const workspace = await context.workspace();
			const record = decodeVectors(await workspace.readPart('vectors', vectorsId, vectorsPart));
			const want = await readWant(workspace, { corpusId, units, lexiconId });
			return { missingRows: planReading(record, want.rows).size, coverage: coverageOf(record, want) };
		},
		'import-vectors': ({ task, file, name, id = context.newId(), ...request }) =>
			context.tasks.run(task, async ({ report, signal }) => {
				const workspace = await context.workspace();
				const want = await readWant(workspace, request);
				const identity = await identityOf(file);
				const known = await findKnown(workspace, identity);
				const startedMs = context.nowMs();
				let progress: VectorProgress = { bytes: 0, entries: 0, kept: 0 };
				const tell = () => report(progressOf(progress, file.content.size, context.nowMs() - startedMs));
				const { record, hasRead } = await providePacked({
					record: known?.record ?? null,
					identity,
					wanted: want.rows,
					signal,
					open: () => told(file.content, tell),
					onEntries: (entries) => {
						progress = entries;
					},
				});
				const item = await keep(context, workspace, { record, known, name, id });
				return { item, hasRead, coverage: coverageOf(record, want) };
			}),
	};
}

interface Want {
	rows: WantedRows;
	units: VectorUnits;
	sentences: Sentence[];
	lexicon: Lexicon | null;
}

interface WantRequest {
	corpusId: string;
	units: VectorUnits;
	lexiconId: string | null;
}

/** What a corpus as its changes left it wants of a file. */
async function readWant(workspace: Workspace, { corpusId, units, lexiconId }: WantRequest): Promise<Want> {
	const { splits }: Corpus = await readChangedCorpus(workspace, corpusId);
	const sentences = splitNames.flatMap((name) => splits[name]);
	const wanted = wantedWords([{ sentences, notes: [] }]);
	const wants = { characters: wanted.character, bigrams: wanted.bigram, words: wanted.word }[units];
	const key = wantedKey(
		units,
		splitNames.map((name) => splits[name]),
	);
	const lexicon = lexiconId === null ? null : buildLexicon(await readWords(workspace, lexiconId));
	return { rows: { key, wants }, units, sentences, lexicon };
}

/** Without a lexicon the words of the file are the ones to look for. */
function coverageOf(record: PackedVectors, { units, sentences, lexicon }: Want): UnitCoverage {
	const words = new Set(record.words);
	const sought = lexicon ?? (units === 'words' ? buildLexicon(record.words) : null);
	return measureCoverage({ units, sentences, lexicon: sought, hasVector: (word) => words.has(word) });
}

async function identityOf({ name, content }: SourceFile): Promise<FileIdentity> {
	const readRange = async (start: number, end: number) => new Uint8Array(await content.slice(start, end).arrayBuffer());
	const lastModifiedMs = 'lastModified' in content ? Number(content.lastModified) : 0;
	const sampleHash = await hashSamples(content.size, readRange);
	return { name, sizeBytes: content.size, lastModifiedMs, sampleHash, sha256: null };
}

interface KnownVectors {
	item: ItemOf<'vectors'>;
	record: PackedVectors;
}

/** What is remembered of this file, under its name or another. */
async function findKnown(workspace: Workspace, identity: FileIdentity): Promise<KnownVectors | null> {
	for (const listed of await workspace.list('vectors')) {
		if (!listed.isReadable || listed.item.kind !== 'vectors' || listed.item.trashedAtMs !== null) continue;
		const { item } = listed;
		if (compareFiles(item.detail.identity, identity) === 'other') continue;
		return { item, record: decodeVectors(await workspace.readPart('vectors', item.id, vectorsPart)) };
	}
	return null;
}

async function keep(
	{ nowMs }: WorkerContext,
	workspace: Workspace,
	{ record, known, name, id }: { record: PackedVectors; known: KnownVectors | null; name: string; id: string },
): Promise<ItemOf<'vectors'>> {
	if (known && known.record === record) return known.item;
	const detail = describeVectors(record);
	const parts = { [vectorsPart]: encodeVectors(record) };
	const { item } = known ?? {};
	if (!item) return workspace.create({ kind: 'vectors', id, name, detail, parts, nowMs: nowMs() });
	return workspace.update('vectors', item.id, { revision: item.revision, nowMs: nowMs(), detail, parts });
}

/** The bytes of a file; before each chunk it is told how far the reading is, and a cancellation is heard. */
async function* told(content: Blob, tell: () => Promise<void>): AsyncGenerator<Uint8Array> {
	const reader = content.stream().getReader();
	try {
		for (;;) {
			await tell();
			const { value } = await reader.read();
			if (!value) return;
			yield value;
		}
	} finally {
		await reader.cancel();
	}
}

function progressOf(progress: VectorProgress, totalBytes: number, elapsedMs: number): TaskProgress {
	const { megabytesPerSecond, secondsLeft } = readingPace(progress, totalBytes, elapsedMs);
	const { bytes, entries, kept } = progress;
	const counts: Record<string, number> = { entries, kept, megabytesPerSecond };
	if (secondsLeft !== null) counts.secondsLeft = secondsLeft;
	return { done: bytes, total: totalBytes, unit: 'bytes', counts };
}

// Commands about vector files: what a corpus still needs of one, and taking it out. A file is known again by its name,
// size, time and sampled blocks, so the second time nothing is read but what another corpus needs.

import type { VectorProgress } from '../../data/vector-file';
import { compareFiles, type FileIdentity, hashSamples } from '../../data/vectors/file-identity';
import { type PackedVectors, planReading, providePacked } from '../../data/vectors/packed-vectors';
import { readingPace } from '../../data/vectors/reading-pace';
import { vectorFormats } from '../../data/vectors/vector-formats';
import { vectorRegistry } from '../../data/vectors/vector-registry';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { decodeVectors, describeVectors, encodeVectors, vectorsPart } from '../../storage/workspace/vectors-record';
import type { Workspace } from '../../storage/workspace/workspace';
import type { SourceFile } from '../../wire/source-file';
import type { TaskProgress } from '../../wire/tasks';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { reportedBytes } from './reported-bytes';
import { trainVectorsHandlers } from './train-vectors';
import { coverageOf, readWant } from './wanted-rows';

export function vectorsHandlers(
	context: WorkerContext,
): Pick<Handlers, 'plan-vectors' | 'import-vectors' | 'train-vectors' | 'export-vectors'> {
	return {
		...trainVectorsHandlers(context),
		'plan-vectors': async ({ vectorsId, corpusId, units, lexiconId }) => {
			const workspace = await context.workspace();
			const record = decodeVectors(await workspace.readPart('vectors', vectorsId, vectorsPart));
			const want = await readWant(workspace, { corpusId, units, lexiconId });
			return { missingRows: planReading(record, want.rows).size, coverage: coverageOf(record, want) };
		},
		'export-vectors': async ({ id, format }) => {
			const workspace = await context.workspace();
			const { name } = await workspace.get('vectors', id);
			const record = decodeVectors(await workspace.readPart('vectors', id, vectorsPart));
			const stem = name.replace(/(\.(gz|bz2|zst|vec|txt|bin))+$/i, '') || name;
			const type = format === 'word2vec-text' ? 'text/plain;charset=utf-8' : '';
			const file = new Blob(vectorRegistry[format].encode(record), { type });
			return { files: [{ name: `${stem}${vectorFormats[format].extension}`, file }] };
		},
		'import-vectors': ({ task, file, name, id = context.newId(), ...request }) =>
			context.tasks.run(task, async ({ report, signal }) => {
				const workspace = await context.workspace();
				const want = await readWant(workspace, request);
				const identity = await identityOf(file);
				const known = await findKnown(workspace, identity);
				const startedMs = context.nowMs();
				let progress: VectorProgress = { bytes: 0, entries: 0, kept: 0 };
				const reportRead = () => report(progressOf(progress, file.content.size, context.nowMs() - startedMs));
				const { record, hasRead } = await providePacked({
					record: known?.record ?? null,
					identity,
					wanted: want.rows,
					signal,
					open: () => reportedBytes(file.content, reportRead),
					onEntries: (entries) => {
						progress = entries;
					},
				});
				const item = await keep(context, workspace, { record, known, name, id });
				return { item, hasRead, coverage: coverageOf(record, want) };
			}),
	};
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

function progressOf(progress: VectorProgress, totalBytes: number, elapsedMs: number): TaskProgress {
	const { megabytesPerSecond, secondsLeft } = readingPace(progress, totalBytes, elapsedMs);
	const { bytes, entries, kept } = progress;
	const counts: Record<string, number> = { entries, kept, megabytesPerSecond };
	if (secondsLeft !== null) counts.secondsLeft = secondsLeft;
	return { done: bytes, total: totalBytes, unit: 'bytes', counts };
}

// Trains vectors on files of raw text and on the train sentences of stored corpora, slice by slice, so that other commands
// are answered and a run continues meanwhile. Nothing is kept before the end.

import { buildLexicon } from '../../data/lexicon';
import { visitRawText } from '../../data/vectors/raw-text';
import type { SkipGramProgress, TrainedVectors } from '../../data/vectors/skip-gram';
import { type UnitText, UnitTextBuilder } from '../../data/vectors/unit-text';
import { checkTraining, packTrained, trainVectors, type VectorTraining } from '../../data/vectors/vector-training';
import type { SourceInfo } from '../../storage/workspace/source-info';
import {
	describeVectors,
	encodeVectors,
	type VectorProvenance,
	vectorsPart,
} from '../../storage/workspace/vectors-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import { Sha256 } from '../../util/sha256';
import type { SourceFile } from '../../wire/source-file';
import type { TaskProgress } from '../../wire/tasks';
import { unpackAll } from '../corpora/archives';
import { readStoredCorpus, readWords } from '../corpora/corpus-handlers';
import type { Handlers } from '../serve';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';
import { reportedBytes } from './reported-bytes';
import { coverageOf, readWant } from './wanted-rows';

/** Units of text that the page takes: their tables take a few hundred megabytes. */
const maxUnits = 20_000_000;

export function trainVectorsHandlers(context: WorkerContext): Pick<Handlers, 'train-vectors'> {
	return {
		'train-vectors': ({ task, name, files, corpusIds, lexiconId, training, coverageCorpusId, id = context.newId() }) =>
			context.tasks.run(task, async (running) => {
				checkTraining(training);
				const workspace = await context.workspace();
				const lexicon = await openLexicon(workspace, training, lexiconId);
				const builder = new UnitTextBuilder(training.units, lexicon && buildLexicon(lexicon.words), maxUnits);
				const sources: SourceInfo[] = [];
				for (const corpusId of corpusIds) sources.push(await addCorpus(workspace, corpusId, builder));
				for (const file of await unpackAll(files, running)) sources.push(await addFile(file, builder, running));
				const text = builder.finish(training.minCount);
				const { trained, epochs } = await trainToEnd(text, training, { running, nowMs: context.nowMs });
				const record = packTrained(trained, sources);
				const characters = text.pieceStart[text.pieceStart.length - 1];
				const provenance: VectorProvenance = {
					...training,
					epochs,
					sources,
					lexicon: lexicon?.name ?? null,
					characters,
				};
				const item = await workspace.create({
					kind: 'vectors',
					id,
					name,
					detail: describeVectors(record, provenance),
					parts: { [vectorsPart]: encodeVectors(record) },
					nowMs: context.nowMs(),
				});
				if (coverageCorpusId === null) return { item, coverage: null };
				const want = { corpusId: coverageCorpusId, units: training.units, lexiconId };
				return { item, coverage: coverageOf(record, await readWant(workspace, want)) };
			}),
	};
}

async function openLexicon(workspace: Workspace, { units }: VectorTraining, lexiconId: string | null) {
	if (units !== 'words') return null;
	if (lexiconId === null) {
		throw new UserError({
			code: 'vector-training-lexicon',
			expected: 'a lexicon with the words to train vectors for',
			found: 'none',
			remedy: 'Choose a lexicon, or train character or bigram vectors.',
		});
	}
	const { name } = await workspace.get('lexicon', lexiconId);
	return { name, words: await readWords(workspace, lexiconId) };
}

/** Its train sentences, as the changes left them: dev and test stay unseen. */
async function addCorpus(workspace: Workspace, id: string, builder: UnitTextBuilder): Promise<SourceInfo> {
	const { item, view } = await readStoredCorpus(workspace, id);
	const hash = new Sha256();
	const encoder = new TextEncoder();
	for (const { sentence } of view.splits.train) {
		hash.update(encoder.encode(`${sentence.characters.join('')}\n`));
		builder.addCharacters(sentence.characters);
	}
	return { name: item.name, sizeBytes: hash.sizeBytes, sha256: hash.digestHex() };
}

async function addFile(
	{ name, content }: SourceFile,
	builder: UnitTextBuilder,
	{ report, signal }: Task,
): Promise<SourceInfo> {
	const hash = new Sha256();
	const reportRead = () => report({ done: hash.sizeBytes, total: content.size, unit: 'bytes', counts: {} });
	const onBytes = (chunk: Uint8Array) => hash.update(chunk);
	await visitRawText(reportedBytes(content, reportRead), { file: name, signal, onBytes }, builder.add);
	return { name, sizeBytes: content.size, sha256: hash.digestHex() };
}

async function trainToEnd(
	text: UnitText,
	training: VectorTraining,
	{ running, nowMs }: { running: Task; nowMs(): number },
): Promise<{ trained: TrainedVectors; epochs: number }> {
	const steps = trainVectors(text, training);
	const startedMs = nowMs();
	for (let epochs = 0; ; ) {
		const { done, value } = steps.next();
		if (done) return { trained: value, epochs };
		epochs = value.epochs;
		await running.report(progressOf(value, nowMs() - startedMs));
	}
}

function progressOf({ epoch, epochs, done, total, loss }: SkipGramProgress, elapsedMs: number): TaskProgress {
	const charactersPerSecond = elapsedMs > 0 ? (1000 * done) / elapsedMs : 0;
	const counts: Record<string, number> = { epoch, epochs, charactersPerSecond };
	if (charactersPerSecond > 0) counts.secondsLeft = (total - done) / charactersPerSecond;
	if (loss !== null) counts.loss = loss;
	return { done, total, unit: 'items', counts };
}

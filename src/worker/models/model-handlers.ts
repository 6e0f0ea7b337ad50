// Commands about what training leaves and needs besides corpora: logs of runs, checkpoint files, lexicons.

import { readWordList } from '../../data/word-list';
import { isTorchName, readPublishedModel, writePublishedModel } from '../../model/published-model';
import { decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import { encodeWords, wordsPart } from '../../storage/workspace/lexicon-record';
import { invariant, UserError } from '../../util/errors';
import type { SourceFile } from '../../wire/source-file';
import { transferring } from '../../wire/transfer';
import { fingerprint } from '../runs/fingerprint';
import { readLog } from '../runs/saved-run';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { fetchModel, readShippedList } from './shipped-models';

type ModelCommand =
	| 'import-lexicon'
	| 'load-run'
	| 'import-checkpoint'
	| 'export-checkpoint'
	| 'shipped-models'
	| 'export-model';

export function modelHandlers(context: WorkerContext): Pick<Handlers, ModelCommand> {
	const { tasks, newId, nowMs } = context;
	return {
		'import-lexicon': ({ task, file, name, id = newId() }) =>
			tasks.run(task, async ({ report }) => {
				const { content } = file;
				const words = [...new Set(await readWordList(counted(content, report), { file: file.name }))];
				const source = { name: file.name, sizeBytes: content.size, sha256: await fingerprint(content) };
				return (await context.workspace()).create({
					kind: 'lexicon',
					id,
					name,
					detail: { wordCount: words.length, sources: [source] },
					parts: { [wordsPart]: encodeWords(words) },
					nowMs: nowMs(),
				});
			}),
		'load-run': async ({ id }) => {
			const workspace = await context.workspace();
			const item = await workspace.get('run', id);
			const log = await readLog(workspace, item);
			const { stages: _, ...columns } = log.steps;
			return transferring({ item, log }, Object.values(columns));
		},
		'import-checkpoint': async ({ file, name, vocabularies }) => {
			const { bytes, checkpoint } = await readModelFile(file, vocabularies);
			return (await context.workspace()).create({
				kind: 'checkpoint',
				id: newId(),
				name,
				detail: describeCheckpoint(checkpoint, null),
				parts: { [checkpointPart]: bytes },
				nowMs: nowMs(),
			});
		},
		'export-checkpoint': async ({ id }) => {
			const bytes = await (await context.workspace()).readPart('checkpoint', id, checkpointPart);
			return { file: new Blob([bytes]) };
		},
		'shipped-models': async ({ base }) => ({ models: await readShippedList(base) }),
		'export-model': async ({ model, format, name }) => {
			invariant(model.kind !== 'run', 'the model of a run is stored before it can be exported');
			const bytes =
				model.kind === 'shipped'
					? await fetchModel(model, async () => {})
					: await (await context.workspace()).readPart('checkpoint', model.id, checkpointPart);
			if (format === 'workbench') return { files: [{ name: `${name}.safetensors`, file: new Blob([bytes]) }] };
			const published = writePublishedModel(decodeCheckpoint(bytes));
			return {
				files: [
					{ name: `${name}.bin`, file: new Blob([published.bytes]) },
					{ name: `${name}.bin.vocab.json`, file: new Blob([published.vocabularies]) },
				],
			};
		},
	};
}

/** A checkpoint of the workbench as it is, or a state_dict turned into one. */
async function readModelFile(file: SourceFile, vocabularies: SourceFile | undefined) {
	const bytes = new Uint8Array(await file.content.arrayBuffer());
	if (!isTorchName(file.name)) return { bytes, checkpoint: decodeCheckpoint(bytes, file.name) };
	if (!vocabularies) {
		throw new UserError({
			code: 'vocabularies-missing',
			location: { file: file.name },
			expected: 'a PyTorch state_dict together with a JSON file of its vocabularies',
			found: 'only the state_dict, which contains no vocabularies',
			remedy: 'Choose both files together; the JSON file has the lists lattice, bigram and label in id order.',
		});
	}
	const text = await vocabularies.content.text();
	const checkpoint = readPublishedModel({ file: file.name, bytes }, { file: vocabularies.name, text });
	return { bytes: encodeCheckpoint(checkpoint), checkpoint };
}

type Report = Parameters<Parameters<WorkerContext['tasks']['run']>[1]>[0]['report'];

/** The bytes of a file, with progress reported as they pass. */
async function* counted(content: Blob, report: Report): AsyncGenerator<Uint8Array> {
	let done = 0;
	const reader = content.stream().getReader();
	for (;;) {
		const { value } = await reader.read();
		if (!value) return;
		done += value.length;
		await report({ done, total: content.size, unit: 'bytes', counts: {} });
		yield value;
	}
}

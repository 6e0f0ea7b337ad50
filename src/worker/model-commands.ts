// Commands about what training leaves and needs besides corpora: logs of runs, checkpoint files, lexicons.

import { readWordList } from '../data/word-list';
import { decodeCheckpoint } from '../storage/checkpoint';
import { checkpointPart, describeCheckpoint } from '../storage/workspace/checkpoint-record';
import { encodeWords, wordsPart } from '../storage/workspace/lexicon-record';
import { fingerprint } from './fingerprint';
import { readLog } from './saved-run';
import type { Handlers } from './serve';
import type { WorkerContext } from './worker-context';

type ModelCommand = 'import-lexicon' | 'load-run' | 'import-checkpoint' | 'export-checkpoint';

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
			return { item, log: await readLog(workspace, item) };
		},
		'import-checkpoint': async ({ file, name }) => {
			const bytes = new Uint8Array(await file.content.arrayBuffer());
			const checkpoint = decodeCheckpoint(bytes, file.name);
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
	};
}

type Report = Parameters<Parameters<WorkerContext['tasks']['run']>[1]>[0]['report'];

/** The bytes of a file, with progress told as they pass. */
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

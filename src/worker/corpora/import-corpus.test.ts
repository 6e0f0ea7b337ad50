// Importing corpora and vectors over the wire, and a run that begins on what was stored.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StageConfig } from '../../experiment/config';
import { type RunState, stageStart } from '../../experiment/run-state';
import { noStoredInput } from '../../storage/workspace/run-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { presetRun, resumedRun } from '../../testing/run-requests';
import { connectTiny, type TinyWire } from '../../testing/tiny-wire';
import { freshIndexedDB } from '../../testing/tiny-workspace';
import type { CorpusSource } from '../../wire/imports';
import { beginRun } from '../runs/begin-run';

let wire: TinyWire;
beforeEach(() => {
	freshIndexedDB();
	wire = connectTiny();
});
afterEach(() => wire.close());

const file = (name: string, ...parts: BlobPart[]): CorpusSource => ({ name, content: new Blob(parts) });

const columns = (text: string) =>
	text
		.split('|')
		.map((sentence) => sentence.replace(/(.)(\S*) ?/gu, (_, character, tag) => `${character} ${tag || 'O'}\n`))
		.join('\n');
const train = columns('李B-PER 明I-PER 在O 南B-GPE 京I-GPE |长B-LOC 江I-LOC 很O 长O ');
const dev = columns('王B-PER 在O 北B-GPE 京I-GPE ');

async function gzip(text: string): Promise<Blob> {
	return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

async function importTiny() {
	const files = [file('train.conll', train), file('dev.conll', dev)];
	return wire.client.ask('import-corpus', { task: 't', files, name: 'tiny' });
}

describe('a preview', () => {
	test('tells format, split, counts and first sentences, and keeps nothing', async () => {
		const { files } = await wire.client.ask('preview-corpus', { task: 't', files: [file('train.conll', train)] });
		expect(files).toMatchObject([
			{
				isRead: true,
				format: 'conll',
				scheme: 'BIO',
				parts: [
					{ split: 'train', sentences: 2, characters: 9, mentions: 3, mentionsByType: { PER: 1, GPE: 1, LOC: 1 } },
				],
			},
		]);
		const [preview] = files;
		expect(preview.isRead && preview.first[1].spans).toEqual([{ start: 0, end: 2, type: 'LOC' }]);
		expect((await wire.client.ask('list-items', {})).items).toEqual([]);
	});

	test('names what is wrong with one file and still shows the other', async () => {
		const broken = file('dev.conll', '王 B-PER\n在\n');
		const files = [broken, file('train.conll', train)];
		const previews = (await wire.client.ask('preview-corpus', { task: 't', files })).files;
		expect(previews.map(({ isRead }) => isRead)).toEqual([false, true]);
		const [refused] = previews;
		expect(!refused.isRead && refused.error).toMatchObject({
			kind: 'user',
			parts: { location: { file: 'dev.conll' } },
		});
	});

	test('looks into packed files and says so', async () => {
		const content = await gzip(train);
		const { files } = await wire.client.ask('preview-corpus', { task: 't', files: [{ name: 'x.bin', content }] });
		expect(files).toMatchObject([{ isRead: true, format: 'conll', packed: ['gzip'] }]);
	});

	test('takes the user’s answers', async () => {
		const source = { ...file('some.conll', train), choices: { split: 'test' as const } };
		const { files } = await wire.client.ask('preview-corpus', { task: 't', files: [source] });
		expect(files).toMatchObject([{ parts: [{ split: 'test' }] }]);
	});
});

test('an imported corpus has its splits and remembers its files', async () => {
	const { id, detail } = await importTiny();
	expect(detail.sentences).toEqual({ train: 2, dev: 1, test: 0 });
	expect(detail.sources.map(({ name, sha256 }) => [name, sha256.length])).toEqual([
		['train.conll', 64],
		['dev.conll', 64],
	]);
	const page = await wire.client.ask('sentences', { id, filter: { split: 'dev' }, offset: 0, limit: 5 });
	expect(page.rows.map(({ characters }) => characters.join(''))).toEqual(['王在北京']);
});

test('changes show in sentences, exports and the doctor', async () => {
	const { id, revision } = await importTiny();
	const changes = [
		{
			kind: 'drop-sentences' as const,
			sentences: [{ split: 'train' as const, index: 0 }],
			reason: 'unwanted' as const,
		},
		{ kind: 'rename-types' as const, types: ['LOC'], to: 'RIVER' },
	];
	await wire.client.ask('save-corpus-changes', { id, revision, changes });
	const page = await wire.client.ask('sentences', { id, filter: { split: 'train' }, offset: 0, limit: 5 });
	expect(page.rows.map(({ ref, spans }) => [ref.index, spans[0].type])).toEqual([[1, 'RIVER']]);
	const { files } = await wire.client.ask('export-corpus', { id, format: 'conll' });
	expect(files.map(({ name }) => name)).toEqual(['tiny.train.conll', 'tiny.dev.conll']);
	expect(await files[0].file.text()).toMatch(/长\sB-RIVER/);
	const request = { task: 'd', id, lexiconId: null, characterVectorsId: null };
	const { numbers } = await wire.client.ask('examine-corpus', request);
	expect(numbers.splits.train.sentences).toBe(1);
});

test('changes that do not fit the corpus are refused', async () => {
	const { id, revision } = await importTiny();
	const changes = [{ kind: 'mark-for-relabel' as const, sentences: [{ split: 'dev' as const, index: 7 }] }];
	const code = await errorCodeOfAsync(() => wire.client.ask('save-corpus-changes', { id, revision, changes }));
	expect(code).toBe('changes-malformed');
});

const vectorText = '李 1 0\n明 0 1\n王 1 1\n上 2 2\n海 3 3\n';

test('vectors are read once for a corpus, and again only for what another one needs', async () => {
	const corpus = await importTiny();
	const ask = (corpusId: string) =>
		wire.client.ask('import-vectors', {
			task: 'v',
			name: 'mine',
			file: { name: 'v.vec', content: new Blob([vectorText]) },
			corpusId,
			units: 'characters',
			lexiconId: null,
		});
	const first = await ask(corpus.id);
	expect([first.hasRead, first.item.detail.rowCount, first.coverage.found]).toEqual([true, 3, 3]);
	const second = await ask(corpus.id);
	expect([second.hasRead, second.item.id, second.item.revision]).toEqual([false, first.item.id, 1]);

	const files = [file('a.conll', columns('上B-GPE 海I-GPE '))];
	const other = await wire.client.ask('import-corpus', { task: 't', files, name: 'other' });
	const want = { vectorsId: first.item.id, corpusId: other.id, units: 'characters' as const, lexiconId: null };
	expect((await wire.client.ask('plan-vectors', want)).missingRows).toBe(2);
	const third = await ask(other.id);
	expect([third.hasRead, third.item.id, third.item.detail.rowCount]).toEqual([true, first.item.id, 5]);
	expect((await wire.client.ask('plan-vectors', want)).missingRows).toBe(0);
});

describe('a run', () => {
	const noFiles = { lexicon: null, characterVectors: null, bigramVectors: null, wordVectors: null };
	const begunState = (): RunState => ({
		position: { stageIndex: 0, progress: stageStart(), stages: [], eventCount: 0, seconds: 1 },
		parameters: Float32Array.of(9),
		bestParameters: Float32Array.of(2),
		optimizer: { first: Float32Array.of(8), second: null },
	});
	const filesOfTiny = () => ({
		train: file('train.conll', train),
		dev: file('dev.conll', dev),
		test: null,
		...noFiles,
	});

	test('on a stored corpus prepares the data that the files give', async () => {
		const { id } = await importTiny();
		const input = { kind: 'files', files: filesOfTiny() } as const;
		const byFiles = await beginRun(wire.context, presetRun('', { input }), () => {});
		const byStore = await beginRun(wire.context, presetRun(id), () => {});
		expect(byStore.run.data).toEqual(byFiles.run.data);
		const { items } = await wire.client.ask('list-items', { kind: 'run' });
		expect(items.map(({ detail }) => 'input' in detail && detail.input.corpusId)).toEqual([id, null]);
	});

	test('on stored vectors reads and decodes them once, also for text that is tagged later', async () => {
		const { id: corpusId } = await importTiny();
		const { item } = await wire.client.ask('import-vectors', {
			task: 'v',
			name: 'mine',
			file: { name: 'v.vec', content: new Blob([vectorText]) },
			corpusId,
			units: 'characters',
			lexiconId: null,
		});
		const reads = vi.spyOn(await wire.context.workspace(), 'readPart');
		const stored = { ...noStoredInput, corpusId, characterVectorsId: item.id };
		const { run } = await beginRun(wire.context, presetRun('', { input: { kind: 'stored', stored } }), () => {});
		const sentence = { characters: ['李', '王'], tags: null, line: 0 };
		expect((await run.source.readVectors([sentence])).characterVectors?.words).toEqual(['李', '王']);
		expect(reads.mock.calls.filter(([kind]) => kind === 'vectors')).toHaveLength(1);
		reads.mockRestore();
	});

	test('on files is resumed with the same files, and refused without them', async () => {
		const input = { kind: 'files', files: filesOfTiny() } as const;
		const { runId, keeper, release } = await beginRun(wire.context, presetRun('', { input }), () => {});
		await keeper.save(begunState(), { isLast: true });
		release();
		const code = await errorCodeOfAsync(() => beginRun(wire.context, resumedRun(runId), () => {}));
		expect(code).toBe('run-input-missing');
		const again = await beginRun(wire.context, resumedRun(runId, { files: filesOfTiny() }), () => {});
		expect(again.runId).toBe(runId);
	});

	test('that nobody saved cannot be resumed', async () => {
		expect(await errorCodeOfAsync(() => beginRun(wire.context, resumedRun(), () => {}))).toBe('no-saved-run');
	});

	test('is resumed from its best epoch with its learning rates times a factor, and keeps them so', async () => {
		const { id } = await importTiny();
		const first = await beginRun(wire.context, presetRun(id), () => {});
		const { config } = first.run;
		await first.keeper.save(begunState(), { isLast: true });
		first.release();
		const again = resumedRun(first.runId, { learningRateFactor: 0.5 });
		const rates = (stages: readonly StageConfig[]) => stages.map(({ optimizer }) => optimizer.learningRate);
		const halved = rates(config.stages).map((rate) => rate / 2);
		const begun = await beginRun(wire.context, again, () => {});
		expect(rates(begun.run.config.stages)).toEqual(halved);
		expect(begun.resumeFrom).toMatchObject({
			parameters: Float32Array.of(2),
			optimizer: { first: Float32Array.of(0), second: null },
		});
		const { item } = await wire.client.ask('load-run', { id: first.runId });
		expect(rates(item.detail.config?.stages ?? [])).toEqual(halved);
	});
});

// Vectors from raw text over a real wire: what is kept, that it is the command's, and that it can be called off.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readVectors } from '../../data/vector-file';
import { formatVectors } from '../../data/vectors/vector-text';
import { defaultTraining } from '../../data/vectors/vector-training';
import { decodeVectors } from '../../storage/workspace/vectors-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { runNerco } from '../../testing/nerco-process';
import { connectTiny, type TinyWire } from '../../testing/tiny-wire';
import { addTinyCorpus, freshIndexedDB } from '../../testing/tiny-workspace';
import type { TaskProgress } from '../../wire/tasks';

let wire: TinyWire;
beforeEach(() => {
	freshIndexedDB();
	wire = connectTiny();
});
afterEach(() => wire.close());

const text = '今天天气好\n明天天气不好\n'.repeat(20);
const small = { ...defaultTraining('characters'), dimension: 4, epochs: 2, seed: 3 };
const base = { task: 't', name: 'mine', corpusIds: [], lexiconId: null, training: small, coverageCorpusId: null };
const fileOf = (content: string, name = 'text.txt') => ({ name, content: new Blob([content]) });

async function storedVectors(id: string) {
	return decodeVectors(await (await wire.context.workspace()).readPart('vectors', id, 'vectors'));
}

test('words trained in the page are those of the command, number by number', async () => {
	const lexicon = '今天\n天气\n';
	const words = await wire.client.ask('import-lexicon', { task: 'l', name: 'words', file: fileOf(lexicon, 'w.txt') });
	const training = { ...small, units: 'words' as const };
	const { item } = await wire.client.ask('train-vectors', {
		...base,
		files: [fileOf(text)],
		lexiconId: words.id,
		training,
	});
	expect(item.detail).toMatchObject({
		dimension: 4,
		training: { ...training, lexicon: 'words', characters: 220, sources: [{ name: 'text.txt', sizeBytes: 660 + 40 }] },
	});

	const folder = mkdtempSync(join(tmpdir(), 'train-vectors-'));
	writeFileSync(join(folder, 'text.txt'), text);
	writeFileSync(join(folder, 'words.txt'), lexicon);
	const inputs = ['--text', join(folder, 'text.txt'), '--lexicon', join(folder, 'words.txt'), '--units', 'words'];
	const settings = ['--dimension', '4', '--epochs', '2', '--seed', '3', '--out', join(folder, 'out.vec')];
	expect((await runNerco(['vectors', 'train', ...inputs, ...settings])).code).toBe(0);
	expect([...formatVectors(await storedVectors(item.id))].join('')).toBe(readFileSync(join(folder, 'out.vec'), 'utf8'));
	rmSync(folder, { recursive: true });
});

test('the train sentences of a corpus are learned from, dev and test are not, and the coverage is told', async () => {
	await addTinyCorpus(await wire.context.workspace());
	const { item, coverage } = await wire.client.ask('train-vectors', {
		...base,
		files: [],
		corpusIds: ['a'],
		coverageCorpusId: 'a',
	});
	expect((await storedVectors(item.id)).words.toSorted()).toEqual(['他', '来', '田', '𠮷'].toSorted());
	expect(coverage?.found).toBe(4);
	const want = { vectorsId: item.id, corpusId: 'a', units: 'characters' as const, lexiconId: null };
	expect((await wire.client.ask('plan-vectors', want)).missingRows).toBe(0);
});

test('progress tells epoch, rate and time left; a cancelled training keeps nothing', async () => {
	const heard: TaskProgress[] = [];
	const training = { ...small, epochs: 1000 };
	const trained = wire.client.ask('train-vectors', { ...base, files: [fileOf(text.repeat(50))], training });
	const code = errorCodeOfAsync(() => trained);
	await new Promise<void>((done) => {
		wire.client.on('task-progress', ({ progress }) => {
			heard.push(progress);
			if (progress.counts.epoch !== undefined) done();
		});
	});
	expect(await wire.client.ask('cancel-task', { task: 't' })).toEqual({ isCancelled: true });
	expect(await code).toBe('task-cancelled');
	const { counts } = heard.find(({ counts }) => counts.epoch !== undefined) as TaskProgress;
	expect(counts).toMatchObject({
		epochs: 1000,
		secondsLeft: expect.any(Number),
		charactersPerSecond: expect.any(Number),
	});
	expect((await wire.client.ask('list-items', {})).items).toEqual([]);
});

test.each([
	[{ files: [fileOf('一')] }, 'skip-gram-text-small'],
	[{ files: [fileOf(text)], training: { ...small, dimension: 0 } }, 'vector-training-setting'],
	[{ files: [fileOf(text)], training: { ...small, units: 'words' as const } }, 'vector-training-lexicon'],
	[{ files: [fileOf('李 B-PER\n明 I-PER\n')] }, 'text-with-labels'],
])('a request that cannot be met names why (%#)', async (request, expected) => {
	expect(await errorCodeOfAsync(() => wire.client.ask('train-vectors', { ...base, ...request }))).toBe(expected);
});

test('trained vectors leave as word2vec text or binary and come back number by number', async () => {
	const { item } = await wire.client.ask('train-vectors', { ...base, name: 'mine.vec', files: [fileOf(text)] });
	const own = await storedVectors(item.id);
	for (const [format, name] of [
		['word2vec-text', 'mine.vec'],
		['word2vec-binary', 'mine.bin'],
	] as const) {
		const { files } = await wire.client.ask('export-vectors', { id: item.id, format });
		expect(files.map((file) => file.name)).toEqual([name]);
		const read = await readVectors(files[0].file.stream(), { file: name, wants: () => true });
		expect(read.words).toEqual(own.words);
		expect([...read.values]).toEqual([...own.values]);
	}
});

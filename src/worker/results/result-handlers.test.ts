// Results over a real wire: errors in pages, comparisons, whole runs as files, folders of the headless command.

import { describe, expect, test } from 'vitest';
import { splitResults } from '../../analysis/run-results';
import type { PredictedSentence } from '../../data/predicted-sentence';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import { encodePredictions } from '../../storage/predictions-file';
import { encodeLog } from '../../storage/workspace/run-log';
import { freshRunDetail, noStoredInput } from '../../storage/workspace/run-record';
import { errorCodeOfAsync } from '../../testing/error-code';
import { connectPerTest, type TinyWire } from '../../testing/tiny-wire';
import { transfersOf } from '../../wire/transfer';
import { modelHandlers } from '../models/model-handlers';
import { logPieceName } from '../runs/run-record-changes';

const connect = connectPerTest();

const gold = ['B-PER I-PER O', 'O B-LOC', 'B-PER O'];
const sentencesOf = (predicted: readonly string[]): PredictedSentence[] =>
	gold.map((tags, index) => ({
		ref: { split: 'test', index },
		start: 0,
		characters: [...'甲乙丙'].slice(0, tags.split(' ').length),
		gold: tags.split(' '),
		predicted: predicted[index].split(' '),
		isInTrain: index === 2,
	}));
const wrong = sentencesOf(['B-PER O O', 'O O', 'B-PER O']);
const right = sentencesOf(gold);
const predictions = (sentences: PredictedSentence[]) => ({
	split: 'test' as const,
	stage: 'full',
	epoch: 2,
	sentences,
});
const events: TrainingEvent[] = [
	{ kind: 'step', stage: 'full', epoch: 1, step: 1, loss: 0.1, learningRate: 0.5, characters: 8, seconds: 0.5 },
	{ kind: 'finished', reason: 'completed', message: '', stages: [], seconds: 5 },
];

async function addRun({ context }: TinyWire, id: string, sentences: PredictedSentence[] | null) {
	const test = sentences && splitResults(sentences);
	return (await context.workspace()).create({
		kind: 'run',
		id,
		name: `run ${id}`,
		detail: {
			...freshRunDetail(noStoredInput),
			config: presetConfig('smoke'),
			state: 'completed',
			results: test && { stage: 'full', epoch: 2, dev: null, test },
			logEvents: events.length,
		},
		parts: {
			[logPieceName(0)]: encodeLog(events, 0),
			...(sentences ? { 'predictions/test': encodePredictions(predictions(sentences)) } : {}),
		},
		nowMs: 5,
	});
}

const choice = { id: 'a', split: 'test' as const, rule: 'published' as const };

test('a result opens with scores, confusion and kinds, its types named as in the tags', async () => {
	const wire = connect();
	await addRun(wire, 'a', wrong);
	const opened = await wire.client.ask('open-result', choice);
	expect(opened).toMatchObject({ sentences: 3, leaked: 1, types: ['PER', 'LOC'] });
	expect(opened?.scores.perType).toHaveProperty('PER');
	expect(opened?.kinds).toMatchObject({ correct: 1, boundary: 1, missed: 1 });
	expect(opened?.confusion.counts).toEqual([
		[2, 0, 0],
		[0, 0, 1],
		[0, 0, 0],
	]);
	await addRun(wire, 'old', null);
	expect(await wire.client.ask('open-result', { ...choice, id: 'old' })).toBeNull();
});

test('errors come in pages, filtered', async () => {
	const wire = connect();
	await addRun(wire, 'a', wrong);
	const all = await wire.client.ask('result-errors', { ...choice, filter: {}, offset: 1, limit: 5 });
	expect(all).toMatchObject({ total: 2, kinds: { boundary: 1, missed: 1 } });
	expect(all.rows).toMatchObject([{ number: 2, ref: { split: 'test', index: 1 }, pair: { kind: 'missed' } }]);
	const missing = wire.client.ask('result-errors', { ...choice, split: 'dev', filter: {}, offset: 0, limit: 1 });
	expect(await errorCodeOfAsync(() => missing)).toBe('results-missing');
});

describe('a comparison', () => {
	const compared = { first: ['a'], second: ['b'], split: 'test' as const, rule: 'strict' as const };

	test('gives the difference with its interval, and sentences by what became of them', async () => {
		const wire = connect();
		await addRun(wire, 'a', wrong);
		await addRun(wire, 'b', right);
		const comparison = await wire.client.ask('compare-results', { task: 't', ...compared });
		expect(comparison).toMatchObject({ shared: 3, total: 3, outcomes: { fixed: 2, broken: 0, bothRight: 1 } });
		expect(comparison.bootstrap.difference).toBeCloseTo(1 - 0.4, 12);
		expect(comparison.bootstrap).toMatchObject({ resamples: 10_000, high: 1 });
		const { rows, total } = await wire.client.ask('compared-sentences', {
			...compared,
			show: 'fixed',
			offset: 0,
			limit: 1,
		});
		expect(total).toBe(2);
		expect(rows[0]).toMatchObject({ number: 1, predicted: [{ end: 1 }], second: [{ end: 2 }] });
	});

	test('of runs without a common sentence is refused', async () => {
		const wire = connect();
		await addRun(wire, 'a', wrong);
		await addRun(wire, 'b', [{ ...right[0], characters: ['丁', '乙', '丙'] }]);
		const asked = wire.client.ask('compare-results', { task: 't', ...compared });
		expect(await errorCodeOfAsync(() => asked)).toBe('results-differ');
	});
});

const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => ({ name, content: new Blob([content]) });

describe('files', () => {
	test('an exported run comes back with everything but its place', async () => {
		const wire = connect();
		const item = await addRun(wire, 'a', wrong);
		const { file: blob } = await wire.client.ask('export-run', { id: 'a' });
		const files = [file('whole.json', await blob.text())];
		const imported = await wire.client.ask('import-run', { files });
		expect(imported).toMatchObject({ name: 'run a', detail: item.detail });
		const { log } = await wire.client.ask('load-run', { id: imported.id });
		expect(log.others[0].event).toEqual(events[1]);
		const reply = await modelHandlers(wire.context)['load-run']({ id: imported.id });
		const { stages: _, ...columns } = reply.log.steps;
		expect(transfersOf(reply)).toEqual(Object.values(columns).map(({ buffer }) => buffer));
		const opened = await wire.client.ask('open-result', { ...choice, id: imported.id });
		expect(opened?.kinds.missed).toBe(1);
	});

	const result = (change: Record<string, unknown> = {}) =>
		JSON.stringify({
			format: 'nerco-result',
			version: 1,
			config: presetConfig('smoke'),
			data: { train: { file: 'train.txt', sha256: 'ab' } },
			versions: { node: '20' },
			...change,
		});
	const log = events.map((event) => JSON.stringify(event)).join('\n');

	test('the folder of a headless run becomes a run of its own', async () => {
		const { client } = connect();
		const files = [
			file('runs/mine/result.json', result()),
			file('runs/mine/metrics.jsonl', `${log}\n`),
			file('runs/mine/predictions-test.safetensors', encodePredictions(predictions(wrong))),
		];
		const imported = await client.ask('import-run', { files });
		expect(imported).toMatchObject({
			name: 'mine',
			detail: { state: 'completed', seconds: 5, inputNames: { train: 'train.txt' }, versions: { node: '20' } },
		});
		expect(imported.detail.testF1).toBeCloseTo(0.4, 9);
		expect(imported.detail.results?.test?.leaked).toBe(1);
	});

	test.each([
		['nothing', [], 'run-file-missing'],
		['a log without its result', [file('metrics.jsonl', log)], 'run-file-missing'],
		['a result without its log', [file('result.json', result())], 'run-file-missing'],
		['another JSON', [file('any.json', '{"a":1}')], 'run-file-kind'],
		['a later version', [file('result.json', result({ version: 9 })), file('metrics.jsonl', log)], 'run-file-version'],
		['no settings', [file('result.json', result({ config: 7 })), file('metrics.jsonl', log)], 'run-file-damaged'],
		['a torn log', [file('result.json', result()), file('metrics.jsonl', log.slice(0, -9))], 'run-file-json'],
		['a log of others', [file('result.json', result()), file('metrics.jsonl', '{"x":1}')], 'run-file-event'],
		['no JSON', [file('x.json', 'x')], 'run-file-json'],
	])('%s is refused and leaves nothing', async (_, files, code) => {
		const { client } = connect();
		expect(await errorCodeOfAsync(() => client.ask('import-run', { files }))).toBe(code);
		expect((await client.ask('list-items', { kind: 'run' })).items).toEqual([]);
	});
});

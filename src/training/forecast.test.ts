import { describe, expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import { createWasmDevice } from '../kernels/wasm/device';
import { networkShape } from '../model/shape';
import { tinyData } from '../testing/tiny-data';
import { measureForecast } from './calibrate';
import { arrangeFor, shapesFor } from './evaluate';
import { along, countStage, extentOf, fitLine, fitPeaks, forecastRun, numbersOf, workOf } from './forecast';
import { trainRun } from './train-run';

const data = tinyData({ train: 60, dev: 12, test: 8 });
const base = presetConfig('weibo');
const model = { ...base.model, heads: 2, headSize: 8, embeddingSize: 8, distanceOrigin: 'centred' as const };
const config = {
	...base,
	model,
	stages: base.stages.map((stage) => ({ ...stage, epochs: 2, stopAfter: 0, batchSize: 6 })),
};
const shape = networkShape(config, data);

describe('the line of a cost', () => {
	test('goes through points that are on a line', () => {
		const line = fitLine([1, 2, 5].map((x) => ({ x, y: 3 + 2 * x })));
		expect(line.fixed).toBeCloseTo(3, 9);
		expect(along(line, 10)).toBeCloseTo(23, 9);
	});

	test('never falls as work grows, nor costs less than nothing', () => {
		expect(
			fitLine([
				{ x: 1, y: 5 },
				{ x: 3, y: 1 },
			]),
		).toEqual({ fixed: 0, slope: 1.5 });
		expect(
			fitLine([
				{ x: 1, y: 0 },
				{ x: 3, y: 8 },
			]),
		).toEqual({ fixed: 0, slope: 2 });
	});

	test('of memory is flat where an earlier stage held more', () => {
		const held = [1, 2, 3].map((x) => ({ x, y: 9 }));
		expect(along(fitPeaks(held), 30)).toBe(9);
		expect(along(fitPeaks([...held, { x: 4, y: 10 }]), 30)).toBeGreaterThan(10);
	});

	test('takes one point as proportional to work', () => {
		expect(fitLine([{ x: 4, y: 2 }])).toEqual({ fixed: 0, slope: 0.5 });
	});
});

describe('counting', () => {
	const extent = { rows: 100, pairs: 1000, distances: 50, characters: 80, entityCharacters: 10 };

	test('gives pairs of nodes their share of work and memory', () => {
		const more = { ...extent, pairs: 2000 };
		const width = model.heads * model.headSize;
		expect(workOf(more, shape, 'crf') - workOf(extent, shape, 'crf')).toBe(1000 * (3 * width + 8 * model.heads));
		expect(numbersOf(more, shape, 'crf') - numbersOf(extent, shape, 'crf')).toBe(1000 * (1 + 4 * model.heads));
	});

	test('covers every sentence of an epoch and of both splits that are evaluated', () => {
		const { train, evaluation } = countStage(config, config.stages[1], data, { shape, layout: 'ragged' });
		const sentences = (batches: typeof train) => batches.reduce((sum, { indices }) => sum + indices.length, 0);
		expect([sentences(train), sentences(evaluation)]).toEqual([60, 20]);
	});
});

test('padded batches are counted in the shapes that a run pads them to', () => {
	const stage = config.stages[1];
	const { train } = countStage(config, stage, data, { shape, layout: 'padded' });
	const user = { device: { rowLayout: 'padded' as const }, shape };
	const { train: split } = data.splits;
	const lists = train.map(({ indices }) => indices);
	const inRun = lists.map((list) => arrangeFor(user, split, list, shapesFor(user, split, lists)));
	expect(train.map(({ numbers }) => numbers)).toEqual(
		inRun.map((batch) =>
			numbersOf(
				extentOf(batch, () => false),
				shape,
				'crf',
			),
		),
	);
});

describe('a forecast', () => {
	test('adds up measured costs over epochs and stages, and stops where a stage does', () => {
		const stages = [{ ...config.stages[1], epochs: 5, stopAfter: 3 }];
		const batch = { indices: Int32Array.of(0), work: 10, numbers: 100 };
		const batches = [{ train: [batch, batch], dev: [batch], evaluation: [batch] }];
		const costs = [
			{ train: { fixed: 1, slope: 0.1 }, evaluate: { fixed: 0, slope: 0.1 }, bytes: { fixed: 7, slope: 4 } },
		];
		const forecast = forecastRun({ ...config, stages }, batches, costs);
		expect(forecast.seconds).toBeCloseTo(3 * (2 * 2 + 1), 9);
		expect(forecast.bytesPeak).toBe(407);
	});

	test('of a tiny run is of the size that the run then has', async () => {
		const seconds = () => process.cpuUsage().user / 1e6; // of this process: others may be busy
		const device = await createWasmDevice();
		const forecast = await measureForecast(config, data, { device, clock: seconds });
		device.dispose();
		const other = await createWasmDevice();
		const startedAt = seconds();
		for await (const _ of trainRun(config, data, { device: other, clock: seconds }));
		const measured = seconds() - startedAt;
		const { peakBytes } = other.memory();
		other.dispose();
		expect(forecast.stages.map(({ epochs }) => epochs)).toEqual([2, 2, 2]);
		expect(forecast.seconds / measured).toBeGreaterThan(0.2);
		expect(forecast.seconds / measured).toBeLessThan(5);
		expect(forecast.bytesPeak / (peakBytes ?? 0)).toBeGreaterThan(0.7);
		expect(forecast.bytesPeak / (peakBytes ?? 0)).toBeLessThan(1.5);
	});
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StageConfig } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import { referencePath } from '../testing/shared-data';
import { learningRateAt, plannedUpdates, stepsPerEpoch } from './schedule';

interface TrajectorySteps {
	lr: number;
	warmup: number;
	epochs: number;
	batch_size: number;
	instances: number;
	steps_per_epoch: number;
	total_steps_used_by_warmup: number;
	lr_used: number[][];
	step_of_lr: number[];
	epoch_of_lr: number[];
}

const folder = referencePath('trajectory');

function stageWith(change: Partial<StageConfig>, optimizer: Partial<StageConfig['optimizer']>): StageConfig {
	const [stage] = presetConfig('flat-weibo').stages;
	return { ...stage, ...change, optimizer: { ...stage.optimizer, ...optimizer } };
}

test
	.skipIf(folder === null)
	.each([
		'crf',
		'crf-no-warmup',
		'contrastive',
		'contrastive-zero-batch',
		'contrastive-zero-last-batch',
		'crf-head-only',
	])('gives the published rates of trajectory %s (skipped: no shared data)', (name) => {
	const run: TrajectorySteps = JSON.parse(readFileSync(join(folder as string, name, 'steps.json'), 'utf8'));
	const stage = stageWith(
		{ batchSize: run.batch_size, epochs: run.epochs },
		{ learningRate: run.lr, warmup: run.warmup, epochDecay: 0.05 },
	);
	const options = { sentences: run.instances, warmupSilencesDecay: true };
	expect(stepsPerEpoch(stage, run.instances)).toBe(run.steps_per_epoch);
	expect(plannedUpdates(stage, run.instances)).toBe(run.total_steps_used_by_warmup);
	const rates = run.step_of_lr.map((step, index) => learningRateAt(stage, step, run.epoch_of_lr[index], options));
	for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(run.lr_used[index][0], 15);
	expect(rates.length).toBeGreaterThanOrEqual(50);
});

test('as intended, the epoch decay acts beside the warm-up', () => {
	const stage = stageWith({ batchSize: 10, epochs: 10 }, { learningRate: 1, warmup: 0.1, epochDecay: 0.05 });
	const options = { sentences: 100, warmupSilencesDecay: false };
	expect(learningRateAt(stage, 5, 1, options)).toBeCloseTo(0.5, 12);
	expect(learningRateAt(stage, 25, 3, options)).toBeCloseTo(1 / 1.1, 12);
});

test('summed batches count as one update of the warm-up', () => {
	const stage = stageWith({ batchSize: 10, epochs: 10, updateEvery: 2 }, { learningRate: 1, warmup: 0.5 });
	const options = { sentences: 95, warmupSilencesDecay: true };
	expect(plannedUpdates(stage, 95)).toBe(50);
	expect(learningRateAt(stage, 10, 1, options)).toBeCloseTo(0.2, 12);
});

test('the linear schedule begins at 0, reaches the whole rate after the warm-up, and does not end at 0', () => {
	const stage = stageWith(
		{ batchSize: 10, epochs: 3 },
		{ learningRate: 2, warmup: 0.1, epochDecay: 0, schedule: 'linear' },
	);
	const options = { sentences: 100, warmupSilencesDecay: true };
	const rate = (step: number) => learningRateAt(stage, step, 1, options);
	expect([1, 2, 3, 4, 5].map(rate)).toEqual([0, 2 / 3, 4 / 3, 2, (2 * 26) / 27]);
	expect(rate(30)).toBeCloseTo(2 / 27, 12);
});

test('the linear schedule without warm-up begins at the whole rate; batches that are summed share theirs', () => {
	const stage = stageWith(
		{ batchSize: 10, epochs: 1, updateEvery: 2 },
		{ learningRate: 1, warmup: 0, epochDecay: 0, schedule: 'linear' },
	);
	const options = { sentences: 100, warmupSilencesDecay: true };
	const rates = [1, 2, 3, 4, 10].map((step) => learningRateAt(stage, step, 1, options));
	expect(rates.map((rate) => rate.toFixed(12))).toEqual([1, 1, 0.8, 0.8, 0.2].map((rate) => rate.toFixed(12)));
});

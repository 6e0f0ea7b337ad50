import { expect, test } from 'vitest';
import type { PreparedData } from '../../data/prepared';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import { tinyData } from '../../testing/tiny-data';
import { nextBatch } from './next-batch';
import type { ReadRun } from './read-run';

const config = presetConfig('smoke');
for (const stage of config.stages) stage.batchSize = 4;
const data: PreparedData = tinyData({ train: 9, dev: 1, test: 1 });
const places = data.splits.train.map(({ characterRows }, index) => ({
	ref: { split: 'train' as const, index },
	start: 0,
	characters: Array.from(characterRows, String),
}));
const splits = { train: places, dev: [], test: [] };
const run = { config, data, places: { corpusId: null, unit: 'character', splits } } as unknown as ReadRun;

const stepOf = (step: number, epoch: number): Extract<TrainingEvent, { kind: 'step' }> => ({
	kind: 'step',
	stage: config.stages[0].name,
	epoch,
	step,
	loss: 1,
	learningRate: 1,
	characters: 1,
	seconds: 0,
});

test('batches of an epoch follow each other, and together they are all sentences', () => {
	// Three batches an epoch: behind steps 3, 4 and 5 come the three of the second epoch.
	const batches = [stepOf(3, 1), stepOf(4, 2), stepOf(5, 2)].map((step) => nextBatch(run, step)!);
	expect(batches.map((batch) => batch.length)).toEqual([4, 4, 1]);
	const indices = batches.flat().map(({ ref }) => ref!.index);
	expect(indices.sort((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
	const [first] = batches[0];
	expect([...first.gold]).toEqual([...data.splits.train[first.ref!.index].tags]);
	expect(first.characters).toEqual(places[first.ref!.index].characters);
});

test('before the first step there is none', () => {
	expect(nextBatch(run, null)).toBeNull();
});

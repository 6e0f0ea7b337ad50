import { expect, test } from 'vitest';
import { checkConfig } from './check-config';
import { asIntended, asPublished } from './config';
import { presetConfig, presets, presetTitle } from './presets';
import { publishedResults } from './published-results';

test.each(presets.map((preset) => preset.name))('%s passes the check of settings', (name) => {
	const config = presetConfig(name);
	expect(config.preset).toBe(name);
	expect(() => checkConfig(config)).not.toThrow();
});

test('every preset has a title of its own in both languages', () => {
	for (const language of ['en', 'zh'] as const)
		expect(new Set(presets.map(({ title }) => title[language])).size).toBe(presets.length);
	expect(presetTitle('another')).toEqual({ en: 'another', zh: 'another' });
});

test('published and flat presets have every quirk on, the others none', () => {
	for (const preset of presets) {
		const isOurs = ['smoke', 'sample', 'sample-flat'].includes(preset.name);
		expect(preset.config.quirks, preset.name).toEqual(isOurs ? asIntended : asPublished);
	}
});

// The settings of the published program's scripts.
test.each([
	['weibo', [40, 8e-4, 0.05, 0.1, 0.08], [10, 20], [10, 4e-4, 0.05, 0.05], 1080956, 3],
	['resume', [20, 4e-4, 0.05, 0.05, 0.07], [8, 20], [10, 4e-4, 0.05, 0.05], 24, 3],
	['msra', [40, 8e-4, 0.2, 0.1, 0.07], [10, 20], [10, 4e-4, 0.1, 0], 1080956, 2],
	['ontonotes', [20, 2e-4, 0.05, 0.05, 0.07], [8, 20], [10, 6e-4, 0, 0.05], 24, 2],
] as const)('%s has the numbers of the published script', (name, first, heads, last, seed, stages) => {
	const config = presetConfig(name);
	const [stageOne, stageTwo] = [config.stages[0], config.stages[config.stages.length - 1]];
	const { learningRate, weightDecay, warmup } = stageOne.optimizer;
	expect([stageOne.batchSize, learningRate, weightDecay, warmup, stageOne.temperature]).toEqual(first);
	expect([config.model.heads, config.model.headSize]).toEqual(heads);
	const two = stageTwo.optimizer;
	expect([stageTwo.batchSize, two.learningRate, two.warmup, two.weightDecay]).toEqual(last);
	expect(config.seed).toBe(seed);
	expect(config.stages).toHaveLength(stages);
	expect(config.stages.map((stage) => stage.patience)).toEqual(stages === 3 ? [10, 15, 15] : [10, 15]);
});

test('the stage-2 baseline of a corpus has the settings of its last NerCo stage', () => {
	for (const corpus of ['weibo', 'resume']) {
		const nerco = presetConfig(corpus);
		const flat = presetConfig(`flat-stage2-${corpus}`);
		const last = nerco.stages[nerco.stages.length - 1];
		expect(flat.model).toEqual(nerco.model);
		expect(flat.stages).toEqual([{ ...last, name: 'flat' }]);
	}
});

test('smoke takes at most 30 steps on a corpus of any size', () => {
	const { stages, data } = presetConfig('smoke', 100_000);
	const steps = stages.map((stage) => Math.ceil(data.limitTrain / stage.batchSize) * stage.epochs);
	expect(steps.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(30);
});

test('sample plans more epochs for a small corpus than for a large one', () => {
	const epochs = (sentences: number) => presetConfig('sample', sentences).stages.map((stage) => stage.epochs);
	expect(epochs(200)).toEqual([30, 10, 40]);
	expect(epochs(2000)).toEqual([3, 2, 6]);
	expect(epochs(50_000)).toEqual([2, 2, 2]);
});

test('the rate of sample-flat falls to the same end whatever the number of epochs', () => {
	for (const sentences of [200, 2000, 50_000]) {
		const { epochs, optimizer } = presetConfig('sample-flat', sentences).stages[0];
		expect(optimizer.epochDecay * epochs, `${sentences} sentences`).toBeCloseTo(4);
	}
});

test('a preset config is a copy that may be changed', () => {
	presetConfig('weibo').stages[0].optimizer.learningRate = 7;
	expect(presetConfig('weibo').stages[0].optimizer.learningRate).toBe(8e-4);
});

test('an unknown preset is refused with the list of names', () => {
	expect(() => presetConfig('wiebo')).toThrow(/flat-weibo.*'wiebo'/);
});

test('every published row points to a preset and is between 0 and 1', () => {
	for (const row of publishedResults) {
		expect(presets.some((preset) => preset.name === row.preset)).toBe(true);
		expect(row.testF1).toBeGreaterThan(0.5);
		expect(row.testF1).toBeLessThan(1);
	}
});

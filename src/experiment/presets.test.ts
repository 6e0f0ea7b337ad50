import { expect, test } from 'vitest';
import { checkConfig } from './check-config';
import { asIntended, asPublished, usesBert } from './config';
import { presetConfig, presets, presetTitle } from './presets';
import { publishedResults } from './published-results';
import { settingDifferences } from './setting-differences';

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
		const isOurs = ['smoke', 'smoke-bert', 'sample', 'sample-flat'].includes(preset.name);
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

const corpora = ['weibo', 'resume', 'msra', 'ontonotes'];

test.each(corpora)(
	'%s-bert is the preset of the corpus with BERT, unfrozen at epoch 21 of the last stage',
	(corpus) => {
		const [plain, config] = [presetConfig(corpus), presetConfig(`${corpus}-bert`)];
		expect(config.model).toEqual({ ...plain.model, encoder: 'flat-bert' });
		expect(config.data).toEqual({ ...plain.data, clipTest: corpus === 'msra' });
		expect(config.bert).toEqual({ wordDropout: 0.01, outputDropout: 0, features: 'fresh', recompute: 'auto' });
		const groups = config.stages.map((stage) => [stage.groups.bert.rate, stage.groups.bert.firstEpoch]);
		const frozen = Array.from({ length: plain.stages.length - 1 }, () => [0.05, 0]);
		expect(groups).toEqual([...frozen, [0.05, 21]]);
		const withoutGroups = ({ stages }: typeof config) => stages.map(({ groups: _, ...stage }) => stage);
		expect(withoutGroups(config)).toEqual(withoutGroups(plain));
	},
);

test.each(corpora)('flat-bert-%s has the defaults of the program of FLAT', (corpus) => {
	const { stages, model, data } = presetConfig(`flat-bert-${corpus}`);
	const [{ optimizer, groups, batchSize }] = stages;
	expect(stages.map(({ name }) => name)).toEqual(['flat']);
	expect([optimizer.learningRate, optimizer.warmup, optimizer.weightDecay, batchSize]).toEqual([6e-4, 0.1, 0, 10]);
	expect(groups.bert).toEqual({ rate: 0.05, firstEpoch: 21 });
	expect({ model, data }).toMatchObject(pick(presetConfig(`${corpus}-bert`)));
});

const pick = ({ model, data }: ReturnType<typeof presetConfig>) => ({ model, data });

test.each(corpora)('bert-%s-nerco differs from bert-%s in the stages before the last alone', (corpus) => {
	const [nerco, alone] = [presetConfig(`bert-${corpus}-nerco`), presetConfig(`bert-${corpus}`)];
	expect(pick(nerco)).toEqual(pick(alone));
	expect(alone.stages).toEqual([{ ...nerco.stages[nerco.stages.length - 1], name: 'bert' }]);
	expect(nerco.stages[0].groups.bert).toEqual({ rate: 1, firstEpoch: 1 });
	expect(alone.stages[0].groups.bert).toEqual({ rate: 1, firstEpoch: 21 });
	expect(alone.model).toMatchObject({ encoder: 'bert', lexicon: false, bigrams: false });
});

test('smoke-bert is smoke with BERT, which is frozen at first and trained at last', () => {
	const [plain, config] = [presetConfig('smoke'), presetConfig('smoke-bert')];
	const differing = settingDifferences(config, plain).map(({ path, to }) => `${path}=${to}`);
	expect(differing).toEqual(['model.encoder=flat-bert', 'stages.2.groups.bert.firstEpoch=2']);
	expect(config.stages[2].epochs).toBeGreaterThan(2);
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
		expect(usesBert(presetConfig(row.preset).model), row.preset).toBe(row.usesBert);
		expect(row.testF1).toBeGreaterThan(0.5);
		expect(row.testF1).toBeLessThan(1);
	}
});

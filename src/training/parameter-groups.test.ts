import { expect, test } from 'vitest';
import { layOutParameters } from '../kernels/parameters';
import { bertPrefix as bert } from '../model/shape';
import { decays, type GroupedStage, layerShare, trainedParameters } from './parameter-groups';

const names = {
	table: 'lattice_embed.embedding.weight',
	attention: 'encoder.layer_0.attn.w_q.weight',
	norm: 'encoder.layer_0.layer_postprocess.layer_norm.weight',
	output: 'output.weight',
	crf: 'crf.trans_m',
	words: `${bert}embeddings.word_embeddings.weight`,
	project: `${bert}embeddings_project.weight`,
	first: `${bert}encoder.layer.0.output.dense.weight`,
	last: `${bert}encoder.layer.11.attention.self.query.bias`,
	lastNorm: `${bert}encoder.layer.11.output.LayerNorm.weight`,
};
const spec = (name: string) => ({ name, shape: [2] });
const { table, attention, norm, output, crf, ...ofBert } = names;
const layout = layOutParameters([table, attention, norm, output, crf].map(spec), Object.values(ofBert).map(spec));

function stageWith(change: Partial<GroupedStage> = {}, bertGroup = { rate: 0.05, firstEpoch: 21 }): GroupedStage {
	const open = { rate: 1, firstEpoch: 1 };
	return {
		objective: 'crf',
		trains: 'all',
		updateEvery: 1,
		groups: { tables: open, encoder: open, head: { rate: 3, firstEpoch: 1 }, bert: bertGroup },
		optimizer: { layerDecay: 1, decaysBiases: true },
		...change,
	};
}

const trained = (stage: GroupedStage, epoch: number) => trainedParameters(layout, stage, { epoch, stepsPerEpoch: 135 });

test('as published BERT is trained from the beginning of epoch 21, at its share of the rate', () => {
	const stage = stageWith();
	expect(trained(stage, 20).map(({ entry }) => entry.name)).toEqual([table, attention, norm, output, crf]);
	const later = trained(stage, 21);
	expect(later).toHaveLength(10);
	const rates = new Map(later.map(({ entry, rate }) => [entry.name, rate]));
	expect([table, output, names.words, names.last].map((name) => rates.get(name))).toEqual([1, 3, 0.05, 0.05]);
	expect(later.every((parameter) => parameter.decays)).toBe(true);
});

test('a group whose first epoch is 0 is never trained', () => {
	expect(trained(stageWith({}, { rate: 1, firstEpoch: 0 }), 1000)).toHaveLength(5);
});

test('what a stage trains stays what it was: the head alone, or all but the head', () => {
	const open = { rate: 1, firstEpoch: 1 };
	const namesOf = (stage: GroupedStage) => trained(stage, 1).map(({ entry }) => entry.name);
	expect(namesOf(stageWith({ trains: 'head' }, open))).toEqual([output, crf]);
	expect(namesOf(stageWith({ objective: 'contrastive' }, open))).toEqual([
		table,
		attention,
		norm,
		...Object.values(ofBert),
	]);
});

test('the top layer has the whole rate, each one below less, the embeddings least', () => {
	expect(layerShare(names.last, 12, 0.9)).toBe(1);
	expect(layerShare(names.first, 12, 0.9)).toBeCloseTo(0.9 ** 11, 12);
	for (const name of [names.words, names.project]) expect(layerShare(name, 12, 0.9)).toBeCloseTo(0.9 ** 12, 12);
	expect(layerShare(attention, 12, 0.9)).toBe(1);
	const stage = stageWith({ optimizer: { layerDecay: 0.9, decaysBiases: true } });
	const rateOf = (name: string) => trained(stage, 21).find(({ entry }) => entry.name === name)?.rate;
	expect(rateOf(names.last)).toBe(0.05);
	expect(rateOf(names.words)).toBeCloseTo(0.05 * 0.9 ** 12, 12);
});

test('biases and the parameters of LayerNorm do not decay where the stage says so', () => {
	const without = Object.values(names).filter((name) => !decays(name, { decaysBiases: false }));
	expect(without).toEqual([norm, names.last, names.lastNorm]);
	expect(Object.values(names).every((name) => decays(name, { decaysBiases: true }))).toBe(true);
});

test("updates before a group's first are not its own", () => {
	const before = (stage: GroupedStage) =>
		new Map(trained(stage, 21).map(({ entry, updatesBefore }) => [entry.name, updatesBefore]));
	expect(before(stageWith()).get(names.words)).toBe(20 * 135);
	expect(before(stageWith({ updateEvery: 2 })).get(names.words)).toBe(10 * 135);
	expect(before(stageWith()).get(table)).toBe(0);
});

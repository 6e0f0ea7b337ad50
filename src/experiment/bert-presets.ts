// Presets with BERT, four for each corpus of the paper, made from those without: NerCo as published, FLAT with BERT, and
// BERT alone without and with stage 1. Their BERT is frozen for the first 20 epochs of the last stage, as published.

import type { DataConfig, ExperimentConfig, GroupConfig, OptimizerConfig, StageConfig } from './config';
import { full, type Preset, type PresetName, type PublishedCorpus, type StageChange } from './preset-parts';
import { publishedPresets } from './published-presets';

const corpora: readonly { corpus: PublishedCorpus; title: string }[] = [
	{ corpus: 'weibo', title: 'Weibo' },
	{ corpus: 'resume', title: 'Resume' },
	{ corpus: 'msra', title: 'MSRA' },
	{ corpus: 'ontonotes', title: 'OntoNotes 4' },
];

/** Of the learning rate while BERT is fine-tuned within a lattice encoder; alone it has the rate of all other parameters. */
const bertRate = 0.05;
const unfrozenFrom = 21;

/** The defaults of FLAT's own program, whose BERT is as frozen and as slow as NerCo's. */
const flatWithBert: Partial<OptimizerConfig> = { learningRate: 6e-4, warmup: 0.1, weightDecay: 0 };

export const bertPresets: readonly Preset[] = corpora.flatMap(({ corpus, title }) => [
	{
		name: `${corpus}-bert` as const,
		title: { en: `NerCo with BERT, ${title} settings (published)`, zh: `NerCo + BERT，${title} 设置（论文）` },
		summary: {
			en: `${corpus} with BERT features as published: BERT is frozen at first and fine-tuned from epoch ${unfrozenFrom} of the last stage.`,
			zh: `在 ${corpus} 的基础上加入 BERT 特征，与论文一致：BERT 先冻结，从最后阶段的第 ${unfrozenFrom} 轮起微调。`,
		},
		config: withLattice(corpus),
	},
	{
		name: `flat-bert-${corpus}` as const,
		title: { en: `Baseline: FLAT with BERT, ${title}`, zh: `基线：FLAT + BERT，${title}` },
		summary: {
			en: `FLAT with BERT features and the learning rate of its own program, without the contrastive stage; compare with ${corpus}-bert.`,
			zh: `FLAT 加 BERT 特征，用其原程序的学习率训练，不含对比学习阶段；可与 ${corpus}-bert 对比。`,
		},
		config: flatBaseline(corpus),
	},
	{
		name: `bert-${corpus}` as const,
		title: { en: `Baseline: BERT alone, ${title}`, zh: `基线：只用 BERT，${title}` },
		summary: {
			en: `BERT with an output layer and a CRF, with the last-stage settings of ${corpus} and one learning rate for all parameters.`,
			zh: `BERT 加输出层与 CRF，用 ${corpus} 最后阶段的设置训练，全部参数共用一个学习率。`,
		},
		config: bertAlone(corpus),
	},
	{
		name: `bert-${corpus}-nerco` as const,
		title: { en: `NerCo on BERT alone, ${title}`, zh: `NerCo，只用 BERT，${title}` },
		summary: {
			en: `The stages of ${corpus} with BERT alone as the encoder; compare with bert-${corpus} to see what the contrastive stage adds.`,
			zh: `以 BERT 为唯一编码器走完 ${corpus} 的各阶段；与 bert-${corpus} 对比可以看出对比学习的作用。`,
		},
		config: nercoOnBert(corpus),
	},
]);

/** The preset without BERT, under another name. */
function baseOf(corpus: PublishedCorpus, preset: PresetName): ExperimentConfig {
	const base = publishedPresets.find(({ name }) => name === corpus) as Preset;
	return { ...base.config, preset, data: dataOf(base.config.data) };
}

/** The published loader clips the test file of MSRA as well. */
function dataOf(data: DataConfig): DataConfig {
	return { ...data, clipTest: data.devIsTest };
}

function isFull({ objective, trains }: StageConfig): boolean {
	return objective === 'crf' && trains === 'all';
}

function withBertGroup(stage: StageConfig, bert: GroupConfig): StageConfig {
	return { ...stage, groups: { ...stage.groups, bert } };
}

function withLattice(corpus: PublishedCorpus): ExperimentConfig {
	const base = baseOf(corpus, `${corpus}-bert`);
	const stages = base.stages.map((stage) =>
		withBertGroup(stage, { rate: bertRate, firstEpoch: isFull(stage) ? unfrozenFrom : 0 }),
	);
	return { ...base, model: { ...base.model, encoder: 'flat-bert' }, stages };
}

function flatBaseline(corpus: PublishedCorpus): ExperimentConfig {
	const base = baseOf(corpus, `flat-bert-${corpus}`);
	const flat: StageChange = { name: 'flat', optimizer: flatWithBert };
	const stages = [withBertGroup(full(flat), { rate: bertRate, firstEpoch: unfrozenFrom })];
	return { ...base, model: { ...base.model, encoder: 'flat-bert' }, stages };
}

function bertAlone(corpus: PublishedCorpus): ExperimentConfig {
	const { stages, ...nerco } = nercoOnBert(corpus);
	return { ...nerco, preset: `bert-${corpus}`, stages: [{ ...stages[stages.length - 1], name: 'bert' }] };
}

/** In the contrastive stage nothing but BERT can learn, so it is trained from the beginning there. */
function nercoOnBert(corpus: PublishedCorpus): ExperimentConfig {
	const base = baseOf(corpus, `bert-${corpus}-nerco`);
	const firstEpoch = (stage: StageConfig) => (stage.objective === 'contrastive' ? 1 : isFull(stage) ? unfrozenFrom : 0);
	const stages = base.stages.map((stage) => withBertGroup(stage, { rate: 1, firstEpoch: firstEpoch(stage) }));
	return { ...base, model: { ...base.model, encoder: 'bert', lexicon: false, bigrams: false }, stages };
}

// The presets: settings for known corpora and for newcomers. A preset holds only what differs from `base`, with its
// reason. Numbers of `weibo`, `resume`, `msra` and `ontonotes` are those of the published training scripts (Zhang et
// al., IJCAI 2023), without BERT; `flat-*` are FLAT (Li et al., ACL 2020) on the same code, without stage 1.

import { UserError } from '../util/errors';
import {
	asIntended,
	asPublished,
	type BertSettings,
	type DataConfig,
	type ExperimentConfig,
	type ModelConfig,
	type OptimizerConfig,
	publishedGroups,
	type StageConfig,
} from './config';
import { configVersion } from './config-versions';
import type { Words } from './fields';

export type PresetName =
	| 'weibo'
	| 'resume'
	| 'msra'
	| 'ontonotes'
	| 'flat-weibo'
	| 'flat-resume'
	| 'flat-stage2-weibo'
	| 'flat-stage2-resume'
	| 'flat-msra'
	| 'flat-ontonotes'
	| 'smoke'
	| 'sample'
	| 'sample-flat';

export interface Preset {
	name: PresetName;
	/** A few words for people, shown with the name. */
	title: Words;
	/** One sentence for people: what it trains and for whom. */
	summary: Words;
	config: ExperimentConfig;
	/** Updates that each stage should get on a corpus of any size; the epochs are derived from it. Absent: epochs are fixed. */
	targetSteps?: readonly number[];
}

/** The encoder of the published scripts: FLAT with one layer, 10 heads of 20, without BERT. */
const publishedModel: ModelConfig = {
	encoder: 'flat',
	heads: 10,
	headSize: 20,
	layers: 1,
	feedForwardFactor: 3,
	fusion: 'ff_two',
	distanceOrigin: 'shifted',
	bigrams: true,
	lexicon: true,
	embeddingSize: 50,
	crfStartEnd: false,
	constrainedDecoding: false,
	embeddingDropout: 0.5,
	feedForwardDropout: 0.15,
	outputDropout: 0.3,
	wordDropout: 0.01,
};

/** How the published program uses BERT, where it does. */
const publishedBert: BertSettings = { wordDropout: 0.01, outputDropout: 0, features: 'fresh', recompute: 'auto' };

/** The published optimiser; rates, decay and warm-up differ per corpus and stage. */
const publishedSgd: OptimizerConfig = {
	kind: 'sgd',
	learningRate: 4e-4,
	momentum: 0.9,
	beta2: 0.999,
	epsilon: 1e-8,
	weightDecay: 0.05,
	clipValue: 5,
	clipNorm: 0,
	layerDecay: 1,
	decaysBiases: true,
	schedule: 'constant',
	warmup: 0.05,
	epochDecay: 0.05,
};

/** AdamW for the small presets: with so few updates SGD at a safe rate would hardly leave the start. */
const quickAdamW: OptimizerConfig = {
	...publishedSgd,
	kind: 'adamw',
	learningRate: 2e-3,
	weightDecay: 0.01,
	warmup: 0.1,
};

const allData: DataConfig = { limitTrain: 0, clipLength: 0, normalizeEmbeddings: true, devIsTest: false };

/** The published scripts plan 100 epochs and stop by patience. */
const crfStage: StageConfig = {
	name: 'full',
	objective: 'crf',
	trains: 'all',
	batchSize: 10,
	batching: 'uniform',
	epochs: 100,
	stopAfter: 0,
	patience: 15,
	updateEvery: 1,
	accumulation: 'mean',
	groups: publishedGroups,
	temperature: 0.08,
	optimizer: publishedSgd,
};

type StageChange = Partial<Omit<StageConfig, 'optimizer'>> & { optimizer?: Partial<OptimizerConfig> };

function stage(base: StageConfig, change: StageChange): StageConfig {
	return { ...base, ...change, optimizer: { ...base.optimizer, ...change.optimizer } };
}

/** Stage 1: pulls the characters of one entity type together. Patience 10 on the dev loss. */
function contrastive(change: StageChange): StageConfig {
	return stage({ ...crfStage, name: 'contrastive', objective: 'contrastive', patience: 10 }, change);
}

/** Stage 2a: only the output layer and the CRF learn, the encoder keeps what stage 1 found. */
function head(change: StageChange): StageConfig {
	return stage({ ...crfStage, name: 'head', trains: 'head' }, change);
}

/** Stage 2b, or FLAT from scratch: everything learns for the tags. */
function full(change: StageChange): StageConfig {
	return stage(crfStage, change);
}

interface PresetChange {
	seed: number;
	model?: Partial<ModelConfig>;
	data?: Partial<DataConfig>;
	stages: StageConfig[];
}

function published(preset: PresetName, change: PresetChange): ExperimentConfig {
	return {
		version: configVersion(),
		preset,
		seed: change.seed,
		model: { ...publishedModel, ...change.model },
		bert: { ...publishedBert },
		data: { ...allData, ...change.data },
		stages: change.stages,
		quirks: { ...asPublished },
	};
}

/** As intended: none of the published program's slips. */
function intended(preset: PresetName, change: PresetChange): ExperimentConfig {
	const config = published(preset, change);
	return { ...config, model: { ...config.model, distanceOrigin: 'centred' }, quirks: { ...asIntended } };
}

const weiboSeed = 1080956;
const resumeSeed = 24;

/** Resume and OntoNotes use 8 heads of 20 in the published scripts. */
const eightHeads: Partial<ModelConfig> = { heads: 8 };

/** MSRA and OntoNotes hold sentences far beyond 200 characters; the published loader clips them. */
const clipped: Partial<DataConfig> = { clipLength: 200 };

/** MSRA comes without a dev split: the published script measures dev on test. */
const msraData: Partial<DataConfig> = { ...clipped, devIsTest: true };

/** Stage 2 of each corpus: weight decay 0 and a long warm-up on MSRA; on OntoNotes no warm-up (so the epoch decay acts) and two batches an update. */
const stageTwo = {
	weibo: {} satisfies StageChange,
	resume: { temperature: 0.07 } satisfies StageChange,
	msra: { temperature: 0.07, optimizer: { warmup: 0.1, weightDecay: 0 } } satisfies StageChange,
	ontonotes: {
		temperature: 0.07,
		updateEvery: 2,
		optimizer: { learningRate: 6e-4, warmup: 0 },
	} satisfies StageChange,
};

/** FLAT's own rate, warm-up and decay (its paper's Weibo and Resume settings). */
const flatOwn: StageChange = { name: 'flat', optimizer: { learningRate: 1e-3, warmup: 0.1, weightDecay: 0 } };

/** A width of 64 learns short sentences well and takes about a tenth of the published model's time. */
const smallModel: Partial<ModelConfig> = { heads: 4, headSize: 16, embeddingDropout: 0.3, constrainedDecoding: true };

/** The sample's own: a few thousand short sentences are soon learnt by heart, so more is dropped than in `smoke`. */
const sampleModel: Partial<ModelConfig> = { ...smallModel, heads: 8, embeddingDropout: 0.5, outputDropout: 0.5 };

/** Falls to a fifth over eight epochs: at a constant rate dev F1 swings by five points from epoch to epoch. */
const fallingAdamW: OptimizerConfig = { ...quickAdamW, epochDecay: 0.5 };

const presetList: readonly Preset[] = [
	{
		name: 'weibo',
		title: { en: 'NerCo, Weibo settings (published)', zh: 'NerCo，Weibo 设置（论文）' },
		summary: {
			en: 'NerCo with the published Weibo settings, in three stages: contrastive learning, output layer only, full fine-tuning.',
			zh: '按论文的 Weibo 设置训练 NerCo，三个阶段：对比学习、只训练输出层、全参数微调。',
		},
		config: published('weibo', {
			seed: weiboSeed,
			stages: [
				contrastive({ batchSize: 40, optimizer: { learningRate: 8e-4, warmup: 0.1 } }),
				head(stageTwo.weibo),
				full(stageTwo.weibo),
			],
		}),
	},
	{
		name: 'resume',
		title: { en: 'NerCo, Resume settings (published)', zh: 'NerCo，Resume 设置（论文）' },
		summary: {
			en: 'NerCo with the published Resume settings, in three stages: contrastive learning, output layer only, full fine-tuning.',
			zh: '按论文的 Resume 设置训练 NerCo，三个阶段：对比学习、只训练输出层、全参数微调。',
		},
		config: published('resume', {
			seed: resumeSeed,
			model: eightHeads,
			stages: [contrastive({ batchSize: 20, temperature: 0.07 }), head(stageTwo.resume), full(stageTwo.resume)],
		}),
	},
	{
		name: 'msra',
		title: { en: 'NerCo, MSRA settings (published)', zh: 'NerCo，MSRA 设置（论文）' },
		summary: {
			en: 'NerCo with the published MSRA settings, in two stages: contrastive learning, full fine-tuning; the test split is also used as dev.',
			zh: '按论文的 MSRA 设置训练 NerCo，两个阶段：对比学习、全参数微调；测试集同时用作验证集。',
		},
		config: published('msra', {
			seed: weiboSeed,
			data: msraData,
			stages: [
				contrastive({
					batchSize: 40,
					temperature: 0.07,
					optimizer: { learningRate: 8e-4, weightDecay: 0.2, warmup: 0.1 },
				}),
				full(stageTwo.msra),
			],
		}),
	},
	{
		name: 'ontonotes',
		title: { en: 'NerCo, OntoNotes 4 settings (published)', zh: 'NerCo，OntoNotes 4 设置（论文）' },
		summary: {
			en: 'NerCo with the published OntoNotes 4 settings, in two stages: contrastive learning, full fine-tuning.',
			zh: '按论文的 OntoNotes 4 设置训练 NerCo，两个阶段：对比学习、全参数微调。',
		},
		config: published('ontonotes', {
			seed: resumeSeed,
			model: eightHeads,
			data: clipped,
			stages: [
				contrastive({ batchSize: 20, temperature: 0.07, optimizer: { learningRate: 2e-4 } }),
				full(stageTwo.ontonotes),
			],
		}),
	},
	{
		name: 'flat-weibo',
		title: { en: 'Baseline: FLAT, Weibo settings (published)', zh: '基线：FLAT，Weibo 设置（论文）' },
		summary: {
			en: 'FLAT on Weibo with its own learning rate; a baseline without the contrastive stage.',
			zh: '在 Weibo 上按 FLAT 自己的学习率训练；不含对比学习阶段的基线。',
		},
		config: published('flat-weibo', { seed: weiboSeed, stages: [full(flatOwn)] }),
	},
	{
		name: 'flat-resume',
		title: { en: 'Baseline: FLAT, Resume settings (published)', zh: '基线：FLAT，Resume 设置（论文）' },
		summary: {
			en: 'FLAT on Resume with its own learning rate; a baseline without the contrastive stage.',
			zh: '在 Resume 上按 FLAT 自己的学习率训练；不含对比学习阶段的基线。',
		},
		config: published('flat-resume', { seed: resumeSeed, model: eightHeads, stages: [full(flatOwn)] }),
	},
	{
		name: 'flat-stage2-weibo',
		title: { en: "Baseline: FLAT with NerCo's stage-2 settings, Weibo", zh: '基线：FLAT，NerCo 第二阶段的设置，Weibo' },
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of weibo; compare with weibo to see what the contrastive stage adds.',
			zh: '用 weibo 最后阶段的设置从头训练 FLAT；与 weibo 对比可以看出对比学习的作用。',
		},
		config: published('flat-stage2-weibo', {
			seed: weiboSeed,
			stages: [full({ ...stageTwo.weibo, name: 'flat' })],
		}),
	},
	{
		name: 'flat-stage2-resume',
		title: {
			en: "Baseline: FLAT with NerCo's stage-2 settings, Resume",
			zh: '基线：FLAT，NerCo 第二阶段的设置，Resume',
		},
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of resume; compare with resume to see what the contrastive stage adds.',
			zh: '用 resume 最后阶段的设置从头训练 FLAT；与 resume 对比可以看出对比学习的作用。',
		},
		config: published('flat-stage2-resume', {
			seed: resumeSeed,
			model: eightHeads,
			stages: [full({ ...stageTwo.resume, name: 'flat' })],
		}),
	},
	{
		name: 'flat-msra',
		title: { en: "Baseline: FLAT with NerCo's stage-2 settings, MSRA", zh: '基线：FLAT，NerCo 第二阶段的设置，MSRA' },
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of msra; the test split is also used as dev.',
			zh: '用 msra 最后阶段的设置从头训练 FLAT；测试集同时用作验证集。',
		},
		config: published('flat-msra', {
			seed: weiboSeed,
			data: msraData,
			stages: [full({ ...stageTwo.msra, name: 'flat' })],
		}),
	},
	{
		name: 'flat-ontonotes',
		title: {
			en: "Baseline: FLAT with NerCo's stage-2 settings, OntoNotes 4",
			zh: '基线：FLAT，NerCo 第二阶段的设置，OntoNotes 4',
		},
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of ontonotes.',
			zh: '用 ontonotes 最后阶段的设置从头训练 FLAT。',
		},
		config: published('flat-ontonotes', {
			seed: resumeSeed,
			model: eightHeads,
			data: clipped,
			stages: [full({ ...stageTwo.ontonotes, name: 'flat' })],
		}),
	},
	{
		name: 'smoke',
		title: { en: 'Quick check in 30 steps', zh: '快速检查，30 步' },
		summary: {
			en: 'All three stages in at most 30 steps on the first 60 sentences: checks that everything works, learns little.',
			zh: '用前 60 个句子、至多 30 步走完三个阶段：只检查流程能否跑通，学不到多少。',
		},
		// 60 sentences: 2 * 3 + 1 * 6 + 3 * 6 = 30 steps.
		config: intended('smoke', {
			seed: 1,
			model: { ...smallModel, headSize: 8, embeddingSize: 24 },
			data: { limitTrain: 60 },
			stages: [
				contrastive({ batchSize: 20, epochs: 2, optimizer: quickAdamW }),
				head({ epochs: 1, optimizer: { ...quickAdamW, learningRate: 1e-2 } }),
				full({ epochs: 3, optimizer: { ...quickAdamW, learningRate: 1e-2 } }),
			],
		}),
	},
	{
		name: 'sample',
		title: { en: 'Small NerCo for your own corpus', zh: '小型 NerCo，用于自己的语料' },
		summary: {
			en: 'A small NerCo for your own corpus: three stages in a few minutes, with epochs adapted to the corpus size.',
			zh: '用于自己语料的小型 NerCo：几分钟完成三个阶段，轮数随语料大小自动调整。',
		},
		// Batches of 20 in the contrastive stage: its cost grows with the characters of a class that meet in a batch.
		config: intended('sample', {
			seed: 1,
			model: sampleModel,
			stages: [
				contrastive({ batchSize: 20, epochs: 3, patience: 5, optimizer: quickAdamW }),
				head({ epochs: 2, patience: 5, optimizer: { ...quickAdamW, learningRate: 1e-2 } }),
				full({ epochs: 6, patience: 5, optimizer: fallingAdamW }),
			],
		}),
		targetSteps: [300, 200, 1200],
	},
	{
		name: 'sample-flat',
		title: { en: 'Baseline: small FLAT for your own corpus', zh: '基线：小型 FLAT，用于自己的语料' },
		summary: {
			en: 'A small FLAT for your own corpus: one stage in a few minutes; the baseline for sample.',
			zh: '用于自己语料的小型 FLAT：只有一个阶段，几分钟完成；是 sample 的基线。',
		},
		config: intended('sample-flat', {
			seed: 1,
			model: sampleModel,
			stages: [full({ name: 'flat', epochs: 8, patience: 5, optimizer: fallingAdamW })],
		}),
		targetSteps: [1600],
	},
];

/** All presets, published ones first. Treat the configs as constants; `presetConfig` gives a copy to change. */
export const presets: readonly Preset[] = presetList;

/** The preset of that name. Throws UserError `unknown-preset`. */
export function findPreset(name: string): Preset {
	const preset = presets.find((candidate) => candidate.name === name);
	if (preset) return preset;
	throw new UserError({
		code: 'unknown-preset',
		expected: `a preset: ${presets.map((candidate) => candidate.name).join(', ')}`,
		found: `'${name}'`,
		remedy: 'Choose one of these names.',
	});
}

/** The title of a preset for people; a name that this version does not know is its own title. */
export function presetTitle(name: string): Words {
	return presets.find((preset) => preset.name === name)?.title ?? { en: name, zh: name };
}

const minEpochs = 2;
const maxEpochs = 40;

/** Training sentences that a run uses of so many (`data.limitTrain`). */
export function usedSentences(available: number, limitTrain: number): number {
	return limitTrain > 0 ? Math.min(limitTrain, available) : available;
}

/** A fresh copy of a preset's settings. Presets with `targetSteps` fit their epochs to the number of training sentences. */
export function presetConfig(name: string, trainSentences?: number): ExperimentConfig {
	const preset = findPreset(name);
	const config = structuredClone(preset.config);
	if (!preset.targetSteps || !trainSentences) return config;
	for (const [index, steps] of preset.targetSteps.entries()) {
		const stageConfig = config.stages[index];
		const stepsPerEpoch = Math.ceil(trainSentences / stageConfig.batchSize);
		const presetEpochs = stageConfig.epochs;
		stageConfig.epochs = Math.min(maxEpochs, Math.max(minEpochs, Math.round(steps / stepsPerEpoch)));
		stageConfig.optimizer.epochDecay *= presetEpochs / stageConfig.epochs; // the rate ends where it always ends
	}
	return config;
}

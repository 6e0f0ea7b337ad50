// Presets of minutes instead of hours: a check that everything works, and small models for own corpora.

import type { ModelConfig, OptimizerConfig } from './config';
import { contrastive, full, head, intended, type Preset, publishedSgd } from './preset-parts';

/** AdamW for the small presets: with so few updates SGD at a safe rate would hardly leave the start. */
const quickAdamW: OptimizerConfig = {
	...publishedSgd,
	kind: 'adamw',
	learningRate: 2e-3,
	weightDecay: 0.01,
	warmup: 0.1,
};

/** A width of 64 learns short sentences well and takes about a tenth of the published model's time. */
const smallModel: Partial<ModelConfig> = { heads: 4, headSize: 16, embeddingDropout: 0.3, constrainedDecoding: true };

/** The sample's own: a few thousand short sentences are soon learnt by heart, so more is dropped than in `smoke`. */
const sampleModel: Partial<ModelConfig> = { ...smallModel, heads: 8, embeddingDropout: 0.5, outputDropout: 0.5 };

/** Falls to a fifth over eight epochs: at a constant rate dev F1 swings by five points from epoch to epoch. */
const fallingAdamW: OptimizerConfig = { ...quickAdamW, epochDecay: 0.5 };

/** 60 sentences: 2 * 3 + 1 * 6 + 3 * 6 = 30 steps. */
const smoke = {
	seed: 1,
	model: { ...smallModel, headSize: 8, embeddingSize: 24 },
	data: { limitTrain: 60 },
	stages: [
		contrastive({ batchSize: 20, epochs: 2, optimizer: quickAdamW }),
		head({ epochs: 1, optimizer: { ...quickAdamW, learningRate: 1e-2 } }),
		full({ epochs: 3, optimizer: { ...quickAdamW, learningRate: 1e-2 } }),
	],
};

/** BERT is frozen until epoch 2 of the last stage, so that both kinds of step are checked. */
const smokeWithBert = {
	...smoke,
	model: { ...smoke.model, encoder: 'flat-bert' },
	stages: smoke.stages.map((stage, index) => ({
		...stage,
		groups: { ...stage.groups, bert: { rate: 0.05, firstEpoch: index === smoke.stages.length - 1 ? 2 : 0 } },
	})),
} as const;

export const smallPresets: readonly Preset[] = [
	{
		name: 'smoke',
		title: { en: 'Quick check in 30 steps', zh: '快速检查，30 步' },
		summary: {
			en: 'All three stages in at most 30 steps on the first 60 sentences: checks that everything works, learns little.',
			zh: '用前 60 个句子、至多 30 步走完三个阶段：只检查流程能否跑通，学不到多少。',
		},
		config: intended('smoke', smoke),
	},
	{
		name: 'smoke-bert',
		title: { en: 'Quick check with BERT in 30 steps', zh: '带 BERT 的快速检查，30 步' },
		summary: {
			en: 'smoke with BERT features, for the tiny random BERT in models/smoke-bert: frozen at first, fine-tuned from epoch 2 of the last stage.',
			zh: '在 smoke 的基础上加入 BERT 特征，配合 models/smoke-bert 中随机初始化的小型 BERT：先冻结，从最后阶段的第 2 轮起微调。',
		},
		config: intended('smoke-bert', smokeWithBert),
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

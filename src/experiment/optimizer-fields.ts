// Words, units and ranges of the settings of an optimiser.

import { schedules } from './config';
import type { Field } from './field';
import { noUnit, number, onOff, rate } from './field-values';

export const optimizerFields: readonly Field[] = [
	{
		path: 'stages.*.optimizer.kind',
		group: 'optimizer',
		label: { en: 'Optimiser', zh: '优化算法' },
		help: {
			en: 'SGD with momentum, as published, or AdamW, which converges faster when steps are few.',
			zh: '带动量的 SGD（与论文一致），或 AdamW（步数较少时收敛更快）。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['sgd', 'adamw'] },
	},
	{
		path: 'stages.*.optimizer.learningRate',
		group: 'optimizer',
		label: { en: 'Learning rate', zh: '学习率' },
		help: { en: 'Learning rate after the warm-up.', zh: '预热结束后的学习率。' },
		unit: noUnit,
		value: number(0, 10),
	},
	{
		path: 'stages.*.optimizer.momentum',
		group: 'optimizer',
		label: { en: 'Momentum', zh: '动量' },
		help: { en: 'Momentum of SGD, or beta 1 of AdamW.', zh: 'SGD 的动量，或 AdamW 的 beta 1。' },
		unit: noUnit,
		value: rate,
	},
	{
		path: 'stages.*.optimizer.beta2',
		group: 'optimizer',
		label: { en: 'Beta 2', zh: 'Beta 2' },
		help: { en: 'Beta 2 of AdamW; not used by SGD.', zh: 'AdamW 的 beta 2；SGD 不使用。' },
		unit: noUnit,
		value: rate,
	},
	{
		path: 'stages.*.optimizer.epsilon',
		group: 'optimizer',
		label: { en: 'Epsilon', zh: 'Epsilon' },
		help: { en: "Added to AdamW's denominator; not used by SGD.", zh: '加在 AdamW 分母上的小常数；SGD 不使用。' },
		unit: noUnit,
		value: number(1e-12, 1),
	},
	{
		path: 'stages.*.optimizer.weightDecay',
		group: 'optimizer',
		label: { en: 'Weight decay', zh: '权重衰减' },
		help: {
			en: 'Weight decay of all trained parameters, embeddings included.',
			zh: '所有参与训练的参数（含嵌入）的权重衰减系数。',
		},
		unit: noUnit,
		value: number(0, 1),
	},
	{
		path: 'stages.*.optimizer.clipValue',
		group: 'optimizer',
		label: { en: 'Gradient clipping', zh: '梯度裁剪' },
		help: {
			en: 'Each gradient element is clipped to ± this value; 0 for no clipping.',
			zh: '把梯度的每个元素裁剪到正负该值之间；0 表示不裁剪。',
		},
		unit: noUnit,
		value: number(0, 1_000_000),
	},
	{
		path: 'stages.*.optimizer.clipNorm',
		group: 'optimizer',
		label: { en: 'Gradient norm limit', zh: '梯度范数上限' },
		help: {
			en: 'When the norm of all gradients together exceeds this value, they are scaled down to it; 0 for no limit.',
			zh: '全部梯度的总范数超过该值时，按比例缩小到该值；0 表示不限。',
		},
		unit: noUnit,
		value: number(0, 1e6),
	},
	{
		path: 'stages.*.optimizer.layerDecay',
		group: 'optimizer',
		label: { en: 'Layer-wise learning rate decay', zh: '逐层学习率衰减' },
		help: {
			en: 'Each BERT layer has the learning rate of the layer above it × this value; 1 for the same rate in all layers.',
			zh: 'BERT 每一层的学习率 = 其上一层的学习率 × 该值；1 表示各层相同。',
		},
		unit: noUnit,
		value: number(0.01, 1),
	},
	{
		path: 'stages.*.optimizer.decaysBiases',
		group: 'optimizer',
		label: { en: 'Decay biases and LayerNorm', zh: '偏置与 LayerNorm 权重衰减' },
		help: {
			en: 'Whether weight decay also applies to biases and LayerNorm, as published; usually off when fine-tuning BERT.',
			zh: '权重衰减是否也作用于偏置与 LayerNorm（与原程序一致）；微调 BERT 时通常关闭。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'stages.*.optimizer.schedule',
		group: 'optimizer',
		label: { en: 'Learning rate schedule', zh: '学习率计划' },
		help: {
			en: 'After the warm-up, constant keeps the learning rate; linear lowers it to 0 by the last planned update.',
			zh: '预热结束后：constant 保持学习率不变；linear 线性下降，到计划的最后一次更新时为 0。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: schedules },
	},
	{
		path: 'stages.*.optimizer.warmup',
		group: 'optimizer',
		label: { en: 'Warm-up', zh: '预热比例' },
		help: {
			en: 'Fraction of all planned steps during which the learning rate rises from 0.',
			zh: '学习率从 0 上升的阶段占计划总步数的比例。',
		},
		unit: noUnit,
		value: number(0, 1),
	},
	{
		path: 'stages.*.optimizer.epochDecay',
		group: 'optimizer',
		label: { en: 'Learning rate decay', zh: '学习率衰减' },
		help: {
			en: 'd in learning rate / (1 + d × (epoch − 1)); with the published quirk it takes effect only without warm-up.',
			zh: '学习率 / (1 + d × (轮数 − 1)) 中的 d；按原程序的行为，仅在无预热时生效。',
		},
		unit: noUnit,
		value: number(0, 100),
	},
];

// Words, units and ranges of the settings of a stage.

import { accumulations } from './config';
import type { Field } from './field';
import { batches, epochs, integer, noUnit, number, sentences } from './field-values';

export const stageFields: readonly Field[] = [
	{
		path: 'stages.*.name',
		group: 'stage',
		label: { en: 'Stage name', zh: '阶段名称' },
		help: { en: 'Name of the stage in logs and results.', zh: '该阶段在日志与结果中的名称。' },
		unit: noUnit,
		value: { kind: 'name' },
	},
	{
		path: 'stages.*.objective',
		group: 'stage',
		label: { en: 'Objective', zh: '训练目标' },
		help: {
			en: 'Loss of the stage: contrastive loss over entity types, or CRF loss over tags.',
			zh: '该阶段的损失：实体类型上的对比损失，或标签上的 CRF 损失。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['contrastive', 'crf'] },
	},
	{
		path: 'stages.*.trains',
		group: 'stage',
		label: { en: 'Trained parameters', zh: '参与训练的参数' },
		help: {
			en: 'Train all parameters, or only the output layer and the CRF.',
			zh: '训练全部参数，或只训练输出层与 CRF。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['all', 'head'] },
	},
	{
		path: 'stages.*.batchSize',
		group: 'stage',
		label: { en: 'Batch size', zh: '批大小' },
		help: {
			en: 'Sentences per training batch; evaluation uses half as many.',
			zh: '每个训练批次的句数；评估时减半。',
		},
		unit: sentences,
		value: integer(1, 4096),
	},
	{
		path: 'stages.*.batching',
		group: 'stage',
		label: { en: 'Batching', zh: '组批方式' },
		help: {
			en: 'uniform draws batches at random, as published; by-length groups sentences of similar length and is faster.',
			zh: 'uniform 随机组批，与论文一致；by-length 把长度相近的句子放在同一批，速度更快。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['uniform', 'by-length'] },
	},
	{
		path: 'stages.*.epochs',
		group: 'stage',
		label: { en: 'Epochs', zh: '轮数' },
		help: {
			en: 'Maximum number of epochs; it also sets the length of the warm-up.',
			zh: '最大轮数；预热长度也由它决定。',
		},
		unit: epochs,
		value: integer(1, 10_000),
	},
	{
		path: 'stages.*.stopAfter',
		group: 'stage',
		label: { en: 'Stop after', zh: '提前结束的轮数' },
		help: {
			en: 'End the stage after this many epochs, keeping its learning rate schedule; 0 for no limit.',
			zh: '训练到此轮数就结束该阶段，学习率计划不变；0 表示不限。',
		},
		unit: epochs,
		value: integer(0, 10_000),
	},
	{
		path: 'stages.*.patience',
		group: 'stage',
		label: { en: 'Patience', zh: '早停轮数' },
		help: {
			en: 'Early stopping: end the stage after this many epochs without improvement on dev.',
			zh: '早停：验证集指标连续多少轮无提升就结束该阶段。',
		},
		unit: epochs,
		value: integer(1, 10_000),
	},
	{
		path: 'stages.*.updateEvery',
		group: 'stage',
		label: { en: 'Gradient accumulation', zh: '梯度累积' },
		help: {
			en: 'Number of batches whose gradients are combined for one update.',
			zh: '每累积多少批的梯度更新一次参数。',
		},
		unit: batches,
		value: integer(1, 1024),
	},
	{
		path: 'stages.*.accumulation',
		group: 'stage',
		label: { en: 'Accumulated gradients', zh: '累积梯度的方式' },
		help: {
			en: 'How the gradients of several batches are combined: mean, as published, or sum.',
			zh: '多批梯度如何合并：mean 取平均（与原程序一致），sum 取总和。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: accumulations },
	},
	{
		path: 'stages.*.temperature',
		group: 'stage',
		label: { en: 'Temperature', zh: '温度' },
		help: {
			en: 'Temperature of the contrastive loss; a lower value puts more weight on hard negatives.',
			zh: '对比损失的温度；越低，难负例的权重越大。',
		},
		unit: noUnit,
		value: number(0.01, 10),
	},
];

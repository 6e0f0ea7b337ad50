// Words, units and ranges of the settings of BERT, and of the groups of parameters that a stage trains.

import { bertFeatures, type ParameterGroup, parameterGroups, recomputeChoices } from './config';
import type { Field, Words } from './field';
import { integer, noUnit, number, onOff, rate } from './field-values';

export const bertFields: readonly Field[] = [
	{
		path: 'bert.wordDropout',
		group: 'bert',
		label: { en: 'BERT word dropout', zh: 'BERT 词 Dropout' },
		help: {
			en: 'Probability that a token is replaced by [UNK] in the input of BERT in training.',
			zh: '训练时把 BERT 输入中的词元替换为 [UNK] 的概率。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'bert.outputDropout',
		group: 'bert',
		label: { en: 'BERT output dropout', zh: 'BERT 输出 Dropout' },
		help: {
			en: 'Dropout rate of the BERT output with the encoder bert; the published program has none.',
			zh: '编码器为 bert 时其输出的 Dropout 率；原程序没有这一项。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'bert.features',
		group: 'bert',
		label: { en: 'Features of frozen BERT', zh: '冻结时的 BERT 特征' },
		help: {
			en: 'BERT features of train while BERT is frozen: fresh computes them in every step with dropout, as published; cached computes them once without dropout, which is much faster.',
			zh: 'BERT 冻结期间训练集的特征：fresh 每步重新计算并使用 Dropout，与原程序一致；cached 只计算一次，不用 Dropout，快得多。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: bertFeatures },
	},
	{
		path: 'bert.recompute',
		group: 'bert',
		label: { en: 'Recompute activations', zh: '重计算激活值' },
		help: {
			en: 'Compute the activations inside each BERT layer again in the backward pass instead of keeping them: less memory, more time. auto does so only when memory would run out.',
			zh: '反向传播时重新计算 BERT 各层内部的激活值而不保存：省内存，但更慢。auto 只在内存不足时启用。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: recomputeChoices },
	},
];

const groupWords: Record<ParameterGroup, Words> = {
	tables: { en: 'embeddings', zh: '嵌入表' },
	encoder: { en: 'lattice encoder', zh: '格子编码器' },
	head: { en: 'output layer and CRF', zh: '输出层与 CRF' },
	bert: { en: 'BERT', zh: 'BERT' },
};

/** The fields of each group: its share of the learning rate, and its first epoch. */
export const groupFields: readonly Field[] = parameterGroups.flatMap((name): Field[] => {
	const { en, zh } = groupWords[name];
	return [
		{
			path: `stages.*.groups.${name}.rate`,
			group: 'groups',
			label: { en: `Learning rate factor: ${en}`, zh: `学习率倍数：${zh}` },
			help: {
				en: `Multiplies the learning rate of the stage; group: ${en}.`,
				zh: `该阶段的学习率乘以此倍数；参数组：${zh}。`,
			},
			unit: noUnit,
			value: number(0, 1000),
		},
		{
			path: `stages.*.groups.${name}.firstEpoch`,
			group: 'groups',
			label: { en: `First trained epoch: ${en}`, zh: `起始训练轮：${zh}` },
			help: {
				en: `Frozen before this epoch; 1 trains from the start, 0 or a value above the number of epochs never. Group: ${en}.`,
				zh: `在此轮之前冻结；1 表示从头训练，0 或大于轮数的值表示该阶段不训练。参数组：${zh}。`,
			},
			unit: noUnit,
			value: integer(0, 100_000),
		},
	];
});

export const bertQuirkFields: readonly Field[] = [
	{
		path: 'quirks.bareWordPieces',
		group: 'quirks',
		label: { en: 'WordPiece without normalisation', zh: '不做规范化的 WordPiece' },
		help: {
			en: 'The published program splits each token with WordPiece alone, without lowercasing or other normalisation, and keeps only the piece embeddings that the corpus uses.',
			zh: '原程序对每个词元只做 WordPiece 切分，不转小写，也不做其他规范化，并且只保留语料用到的子词向量。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.refuseLongSentences',
		group: 'quirks',
		label: { en: 'Reject sentences too long for BERT', zh: '拒绝超出 BERT 长度的句子' },
		help: {
			en: 'The published program stops with an error at a sentence longer than BERT allows; when off, BERT reads it in overlapping windows.',
			zh: '遇到超出 BERT 最大长度的句子时，原程序报错停止；关闭后 BERT 用重叠窗口读取。',
		},
		unit: noUnit,
		value: onOff,
	},
];

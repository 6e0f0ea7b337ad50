// Words, units and ranges of the settings of BERT, and of the groups of parameters that a stage trains.

import { bertFeatures, type ParameterGroup, parameterGroups, recomputeChoices } from './config';
import type { Field, Words } from './field';

const noUnit: Words = { en: '', zh: '' };
const share: Field['value'] = { kind: 'number', min: 0, max: 1, below: true };

export const bertFields: readonly Field[] = [
	{
		path: 'bert.wordDropout',
		group: 'bert',
		label: { en: 'Word dropout of BERT', zh: 'BERT 的词丢弃率' },
		help: {
			en: 'Probability that BERT reads a character as [UNK] during training.',
			zh: '训练时 BERT 把一个字读作 [UNK] 的概率。',
		},
		unit: noUnit,
		value: share,
	},
	{
		path: 'bert.outputDropout',
		group: 'bert',
		label: { en: 'Dropout after BERT', zh: 'BERT 输出的丢弃率' },
		help: {
			en: 'Dropout rate on the output of BERT when it is the whole encoder; the published program has none.',
			zh: '只用 BERT 作编码器时，其输出的丢弃率；原程序没有这一项。',
		},
		unit: noUnit,
		value: share,
	},
	{
		path: 'bert.features',
		group: 'bert',
		label: { en: 'Training features of frozen BERT', zh: '冻结时的训练特征' },
		help: {
			en: 'While BERT is frozen: fresh recomputes its features in each step with its dropout, as published; cached computes them once, without dropout.',
			zh: 'BERT 冻结时：fresh 每步重新计算特征并带丢弃，与原程序一致；cached 只计算一次，不带丢弃。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: bertFeatures },
	},
	{
		path: 'bert.recompute',
		group: 'bert',
		label: { en: 'Recompute in the backward pass', zh: '反向时重新计算' },
		help: {
			en: 'Recomputes the inside of each BERT layer in the backward pass: less memory, more time. auto does so only where memory would not suffice.',
			zh: '反向传播时重新计算 BERT 各层的中间结果：省内存，费时间。auto 只在内存不够时这样做。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: recomputeChoices },
	},
];

const groupWords: Record<ParameterGroup, Words> = {
	tables: { en: 'embedding tables', zh: '嵌入表' },
	encoder: { en: 'lattice encoder', zh: '格子编码器' },
	head: { en: 'output layer and CRF', zh: '输出层和 CRF' },
	bert: { en: 'BERT', zh: 'BERT' },
};

/** The fields of each group: its share of the learning rate, and its first epoch. */
export const groupFields: readonly Field[] = parameterGroups.flatMap((name): Field[] => {
	const { en, zh } = groupWords[name];
	return [
		{
			path: `stages.*.groups.${name}.rate`,
			group: 'groups',
			label: { en: `Rate factor, ${en}`, zh: `学习率倍数，${zh}` },
			help: {
				en: `The learning rate of the stage is multiplied by this for the ${en}.`,
				zh: `${zh}的学习率是该阶段学习率的多少倍。`,
			},
			unit: noUnit,
			value: { kind: 'number', min: 0, max: 1000 },
		},
		{
			path: `stages.*.groups.${name}.firstEpoch`,
			group: 'groups',
			label: { en: `First epoch, ${en}`, zh: `从第几轮开始训练，${zh}` },
			help: {
				en: `Epoch from which on the ${en} is trained: 1 from the beginning, 0 never in this stage.`,
				zh: `${zh}从第几轮开始训练：1 为一开始，0 为该阶段不训练。`,
			},
			unit: noUnit,
			value: { kind: 'integer', min: 0, max: 100_000 },
		},
	];
});

export const bertQuirkFields: readonly Field[] = [
	{
		path: 'quirks.bareWordPieces',
		group: 'quirks',
		label: { en: 'Bare word pieces', zh: '只做 WordPiece 切分' },
		help: {
			en: "The published program looks characters up in BERT's vocabulary as they are: no lower case, no full-width folding, and only the rows that the corpus needs.",
			zh: '原程序按原样在 BERT 词表中查字：不转小写，不处理全角，且只保留语料用到的行。',
		},
		unit: noUnit,
		value: { kind: 'switch' },
	},
	{
		path: 'quirks.refuseLongSentences',
		group: 'quirks',
		label: { en: 'Refuse long sentences', zh: '拒绝过长的句子' },
		help: {
			en: 'The published program stops at a sentence longer than the positions of BERT; off, such sentences are read in overlapping windows.',
			zh: '句子超过 BERT 的最大长度时，原程序会中止；关闭后改用重叠的窗口读取。',
		},
		unit: noUnit,
		value: { kind: 'switch' },
	},
];

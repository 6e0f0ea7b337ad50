// Words, units and ranges of the settings of the network.

import { distanceOrigins, encoderNames, fusionNames } from './config';
import type { Field } from './field';
import { dimensions, integer, noUnit, onOff, rate } from './field-values';

export const modelFields: readonly Field[] = [
	{
		path: 'model.encoder',
		group: 'model',
		label: { en: 'Encoder', zh: '编码器' },
		help: {
			en: 'flat: the lattice encoder; flat-bert: the same with BERT features added to its input; bert: BERT alone, which ignores lexicon, bigrams and the settings of the lattice encoder.',
			zh: 'flat：格子编码器；flat-bert：格子编码器，输入中加入 BERT 特征；bert：只用 BERT，词典、双字特征和格子编码器的设置均不起作用。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: encoderNames },
	},
	{
		path: 'model.heads',
		group: 'model',
		label: { en: 'Attention heads', zh: '注意力头数' },
		help: {
			en: 'Number of attention heads; the model width is heads × head size.',
			zh: '注意力头的数量；模型宽度 = 头数 × 每头维数。',
		},
		unit: noUnit,
		value: integer(1, 64),
	},
	{
		path: 'model.headSize',
		group: 'model',
		label: { en: 'Head size', zh: '每头维数' },
		help: { en: 'Dimension of each attention head.', zh: '每个注意力头的维数。' },
		unit: dimensions,
		value: integer(1, 256),
	},
	{
		path: 'model.layers',
		group: 'model',
		label: { en: 'Layers', zh: '层数' },
		help: { en: 'Number of encoder layers; the published settings use 1.', zh: '编码器层数；论文设置为 1 层。' },
		unit: noUnit,
		value: integer(1, 12),
	},
	{
		path: 'model.feedForwardFactor',
		group: 'model',
		label: { en: 'Feed-forward factor', zh: '前馈层倍数' },
		help: {
			en: 'Inner width of the feed-forward layer, as a multiple of the model width.',
			zh: '前馈层内部宽度是模型宽度的多少倍。',
		},
		unit: noUnit,
		value: integer(1, 8),
	},
	{
		path: 'model.fusion',
		group: 'model',
		label: { en: 'Position fusion', zh: '位置融合方式' },
		help: {
			en: 'How the four distances between two lattice nodes are combined into one vector; ff_two, the published default, is the fastest.',
			zh: '如何把格子中两个节点之间的四种距离合成一个向量；论文默认的 ff_two 最快。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: fusionNames },
	},
	{
		path: 'model.distanceOrigin',
		group: 'model',
		label: { en: 'Distance offset', zh: '距离编码偏移' },
		help: {
			en: 'How distances are encoded as sinusoids: as they are (centred), or with the longest sentence length added (shifted, as in the published training scripts).',
			zh: '距离如何做正弦编码：直接编码（centred），或先加上最大句长再编码（shifted，与论文的训练脚本一致）。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: distanceOrigins },
	},
	{
		path: 'model.bigrams',
		group: 'model',
		label: { en: 'Bigrams', zh: '双字特征' },
		help: {
			en: 'Whether the input of each character also includes its bigram embedding.',
			zh: '每个字的输入是否包含其双字（bigram）向量。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.lexicon',
		group: 'model',
		label: { en: 'Lexicon words', zh: '词典词' },
		help: {
			en: 'Whether lexicon words found in a sentence are added to its lattice as nodes.',
			zh: '句中匹配到的词典词是否作为节点加入格子。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.embeddingSize',
		group: 'model',
		label: { en: 'Embedding size', zh: '向量维数' },
		help: {
			en: 'Dimension of an embedding when no vector file sets it.',
			zh: '没有向量文件时嵌入向量的维数。',
		},
		unit: dimensions,
		value: integer(1, 1024),
	},
	{
		path: 'model.crfStartEnd',
		group: 'model',
		label: { en: 'CRF start/end transitions', zh: 'CRF 起止转移' },
		help: {
			en: 'Whether the CRF also learns which tags start and end a sentence.',
			zh: 'CRF 是否额外学习句首与句尾标签的转移分数。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.constrainedDecoding',
		group: 'model',
		label: { en: 'Constrained decoding', zh: '约束解码' },
		help: {
			en: 'Whether prediction rules out invalid tag sequences, such as I-PER after O.',
			zh: '预测时是否禁止不合法的标签序列，例如 O 之后出现 I-PER。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.embeddingDropout',
		group: 'model',
		label: { en: 'Embedding dropout', zh: '嵌入层 Dropout' },
		help: {
			en: 'Dropout rate of the input embeddings.',
			zh: '输入嵌入的 Dropout 率。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.feedForwardDropout',
		group: 'model',
		label: { en: 'Feed-forward dropout', zh: '前馈层 Dropout' },
		help: {
			en: 'Dropout rate inside the feed-forward layer.',
			zh: '前馈层内部的 Dropout 率。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.outputDropout',
		group: 'model',
		label: { en: 'Output dropout', zh: '输出 Dropout' },
		help: {
			en: 'Dropout rate of the encoder output.',
			zh: '编码器输出的 Dropout 率。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.wordDropout',
		group: 'model',
		label: { en: 'Word dropout', zh: '词 Dropout' },
		help: {
			en: 'Probability that a token is replaced by the unknown token in training, drawn separately for each embedding lookup.',
			zh: '训练时把词元替换为未知词的概率，每次查表独立抽样。',
		},
		unit: noUnit,
		value: rate,
	},
];

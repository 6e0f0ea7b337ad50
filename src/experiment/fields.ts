// Words, units and ranges of every setting of config.ts, in English and Chinese. The form, the check of settings
// (check-config.ts), the command's --set and run comparison all read this table and nothing else.

import { bertFields, bertQuirkFields, groupFields } from './bert-fields';
import { accumulations, distanceOrigins, encoderNames, fusionNames, schedules } from './config';
import type { Field, FieldGroup, FieldValue, Words } from './field';

export type { Field, FieldGroup, FieldValue, Words };

export const groupLabels: Record<FieldGroup, Words> = {
	general: { en: 'Run', zh: '运行' },
	model: { en: 'Model', zh: '模型' },
	bert: { en: 'BERT', zh: 'BERT' },
	data: { en: 'Data', zh: '数据' },
	stage: { en: 'Stage', zh: '训练阶段' },
	groups: { en: 'Parameter groups', zh: '参数组' },
	optimizer: { en: 'Optimiser', zh: '优化器' },
	quirks: { en: 'Quirks of the published program', zh: '原程序的特殊行为' },
};

const noUnit: Words = { en: '', zh: '' };
const dimensions: Words = { en: 'dimensions', zh: '维' };
const sentences: Words = { en: 'sentences', zh: '句' };
const epochs: Words = { en: 'epochs', zh: '轮' };
const characters: Words = { en: 'characters', zh: '字' };
const batches: Words = { en: 'batches', zh: '批' };

const onOff: FieldValue = { kind: 'switch' };

function integer(min: number, max: number): FieldValue {
	return { kind: 'integer', min, max };
}

function number(min: number, max: number): FieldValue {
	return { kind: 'number', min, max };
}

/** A share in [0, 1). */
const rate: FieldValue = { kind: 'number', min: 0, max: 1, below: true };

export const fields: readonly Field[] = [
	{
		path: 'preset',
		group: 'general',
		label: { en: 'Preset', zh: '预设' },
		help: { en: 'The preset these settings are based on.', zh: '这些设置所基于的预设。' },
		unit: noUnit,
		value: { kind: 'name' },
	},
	{
		path: 'seed',
		group: 'general',
		label: { en: 'Seed', zh: '随机种子' },
		help: {
			en: 'Controls all randomness; the same seed on the same device gives the same losses.',
			zh: '控制所有随机过程；在同一设备上，相同的种子得到相同的损失。',
		},
		unit: noUnit,
		value: integer(0, 4294967295),
	},

	{
		path: 'model.encoder',
		group: 'model',
		label: { en: 'Encoder', zh: '编码器' },
		help: {
			en: 'flat: the lattice encoder; flat-bert: the same, with the vectors of BERT among its input; bert: BERT alone.',
			zh: 'flat：格子编码器；flat-bert：格子编码器，输入中加入 BERT 的向量；bert：只用 BERT。',
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

	...bertFields,
	{
		path: 'data.limitTrain',
		group: 'data',
		label: { en: 'Training sentence limit', zh: '训练句数上限' },
		help: { en: 'Use only the first n training sentences; 0 for all.', zh: '只使用前 n 个训练句子；0 表示全部。' },
		unit: sentences,
		value: integer(0, 100_000_000),
	},
	{
		path: 'data.clipLength',
		group: 'data',
		label: { en: 'Maximum sentence length', zh: '最大句长' },
		help: {
			en: 'Split longer training sentences near this length, at the end of a sentence, at a comma or outside entities; 0 for no limit.',
			zh: '把更长的训练句子在此长度附近切开：优先在句末或逗号处，且不切断实体；0 表示不切分。',
		},
		unit: characters,
		value: integer(0, 100_000),
	},
	{
		path: 'data.normalizeEmbeddings',
		group: 'data',
		label: { en: 'Normalise embeddings', zh: '向量归一化' },
		help: {
			en: 'Scale every embedding to unit length once after loading.',
			zh: '加载后把每个嵌入向量归一化为单位长度。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'data.devIsTest',
		group: 'data',
		label: { en: 'Use test as dev', zh: '用测试集作验证集' },
		help: {
			en: 'Use the test split as dev too, as MSRA has no dev split; the best epoch is then chosen on test, so its score is inflated.',
			zh: '把测试集同时用作验证集（MSRA 没有验证集）；最佳轮次在测试集上选出，测试分数因此偏高。',
		},
		unit: noUnit,
		value: onOff,
	},

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
			en: 'Number of batches whose gradients make one update.',
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
			en: 'mean: the mean of the gradients of the batches of one update, as published; sum: their sum.',
			zh: 'mean：取同一次更新各批梯度的平均，与原程序一致；sum：取总和。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: accumulations },
	},
	...groupFields,
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
		label: { en: 'Gradient norm clipping', zh: '梯度范数裁剪' },
		help: {
			en: 'The gradients of all parameters are scaled down together when their norm exceeds this value; 0 for no limit.',
			zh: '全部梯度的范数超过该值时一起按比例缩小；0 表示不限制。',
		},
		unit: noUnit,
		value: number(0, 1e6),
	},
	{
		path: 'stages.*.optimizer.layerDecay',
		group: 'optimizer',
		label: { en: 'Layer-wise rate decay', zh: '逐层学习率衰减' },
		help: {
			en: 'Learning rate of each layer of BERT over that of the layer above it; 1 gives all layers the same rate.',
			zh: 'BERT 每一层的学习率与上一层之比；1 表示各层相同。',
		},
		unit: noUnit,
		value: number(0.01, 1),
	},
	{
		path: 'stages.*.optimizer.decaysBiases',
		group: 'optimizer',
		label: { en: 'Decay biases and LayerNorm', zh: '偏置和 LayerNorm 也衰减' },
		help: {
			en: 'Applies weight decay to biases and LayerNorm as well, as published; usually off in fine-tuning.',
			zh: '权重衰减也作用于偏置和 LayerNorm，与原程序一致；微调时通常关闭。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'stages.*.optimizer.schedule',
		group: 'optimizer',
		label: { en: 'Schedule', zh: '学习率调度' },
		help: {
			en: 'After warm-up: constant keeps the learning rate, linear lowers it to 0 by the last planned update.',
			zh: '预热之后：constant 保持学习率不变，linear 线性降到最后一次计划更新时的 0。',
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

	{
		path: 'quirks.dropHashLines',
		group: 'quirks',
		label: { en: "Drop lines starting with '#'", zh: '丢弃以 # 开头的行' },
		help: {
			en: "The published program treats a corpus line that starts with '#' as a comment, so the character is lost.",
			zh: '原程序把以 # 开头的语料行当作注释，该字因此丢失。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.stopAtMalformedLine',
		group: 'quirks',
		label: { en: 'Stop at a malformed line', zh: '遇到格式错误的行即停止读取' },
		help: {
			en: 'At a malformed line the published program drops that sentence and the rest of the file.',
			zh: '遇到格式错误的行时，原程序会丢弃该句及文件中其后的所有句子。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.padTag',
		group: 'quirks',
		label: { en: 'Padding as a tag', zh: '填充符作为标签' },
		help: {
			en: 'The CRF of the published program treats <pad> and <unk> as tags and can predict them.',
			zh: '原程序的 CRF 把 <pad> 与 <unk> 当作标签，并可能预测它们。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.countDevAndTest',
		group: 'quirks',
		label: { en: 'Count dev and test text', zh: '词频计入验证集与测试集' },
		help: {
			en: 'The published program orders its vocabularies by counts that include dev and test text.',
			zh: '原程序的词表按词频排序，词频包含验证集与测试集的文本。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.warmupSilencesDecay',
		group: 'quirks',
		label: { en: 'Warm-up disables decay', zh: '预热使衰减失效' },
		help: {
			en: 'With warm-up, the published program overwrites the learning rate before each update, so the decay never takes effect.',
			zh: '启用预热时，原程序在每次更新前重写学习率，学习率衰减因此不起作用。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.skipValidationAfterZeroLoss',
		group: 'quirks',
		label: { en: 'Skip validation after zero loss', zh: '损失为 0 时跳过验证' },
		help: {
			en: 'The published program skips validation in an epoch whose last contrastive batch had a loss of 0.',
			zh: '某轮最后一批的对比损失为 0 时，原程序会跳过该轮的验证。',
		},
		unit: noUnit,
		value: onOff,
	},
	...bertQuirkFields,
];

/** The field of a path such as `stages.0.optimizer.learningRate`; undefined when there is none. */
export function findField(path: string): Field | undefined {
	const pattern = path.replace(/^stages\.\d+\./, 'stages.*.');
	return fields.find((field) => field.path === pattern);
}

/** "an integer from 1 to 64", "one of sgd, adamw": a field's range for people. */
export function describeRange(value: FieldValue): string {
	switch (value.kind) {
		case 'integer':
			return `an integer from ${value.min} to ${value.max}`;
		case 'number':
			return value.below
				? `a number of at least ${value.min} and below ${value.max}`
				: `a number from ${value.min} to ${value.max}`;
		case 'switch':
			return 'true or false';
		case 'choice':
			return `one of ${value.choices.join(', ')}`;
		case 'name':
			return 'a name of letters, digits, dots, dashes and underscores';
		default:
			return value satisfies never;
	}
}

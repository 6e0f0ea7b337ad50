// Words, units and ranges of every setting of config.ts, in English and Chinese. The form, the check of settings
// (check-config.ts), the command's --set and run comparison all read this table and nothing else.

import { distanceOrigins, fusionNames } from './config';

export interface Words {
	en: string;
	zh: string;
}

export type FieldGroup = 'general' | 'model' | 'data' | 'stage' | 'optimizer' | 'quirks';

/** Ranges are inclusive unless `below` says that `max` itself is out. */
export type FieldValue =
	| { kind: 'integer' | 'number'; min: number; max: number; below?: boolean }
	| { kind: 'switch' }
	| { kind: 'choice'; choices: readonly string[] }
	| { kind: 'name' };

export interface Field {
	/** Path in ExperimentConfig; `*` stands for the index of a stage. */
	path: string;
	group: FieldGroup;
	label: Words;
	/** One sentence: what it does. */
	help: Words;
	/** Unit of a number, empty where it has none. */
	unit: Words;
	value: FieldValue;
}

export const groupLabels: Record<FieldGroup, Words> = {
	general: { en: 'Run', zh: '运行' },
	model: { en: 'Model', zh: '模型' },
	data: { en: 'Data', zh: '数据' },
	stage: { en: 'Stage', zh: '训练阶段' },
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
		help: { en: 'Name of the preset that these settings began as.', zh: '这些设置最初来自的预设名称。' },
		unit: noUnit,
		value: { kind: 'name' },
	},
	{
		path: 'seed',
		group: 'general',
		label: { en: 'Seed', zh: '随机种子' },
		help: {
			en: 'Decides everything random; the same seed on the same device gives the same losses.',
			zh: '决定一切随机过程；同一设备上相同的种子得到相同的损失。',
		},
		unit: noUnit,
		value: integer(0, 4294967295),
	},

	{
		path: 'model.heads',
		group: 'model',
		label: { en: 'Attention heads', zh: '注意力头数' },
		help: {
			en: 'Number of attention heads; the width of the model is heads times head size.',
			zh: '注意力头的数量；模型宽度等于头数乘以每头宽度。',
		},
		unit: noUnit,
		value: integer(1, 64),
	},
	{
		path: 'model.headSize',
		group: 'model',
		label: { en: 'Head size', zh: '每头宽度' },
		help: { en: 'Width of one attention head.', zh: '单个注意力头的宽度。' },
		unit: dimensions,
		value: integer(1, 256),
	},
	{
		path: 'model.layers',
		group: 'model',
		label: { en: 'Layers', zh: '层数' },
		help: { en: 'Encoder layers; the published settings use one.', zh: '编码器层数；论文设置为一层。' },
		unit: noUnit,
		value: integer(1, 12),
	},
	{
		path: 'model.feedForwardFactor',
		group: 'model',
		label: { en: 'Feed-forward factor', zh: '前馈层倍数' },
		help: {
			en: 'Inner width of the feed-forward sublayer over the width of the model.',
			zh: '前馈子层内部宽度与模型宽度之比。',
		},
		unit: noUnit,
		value: integer(1, 8),
	},
	{
		path: 'model.fusion',
		group: 'model',
		label: { en: 'Position fusion', zh: '位置融合方式' },
		help: {
			en: 'How the four distances between two lattice nodes become one vector; ff_two, the published default, is the fastest.',
			zh: '如何把两个格点之间的四种距离合成一个向量；论文默认的 ff_two 最快。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: fusionNames },
	},
	{
		path: 'model.distanceOrigin',
		group: 'model',
		label: { en: 'Distance origin', zh: '距离编码原点' },
		help: {
			en: 'Which sinusoids stand for a distance: its own (centred), or those of the distance plus the longest sentence (shifted, as the published scripts run it).',
			zh: '用哪组正弦值表示距离：距离本身（centred），或距离加上最长句长（shifted，与已发表的训练脚本一致）。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: distanceOrigins },
	},
	{
		path: 'model.bigrams',
		group: 'model',
		label: { en: 'Bigrams', zh: '双字特征' },
		help: {
			en: 'Whether the input of a character also holds the embedding of its bigram.',
			zh: '字的输入是否附带其双字组的向量。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.lexicon',
		group: 'model',
		label: { en: 'Lexicon words', zh: '词典词' },
		help: {
			en: 'Whether words of the lexicon that occur in a sentence become nodes of its lattice.',
			zh: '句中出现的词典词是否作为格点加入。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.embeddingSize',
		group: 'model',
		label: { en: 'Embedding size', zh: '向量宽度' },
		help: {
			en: 'Width of an embedding where no vector file decides it.',
			zh: '没有向量文件时嵌入向量的宽度。',
		},
		unit: dimensions,
		value: integer(1, 1024),
	},
	{
		path: 'model.extraFeatureSize',
		group: 'model',
		label: { en: 'Extra features', zh: '附加特征宽度' },
		help: {
			en: 'Width of a block of given features per character, such as the output of a language model; 0 for none.',
			zh: '每个字的附加特征（如语言模型输出）的宽度；0 表示没有。',
		},
		unit: dimensions,
		value: integer(0, 4096),
	},
	{
		path: 'model.crfStartEnd',
		group: 'model',
		label: { en: 'CRF start and end scores', zh: 'CRF 首尾分数' },
		help: {
			en: 'Whether the CRF also learns which tags begin and end a sentence.',
			zh: 'CRF 是否另外学习句首与句尾标签的分数。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.constrainedDecoding',
		group: 'model',
		label: { en: 'Constrained decoding', zh: '约束解码' },
		help: {
			en: 'Whether prediction forbids ill-formed tag sequences, such as I-PER after O.',
			zh: '预测时是否禁止不合法的标签序列，例如 O 之后出现 I-PER。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'model.embeddingDropout',
		group: 'model',
		label: { en: 'Embedding dropout', zh: '嵌入层丢弃率' },
		help: {
			en: 'Share of input embedding elements dropped in training.',
			zh: '训练时输入向量中被丢弃元素的比例。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.feedForwardDropout',
		group: 'model',
		label: { en: 'Feed-forward dropout', zh: '前馈层丢弃率' },
		help: {
			en: 'Share of elements dropped inside the feed-forward sublayer in training.',
			zh: '训练时前馈子层中被丢弃元素的比例。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.outputDropout',
		group: 'model',
		label: { en: 'Output dropout', zh: '输出丢弃率' },
		help: {
			en: "Share of elements dropped on the encoder's output in training.",
			zh: '训练时编码器输出中被丢弃元素的比例。',
		},
		unit: noUnit,
		value: rate,
	},
	{
		path: 'model.wordDropout',
		group: 'model',
		label: { en: 'Word dropout', zh: '词丢弃率' },
		help: {
			en: 'Probability that a token is read as unknown in training, drawn for each table look-up.',
			zh: '训练时某个词元按未知词读取的概率，每次查表独立抽取。',
		},
		unit: noUnit,
		value: rate,
	},

	{
		path: 'data.limitTrain',
		group: 'data',
		label: { en: 'Training sentences', zh: '训练句数上限' },
		help: { en: 'Use the first n training sentences; 0 for all.', zh: '只用前 n 个训练句；0 表示全部。' },
		unit: sentences,
		value: integer(0, 100_000_000),
	},
	{
		path: 'data.clipLength',
		group: 'data',
		label: { en: 'Clip length', zh: '截断长度' },
		help: {
			en: 'Clip longer training sentences near this length, at a sentence end, comma or entity end; 0 for none.',
			zh: '把更长的训练句在此长度附近的句末、逗号或实体结尾处截断；0 表示不截断。',
		},
		unit: characters,
		value: integer(0, 100_000),
	},
	{
		path: 'data.normalizeEmbeddings',
		group: 'data',
		label: { en: 'Normalise embeddings', zh: '向量归一化' },
		help: {
			en: 'Scale every embedding to length 1 once after loading.',
			zh: '加载后把每个嵌入向量缩放到长度 1。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'data.devIsTest',
		group: 'data',
		label: { en: 'Dev is test', zh: '验证集即测试集' },
		help: {
			en: 'Use the test split as dev too, as MSRA needs; the test score is then chosen on itself.',
			zh: '把测试集同时用作验证集（MSRA 需要）；此时测试分数是在自身上挑选的。',
		},
		unit: noUnit,
		value: onOff,
	},

	{
		path: 'stages.*.name',
		group: 'stage',
		label: { en: 'Stage name', zh: '阶段名称' },
		help: { en: 'Name of the stage in events and results.', zh: '该阶段在事件与结果中的名称。' },
		unit: noUnit,
		value: { kind: 'name' },
	},
	{
		path: 'stages.*.objective',
		group: 'stage',
		label: { en: 'Objective', zh: '训练目标' },
		help: {
			en: 'What the stage minimises: the contrastive loss over entity types, or the loss of the CRF over tags.',
			zh: '该阶段最小化的目标：实体类型的对比损失，或标签的 CRF 损失。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['contrastive', 'crf'] },
	},
	{
		path: 'stages.*.trains',
		group: 'stage',
		label: { en: 'Trained part', zh: '训练部分' },
		help: {
			en: 'Whether everything learns, or the output layer and the CRF alone.',
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
			en: 'Sentences in a training batch; evaluation uses half as many.',
			zh: '每个训练批的句数；评估时用其一半。',
		},
		unit: sentences,
		value: integer(1, 4096),
	},
	{
		path: 'stages.*.batching',
		group: 'stage',
		label: { en: 'Batching', zh: '组批方式' },
		help: {
			en: 'Uniform draws batches at random as published; by-length puts sentences of like length together and is faster.',
			zh: 'uniform 按论文随机组批；by-length 把长度相近的句子放在一起，速度更快。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['uniform', 'by-length'] },
	},
	{
		path: 'stages.*.epochs',
		group: 'stage',
		label: { en: 'Epochs', zh: '轮数' },
		help: {
			en: 'Planned epochs; they also set the length of the warm-up.',
			zh: '计划的轮数；预热长度也由它决定。',
		},
		unit: epochs,
		value: integer(1, 10_000),
	},
	{
		path: 'stages.*.stopAfter',
		group: 'stage',
		label: { en: 'Stop after', zh: '提前结束轮数' },
		help: {
			en: 'End the stage after this many epochs without changing its schedule; 0 for none.',
			zh: '在此轮数后结束该阶段而不改变学习率计划；0 表示不限。',
		},
		unit: epochs,
		value: integer(0, 10_000),
	},
	{
		path: 'stages.*.patience',
		group: 'stage',
		label: { en: 'Patience', zh: '耐心轮数' },
		help: {
			en: 'Epochs without a better dev value after which the stage ends.',
			zh: '验证指标连续多少轮没有提高就结束该阶段。',
		},
		unit: epochs,
		value: integer(1, 10_000),
	},
	{
		path: 'stages.*.updateEvery',
		group: 'stage',
		label: { en: 'Batches per update', zh: '累积批数' },
		help: {
			en: 'Batches whose gradients are summed before one update.',
			zh: '梯度累加多少批后更新一次参数。',
		},
		unit: batches,
		value: integer(1, 1024),
	},
	{
		path: 'stages.*.temperature',
		group: 'stage',
		label: { en: 'Temperature', zh: '温度' },
		help: {
			en: 'Temperature of the contrastive loss; lower weighs the hardest negatives more.',
			zh: '对比损失的温度；越低越看重最难的负例。',
		},
		unit: noUnit,
		value: number(0.01, 10),
	},

	{
		path: 'stages.*.optimizer.kind',
		group: 'optimizer',
		label: { en: 'Optimiser', zh: '优化算法' },
		help: {
			en: 'SGD with momentum, as published, or AdamW, which learns faster in few steps.',
			zh: '论文使用带动量的 SGD；AdamW 在步数较少时学得更快。',
		},
		unit: noUnit,
		value: { kind: 'choice', choices: ['sgd', 'adamw'] },
	},
	{
		path: 'stages.*.optimizer.learningRate',
		group: 'optimizer',
		label: { en: 'Learning rate', zh: '学习率' },
		help: { en: 'Size of an update after the warm-up.', zh: '预热之后每次更新的步长。' },
		unit: noUnit,
		value: number(0, 10),
	},
	{
		path: 'stages.*.optimizer.momentum',
		group: 'optimizer',
		label: { en: 'Momentum', zh: '动量' },
		help: { en: "Momentum of SGD, or AdamW's first decay rate.", zh: 'SGD 的动量，或 AdamW 的第一衰减率。' },
		unit: noUnit,
		value: rate,
	},
	{
		path: 'stages.*.optimizer.beta2',
		group: 'optimizer',
		label: { en: 'Second decay rate', zh: '第二衰减率' },
		help: { en: "AdamW's second decay rate; SGD ignores it.", zh: 'AdamW 的第二衰减率；SGD 不使用。' },
		unit: noUnit,
		value: rate,
	},
	{
		path: 'stages.*.optimizer.epsilon',
		group: 'optimizer',
		label: { en: 'Epsilon', zh: '分母常数' },
		help: { en: "Added to AdamW's denominator; SGD ignores it.", zh: '加在 AdamW 分母上的常数；SGD 不使用。' },
		unit: noUnit,
		value: number(1e-12, 1),
	},
	{
		path: 'stages.*.optimizer.weightDecay',
		group: 'optimizer',
		label: { en: 'Weight decay', zh: '权重衰减' },
		help: {
			en: 'Pulls every trained parameter towards 0, embeddings included.',
			zh: '把所有受训参数（含嵌入）拉向 0 的强度。',
		},
		unit: noUnit,
		value: number(0, 1),
	},
	{
		path: 'stages.*.optimizer.clipValue',
		group: 'optimizer',
		label: { en: 'Gradient clip', zh: '梯度截断' },
		help: {
			en: 'Each gradient element is clipped to plus or minus this value; 0 for no clipping.',
			zh: '梯度的每个元素截断到正负该值之间；0 表示不截断。',
		},
		unit: noUnit,
		value: number(0, 1_000_000),
	},
	{
		path: 'stages.*.optimizer.warmup',
		group: 'optimizer',
		label: { en: 'Warm-up', zh: '预热比例' },
		help: {
			en: 'Share of all planned steps over which the learning rate rises from 0.',
			zh: '学习率从 0 上升所占计划步数的比例。',
		},
		unit: noUnit,
		value: number(0, 1),
	},
	{
		path: 'stages.*.optimizer.epochDecay',
		group: 'optimizer',
		label: { en: 'Epoch decay', zh: '逐轮衰减' },
		help: {
			en: 'd in rate / (1 + d * (epoch - 1)); with the published quirk it acts only without warm-up.',
			zh: '学习率除以 1 + d *（轮数 - 1）中的 d；按原程序行为仅在无预热时起作用。',
		},
		unit: noUnit,
		value: number(0, 100),
	},

	{
		path: 'quirks.dropHashLines',
		group: 'quirks',
		label: { en: "Lose lines starting with '#'", zh: '丢弃以 # 开头的行' },
		help: {
			en: "The published reader takes a corpus line that starts with '#' for a comment, so the character is lost.",
			zh: '原程序把以 # 开头的语料行当作注释，该字因此丢失。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.stopAtMalformedLine',
		group: 'quirks',
		label: { en: 'Lose all after a malformed line', zh: '错行之后全部丢失' },
		help: {
			en: 'After a malformed line the published reader loses its sentence and all later ones of the file.',
			zh: '遇到错行后，原程序会丢失该句及文件中其后的所有句子。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.padTag',
		group: 'quirks',
		label: { en: 'Padding as a tag', zh: '填充符作为标签' },
		help: {
			en: 'The published CRF scores <pad> and <unk> as tags and can predict them.',
			zh: '原程序的 CRF 把 <pad> 与 <unk> 当作标签，并可能预测它们。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.countDevAndTest',
		group: 'quirks',
		label: { en: 'Count dev and test text', zh: '词表计入验证与测试文本' },
		help: {
			en: 'The published vocabularies are ordered by counts that include dev and test text.',
			zh: '原程序的词表按包含验证与测试文本的频次排序。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.warmupSilencesDecay',
		group: 'quirks',
		label: { en: 'Warm-up silences the decay', zh: '预热使衰减失效' },
		help: {
			en: 'With warm-up on, the published program overwrites the rate before each update, so the epoch decay never acts.',
			zh: '启用预热时，原程序在每次更新前重写学习率，逐轮衰减因此不起作用。',
		},
		unit: noUnit,
		value: onOff,
	},
	{
		path: 'quirks.skipValidationAfterZeroLoss',
		group: 'quirks',
		label: { en: 'Skip validation after a zero loss', zh: '零损失后跳过验证' },
		help: {
			en: 'The published program leaves out the validation of an epoch whose last contrastive batch had loss 0.',
			zh: '若某轮最后一批的对比损失为 0，原程序会跳过该轮的验证。',
		},
		unit: noUnit,
		value: onOff,
	},
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
				? `a number from ${value.min} to less than ${value.max}`
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

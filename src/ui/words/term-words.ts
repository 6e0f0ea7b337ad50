// Terms of the field, each explained in one sentence; tooltips and the palette read them here.

import type { WordTable } from './words';

export const termNames = {
	microF1: { en: 'Micro F1', zh: '微平均 F1' },
	macroF1: { en: 'Macro F1', zh: '宏平均 F1' },
	temperature: { en: 'Temperature', zh: '温度' },
	segmentationIndex: { en: 'Segmentation index', zh: '割裂指数' },
	lattice: { en: 'Lattice', zh: '格子（lattice）' },
	lexicon: { en: 'Lexicon', zh: '词典' },
	contrastiveStage: { en: 'Contrastive stage', zh: '对比学习阶段' },
	stage: { en: 'Stage', zh: '阶段' },
	epoch: { en: 'Epoch', zh: '轮' },
	seed: { en: 'Seed', zh: '随机种子' },
	crf: { en: 'CRF', zh: 'CRF' },
	marginal: { en: 'Confidence', zh: '置信度' },
	perplexity: { en: 'Perplexity', zh: '困惑度' },
	tsne: { en: 't-SNE', zh: 't-SNE' },
	publishedRule: { en: 'Published rule', zh: '论文规则' },
	strictRule: { en: 'Strict IOB2', zh: '严格 IOB2' },
	seqevalRule: { en: 'seqeval default', zh: 'seqeval 默认' },
	bootstrap: { en: 'Paired bootstrap', zh: '配对自助法（bootstrap）' },
	softwareAdapter: { en: 'Software adapter', zh: '软件适配器' },
} as const satisfies WordTable;

export type Term = keyof typeof termNames;

export const termExplanations: Record<Term, { en: string; zh: string }> = {
	microF1: {
		en: 'Computed over all entities together, so frequent types weigh more.',
		zh: '对全部实体合并计算，因此常见类型权重更大。',
	},
	macroF1: {
		en: 'The mean of the F1 of all types: each type has the same weight, however rare it is.',
		zh: '各类型 F1 的平均值：每个类型权重相同，与出现多少无关。',
	},
	temperature: {
		en: 'How strongly the contrastive loss focuses on the hardest negatives; lower is stronger.',
		zh: '对比损失对最难负例的关注程度；越低越关注。',
	},
	segmentationIndex: {
		en: 'Distance between the B- and I- centres of a type, divided by the mean distance between types; near 0 the type is not split.',
		zh: '同类型 B- 与 I- 中心的距离，除以类型之间的平均距离；接近 0 表示未被割裂。',
	},
	lattice: {
		en: 'The characters of a sentence plus all lexicon words found in it, each at its position.',
		zh: '句子中的字，加上词典在句中匹配到的所有词，每个词都带有位置。',
	},
	lexicon: {
		en: 'The list of words that are looked up in every sentence; more good words usually give better boundaries.',
		zh: '用于在每个句子中匹配的词语列表；好词越多，边界通常越准。',
	},
	contrastiveStage: {
		en: 'The first stage of NerCo: tokens of one type are pulled together, whether they begin an entity or continue it.',
		zh: 'NerCo 的第一阶段：拉近同类型的词元，不论它在实体开头还是内部。',
	},
	stage: {
		en: 'A part of a run with its own goal and settings: contrastive, head, full.',
		zh: '运行中有各自目标和设置的一段：对比学习、输出层、全参数微调。',
	},
	epoch: { en: 'One pass over all training sentences.', zh: '遍历一次全部训练句子。' },
	seed: {
		en: 'The number that determines every random choice; the same seed gives the same run.',
		zh: '决定所有随机选择的数字；种子相同，结果相同。',
	},
	crf: {
		en: 'The last layer: it scores whole tag sequences, so an I- rarely follows a tag that does not fit.',
		zh: '最后一层：给整个标签序列打分，使 I- 很少跟在不合适的标签之后。',
	},
	marginal: {
		en: 'The probability that the CRF gives to exactly this span with this type.',
		zh: 'CRF 对恰好这一边界和类型给出的概率。',
	},
	perplexity: {
		en: 'Roughly how many neighbours each point of the map tries to stay close to.',
		zh: '图中每个点大约要靠近多少个近邻。',
	},
	tsne: {
		en: 'A projection that keeps neighbours together; distances between distant clusters mean little.',
		zh: '保持近邻关系的投影方法；相距较远的簇之间，距离没有多少意义。',
	},
	publishedRule: {
		en: 'How the published program counts: a stray I- also starts an entity.',
		zh: '原程序的计分方式：孤立的 I- 也算一个实体的开头。',
	},
	strictRule: {
		en: 'Only entities that start with B- count.',
		zh: '只有以 B- 开头的实体才计入。',
	},
	seqevalRule: {
		en: 'The rule of the seqeval package in its default mode: any change of type starts a new entity.',
		zh: 'seqeval 包默认模式的规则：类型一变就算新实体。',
	},
	bootstrap: {
		en: 'Sentences are resampled 10,000 times; the interval contains 95% of the differences.',
		zh: '对句子重采样 10,000 次；区间包含 95% 的差值。',
	},
	softwareAdapter: {
		en: 'WebGPU without a GPU: the CPU does the work, slowly but with the same results.',
		zh: '没有 GPU 的 WebGPU：由 CPU 计算，结果相同但很慢。',
	},
};

// Terms of the field, each explained in one sentence; tooltips and the palette read them here.

import type { WordTable } from './words';

export const termNames = {
	microF1: { en: 'Micro F1', zh: '微平均 F1' },
	macroF1: { en: 'Macro F1', zh: '宏平均 F1' },
	temperature: { en: 'Temperature', zh: '温度' },
	segmentationIndex: { en: 'Segmentation index', zh: '割裂指数' },
	lattice: { en: 'Lattice', zh: '词格' },
	lexicon: { en: 'Lexicon', zh: '词典' },
	contrastiveStage: { en: 'Contrastive stage', zh: '对比阶段' },
	stage: { en: 'Stage', zh: '阶段' },
	epoch: { en: 'Epoch', zh: '轮' },
	seed: { en: 'Seed', zh: '种子' },
	crf: { en: 'CRF', zh: 'CRF' },
	marginal: { en: 'Confidence', zh: '置信度' },
	perplexity: { en: 'Perplexity', zh: '困惑度' },
	tsne: { en: 't-SNE', zh: 't-SNE' },
	publishedRule: { en: 'Published rule', zh: '论文规则' },
	strictRule: { en: 'Strict IOB2', zh: '严格 IOB2' },
	seqevalRule: { en: 'seqeval default', zh: 'seqeval 默认' },
	bootstrap: { en: 'Paired bootstrap', zh: '配对自助法' },
	softwareAdapter: { en: 'Software adapter', zh: '软件适配器' },
} as const satisfies WordTable;

export type Term = keyof typeof termNames;

export const termExplanations: Record<Term, { en: string; zh: string }> = {
	microF1: {
		en: 'Precision and recall over all entities together, so frequent types weigh more.',
		zh: '全部实体合在一起计算，因此常见类型权重更大。',
	},
	macroF1: {
		en: 'The mean of the types’ F1, so every type weighs the same however rare it is.',
		zh: '各类型 F1 的平均，因此每个类型权重相同，不论多少。',
	},
	temperature: {
		en: 'How strongly the contrastive loss looks at the hardest negatives; lower is stronger.',
		zh: '对比损失对最难负例的关注程度；越低越强。',
	},
	segmentationIndex: {
		en: 'Distance of B- and I- centres over the mean distance of types; near 0 the type is whole.',
		zh: '同类 B-、I- 中心距离除以类间平均距离；接近 0 表示未被割裂。',
	},
	lattice: {
		en: 'The characters of a sentence together with all dictionary words found in it, each word at its place.',
		zh: '句中的字加上词典里能匹配到的所有词，每个词各在其位置。',
	},
	lexicon: {
		en: 'The list of words that are looked up in every sentence; more good words usually mean better boundaries.',
		zh: '在每个句子中查找的词表；好词越多，边界通常越准。',
	},
	contrastiveStage: {
		en: 'The first stage of NerCo: tokens of one type are pulled together, whether they begin an entity or continue it.',
		zh: 'NerCo 的第一阶段：把同一类型的词元拉到一起，不论它在实体开头还是内部。',
	},
	stage: {
		en: 'A part of a run with its own goal and settings: contrastive, head, full.',
		zh: '运行中有独立目标和设置的一段：对比学习、输出层、全量微调。',
	},
	epoch: { en: 'One pass over all training sentences.', zh: '把全部训练句子过一遍。' },
	seed: {
		en: 'The number that decides every random choice; the same seed gives the same run.',
		zh: '决定一切随机选择的数；同一种子得到同一结果。',
	},
	crf: {
		en: 'The last layer: it scores whole tag sequences, so that an I- hardly follows a wrong tag.',
		zh: '最后一层：给整条标签序列打分，使 I- 不易跟在错误标签之后。',
	},
	marginal: {
		en: 'The probability, by the CRF, of exactly this span with this type.',
		zh: 'CRF 给出的、恰好是这个跨度和类型的概率。',
	},
	perplexity: {
		en: 'How many neighbours each point of the map tries to keep near, roughly.',
		zh: '图中每个点大约试图保持靠近的近邻数。',
	},
	tsne: {
		en: 'A projection that keeps neighbours together; distances between far clusters mean little.',
		zh: '保持近邻关系的投影；相距较远的簇之间的距离没有多少意义。',
	},
	publishedRule: {
		en: 'How the published program counts: a stray I- opens a mention too.',
		zh: '论文程序的计分方式：孤立的 I- 也算一个实体。',
	},
	strictRule: {
		en: 'Only a mention that begins with B- counts.',
		zh: '只有以 B- 开头的实体才计入。',
	},
	seqevalRule: {
		en: 'The rule of the seqeval package in its default mode: any change of type opens a mention.',
		zh: 'seqeval 包默认模式的规则：类型一变就算新实体。',
	},
	bootstrap: {
		en: 'Sentences are drawn again 10 000 times; the interval holds 95 % of the differences found.',
		zh: '对句子重复抽样 10 000 次；区间包含 95 % 的差值。',
	},
	softwareAdapter: {
		en: 'WebGPU without a GPU: the processor does its work, slowly but with the same results.',
		zh: '没有 GPU 的 WebGPU：由处理器代劳，结果相同但很慢。',
	},
};

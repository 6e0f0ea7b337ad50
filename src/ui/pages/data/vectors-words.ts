// Words of the dialog that adds vectors, and of vectors that were trained here.

import type { WordTable } from '../../words/words';

export const vectorsWords = {
	title: { en: 'Add vectors', zh: '添加向量' },
	way: { en: 'Source', zh: '来源' },
	fromFile: { en: 'From a file', zh: '从文件导入' },
	fromText: { en: 'Train from text', zh: '用文本训练' },
	fileText: {
		en: 'word2vec, fastText, GloVe and gigaword files of any size, text or binary, compressed or not. Only rows that a corpus can use are kept.',
		zh: '任意大小的 word2vec、fastText、GloVe、gigaword 文件，文本或二进制，压缩与否均可。只保留语料用得到的行。',
	},
	chooseVectors: { en: 'Choose file', zh: '选择文件' },
	textText: {
		en: 'Characters used in similar contexts get similar vectors (skip-gram). A few megabytes of text from your domain help; more is better. Everything runs in this browser.',
		zh: '上下文相似的字会得到相似的向量（skip-gram）。几 MB 的领域文本就有帮助，越多越好。全部在此浏览器中完成。',
	},
	text: { en: 'Text', zh: '文本' },
	trainSentences: {
		en: '{count, plural, one {{count} train sentence} other {{count} train sentences}}',
		zh: '训练集 {count} 句',
	},
	corpusHint: {
		en: 'Only the train split is used; dev and test stay unseen.',
		zh: '只使用训练集，不使用验证集和测试集。',
	},
	chooseTexts: { en: 'Choose text files', zh: '选择文本文件' },
	textsHint: {
		en: 'Or drop them here: plain text, one sentence or paragraph per line, any encoding, compressed or not.',
		zh: '也可以拖到此处：纯文本，每行一句或一段，编码不限，压缩与否均可。',
	},
	removeText: { en: 'Remove {name}', zh: '移除 {name}' },
	units: { en: 'Vectors for', zh: '向量单位' },
	lexicon: { en: 'Lexicon', zh: '词典' },
	lexiconHint: { en: 'Its words get vectors.', zh: '为其中的词训练向量。' },
	noLexicon: { en: 'Word vectors need a lexicon: add one first.', zh: '词向量需要词典，请先添加。' },
	name: { en: 'Name', zh: '名称' },
	dimension: { en: 'Dimensions', zh: '维数' },
	dimensionHint: { en: 'Size of each vector; 50 is common for Chinese NER', zh: '每个向量的长度；中文 NER 常用 50' },
	window: { en: 'Window', zh: '窗口' },
	windowHint: { en: 'Maximum neighbours on each side', zh: '每侧最多的相邻单位数' },
	negatives: { en: 'Negatives', zh: '负样本' },
	negativesHint: { en: 'Random units per neighbour', zh: '每个相邻单位对应的随机单位数' },
	epochs: { en: 'Epochs', zh: '训练轮数' },
	epochsHint: { en: 'Passes over the text; leave empty to choose by text length', zh: '留空则按文本长度自动设定' },
	minCount: { en: 'Minimum count', zh: '最少出现次数' },
	minCountHint: { en: 'Rarer units get no vector', zh: '出现次数更少的单位没有向量' },
	seed: { en: 'Seed', zh: '随机种子' },
	seedHint: { en: 'The same seed and text give the same vectors', zh: '随机种子和文本相同，向量就相同' },
	range: { en: 'a whole number from {least} to {most}', zh: '{least} 到 {most} 的整数' },
	cancel: { en: 'Cancel', zh: '取消' },
	train: { en: 'Train vectors', zh: '训练向量' },
	needsText: { en: 'Choose a corpus or text files.', zh: '请选择语料或文本文件。' },
	trained: {
		en: '{name}: {count, plural, one {{count} vector} other {{count} vectors}} trained',
		zh: '{name}：已训练 {count} 个向量',
	},
	trainedCovered: { en: '{name}: {found} of {wanted} have a vector', zh: '{name}：{wanted} 个中有 {found} 个有向量' },
	trainedOn: { en: 'Trained on', zh: '训练文本' },
	textLength: { en: 'Text', zh: '文本长度' },
	characterCount: { en: '{count, plural, one {{count} character} other {{count} characters}}', zh: '{count} 字' },
	settings: { en: 'Settings', zh: '设置' },
	settingsText: {
		en: 'window {window}, negatives {negatives}, epochs {epochs}, minimum count {minCount}, seed {seed}',
		zh: '窗口 {window}，负样本 {negatives}，训练轮数 {epochs}，最少出现次数 {minCount}，随机种子 {seed}',
	},
	byLength: { en: 'by text length', zh: '按文本长度' },
} as const satisfies WordTable;

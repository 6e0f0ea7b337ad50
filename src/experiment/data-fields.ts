// Words, units and ranges of what a run makes of its corpus and its vectors.

import type { Field } from './field';
import { characters, integer, noUnit, onOff, sentences } from './field-values';

export const dataFields: readonly Field[] = [
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
		path: 'data.clipTest',
		group: 'data',
		label: { en: 'Split long test sentences', zh: '切分过长的测试句' },
		help: {
			en: 'Apply the maximum sentence length to test too, as the published MSRA results do; entities are then counted per piece.',
			zh: '最大句长也用于测试集，与论文的 MSRA 结果一致；实体按切分后的句子计数。',
		},
		unit: noUnit,
		value: onOff,
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
];

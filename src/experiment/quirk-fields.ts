// Words of the quirks of the published program, each a switch.

import type { Field } from './field';
import { noUnit, onOff } from './field-values';

export const quirkFields: readonly Field[] = [
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
];

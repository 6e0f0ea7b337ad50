// Words, units and ranges of every setting of config.ts, in English and Chinese. The form, the check of settings
// (check-config.ts), the command's --set and run comparison all read this table and nothing else. The settings of each group
// stand in a file of their own.

import { bertFields, bertQuirkFields, groupFields } from './bert-fields';
import { dataFields } from './data-fields';
import type { Field, FieldGroup, FieldValue, Words } from './field';
import { integer, noUnit } from './field-values';
import { modelFields } from './model-fields';
import { optimizerFields } from './optimizer-fields';
import { quirkFields } from './quirk-fields';
import { stageFields } from './stage-fields';

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

const runFields: readonly Field[] = [
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
];

/** In the order in which form and comparison show them. */
export const fields: readonly Field[] = [
	...runFields,
	...modelFields,
	...bertFields,
	...dataFields,
	...stageFields,
	...optimizerFields,
	...groupFields,
	...quirkFields,
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

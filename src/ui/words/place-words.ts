// What the places say that this version does not have yet.

import type { WordTable } from './words';

export const placeWords = {
	notYet: { en: 'Not in this version yet', zh: '此版本尚无此功能' },
	results: {
		en: 'Here all runs will be compared, with every error in its sentence. Until then Train shows the scores of the current run.',
		zh: '这里将比较所有运行，并列出每一处错误。目前可在“训练”中查看当前运行的得分。',
	},
	annotate: {
		en: 'Here sentences will be labelled by mouse or keyboard, with suggestions of a model.',
		zh: '这里将可用鼠标或键盘标注句子，并参考模型的建议。',
	},
	goTrain: { en: 'Start training', zh: '开始训练' },
} as const satisfies WordTable;

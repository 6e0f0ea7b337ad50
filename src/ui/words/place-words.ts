// What the places say that this version does not have yet.

import type { WordTable } from './words';

export const placeWords = {
	dataTitle: { en: 'Sample sentences', zh: '样例句子' },
	dataText: {
		en: 'Corpora, vectors and lexicons of this browser stand here. A run takes its files in Train.',
		zh: '此浏览器中的语料、向量和词典会在这里。运行所需的文件目前在“训练”中选择。',
	},
	spaceTitle: { en: 'Not in this version yet', zh: '此版本尚无此功能' },
	spaceText: {
		en: 'Here each token of a run will be a point of a map, so that one sees types draw together.',
		zh: '这里将把运行中的每个词元画成图上的一个点，可以看到类型如何聚拢。',
	},
	resultsTitle: { en: 'Not in this version yet', zh: '此版本尚无此功能' },
	resultsText: {
		en: 'Here all runs will be compared, with every error in its sentence. Until then Train shows the scores of the current run.',
		zh: '这里将比较所有运行，并列出每一处错误。目前可在“训练”中查看当前运行的得分。',
	},
	annotateTitle: { en: 'Not in this version yet', zh: '此版本尚无此功能' },
	annotateText: {
		en: 'Here sentences will be labelled by mouse or keyboard, with suggestions of a model.',
		zh: '这里将可用鼠标或键盘标注句子，并参考模型的建议。',
	},
	modelsTitle: { en: 'No models yet', zh: '还没有模型' },
	modelsText: { en: 'Trained models are kept here.', zh: '训练好的模型保存在这里。' },
	newRun: { en: 'New run', zh: '新运行' },
	goTrain: { en: 'Start training', zh: '开始训练' },
} as const satisfies WordTable;

// What each place says while there is nothing in it yet.

import type { WordTable } from './words';

export const placeWords = {
	dataTitle: { en: 'Sample sentences', zh: '样例句子' },
	dataText: {
		en: 'Corpora, vectors and lexicons of this browser stand here. A run takes its files in Train.',
		zh: '此浏览器中的语料、向量和词典会在这里。运行所需的文件目前在“训练”中选择。',
	},
	spaceTitle: { en: 'No map yet', zh: '还没有图' },
	spaceText: {
		en: 'When a run trains, every token becomes a point here, and types draw together or fall apart.',
		zh: '运行训练时，每个词元是这里的一个点，类型会聚拢或散开。',
	},
	resultsTitle: { en: 'No results yet', zh: '还没有结果' },
	resultsText: {
		en: 'When a run ends, its F1, types and every error stand here.',
		zh: '运行结束后，这里会有 F1、各类得分和每一处错误。',
	},
	annotateTitle: { en: 'Nothing to annotate yet', zh: '还没有可标注的内容' },
	annotateText: {
		en: 'Choose a corpus and an order; sentences come one by one, with the model’s suggestions.',
		zh: '选择语料和次序，句子会逐句出现，并带有模型的建议。',
	},
	modelsTitle: { en: 'No models yet', zh: '还没有模型' },
	modelsText: { en: 'Trained models are kept here.', zh: '训练好的模型保存在这里。' },
	newRun: { en: 'New run', zh: '新运行' },
	goTrain: { en: 'Start training', zh: '开始训练' },
} as const satisfies WordTable;

// What the places say that this version does not have yet.

import type { WordTable } from './words';

export const placeWords = {
	notYet: { en: 'Not in this version yet', zh: '此版本尚无此功能' },
	space: {
		en: 'Here each token of a run will be a point of a map, so that one sees types draw together.',
		zh: '这里将把运行中的每个词元画成图上的一个点，可以看到类型如何聚拢。',
	},
	goTrain: { en: 'Start training', zh: '开始训练' },
} as const satisfies WordTable;

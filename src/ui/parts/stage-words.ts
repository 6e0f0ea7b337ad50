// Names of the three stages of the presets.

import type { WordTable } from '../words/words';

export const stageWords = {
	contrastive: { en: 'Contrastive', zh: '对比学习' },
	head: { en: 'Head', zh: '输出层' },
	full: { en: 'Full', zh: '全参数微调' },
} as const satisfies WordTable;

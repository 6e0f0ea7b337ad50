// One line of each of the commonest corpus formats.

import type { CorpusFormat } from '../../data/formats/reading';

export const formatExamples: readonly { format: CorpusFormat; line: string }[] = [
	{ format: 'conll', line: '李 B-PER ⏎ 明 I-PER ⏎ 来 O' },
	{ format: 'doccano', line: '{"text": "李明来了", "label": [[0, 2, "PER"]]}' },
	{ format: 'label-studio', line: '[{"data": {"text": "…"}, "annotations": […]}]' },
	{ format: 'cluener', line: '{"text": "…", "label": {"name": {"李明": [[0, 1]]}}}' },
	{ format: 'hugging-face', line: '{"tokens": ["李", "明"], "ner_tags": [1, 2]}' },
	{ format: 'brat', line: 'notes.txt + notes.ann: T1⇥PER 0 2⇥李明' },
	{ format: 'inline-slash', line: '李/B-PER 明/I-PER 来/O' },
	{ format: 'plain-text', line: '李明来了。' },
];

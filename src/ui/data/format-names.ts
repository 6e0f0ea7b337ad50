// Names of the corpus formats, as their makers write them, and one line of each.

import type { CorpusFormat } from '../../data/formats/reading';

export const formatNames: Record<CorpusFormat, string> = {
	conll: 'CoNLL',
	'conll-2003': 'CoNLL-2003',
	'inline-bar': 'Inline, token|tag',
	'inline-slash': 'Inline, token/tag',
	brat: 'brat',
	doccano: 'doccano JSONL',
	'label-studio': 'Label Studio JSON',
	'label-studio-min': 'Label Studio JSON-MIN',
	cluener: 'CLUENER',
	w2ner: 'W2NER JSON',
	'hugging-face': 'Hugging Face JSONL',
	'hugging-face-json': 'Hugging Face JSON',
	'hugging-face-parquet': 'Hugging Face Parquet',
	'spacy-jsonl': 'spaCy JSONL',
	'spacy-v2': 'spaCy v2 JSON',
	'plain-text': 'Plain text',
};

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

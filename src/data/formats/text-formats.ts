// The text formats that can be written, by the names that people know them by. Kept apart from the writers, so that the
// page can list them without loading any.

import type { TextFormat } from './write-corpus';

export interface ListedFormat {
	format: TextFormat;
	name: string;
	extension: string;
}

export const listedFormats: readonly ListedFormat[] = [
	{ format: 'conll', name: 'CoNLL (BIO)', extension: '.conll' },
	{ format: 'conll-2003', name: 'CoNLL 2003', extension: '.conll' },
	{ format: 'doccano', name: 'doccano', extension: '.jsonl' },
	{ format: 'label-studio', name: 'Label Studio', extension: '.json' },
	{ format: 'label-studio-min', name: 'Label Studio (min)', extension: '.json' },
	{ format: 'hugging-face', name: 'Hugging Face', extension: '.jsonl' },
	{ format: 'hugging-face-json', name: 'Hugging Face', extension: '.json' },
	{ format: 'cluener', name: 'CLUENER', extension: '.json' },
	{ format: 'w2ner', name: 'W2NER', extension: '.json' },
	{ format: 'spacy-jsonl', name: 'spaCy', extension: '.jsonl' },
	{ format: 'spacy-v2', name: 'spaCy 2', extension: '.json' },
	{ format: 'brat', name: 'brat', extension: '.txt .ann' },
	{ format: 'inline-bar', name: '字|B-PER', extension: '.txt' },
	{ format: 'inline-slash', name: '字/B-PER', extension: '.txt' },
	{ format: 'plain-text', name: 'Text', extension: '.txt' },
];

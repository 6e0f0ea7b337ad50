// Names of the corpus formats for people, and those that can be written. Kept apart from the readers and
// writers, so that the page can list them without loading any.

import type { CorpusFormat } from './reading';
import type { TextFormat } from './write-corpus';

export const formatNames: Readonly<Record<CorpusFormat, string>> = {
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

export interface ListedFormat {
	format: TextFormat;
	name: string;
	extension: string;
	/** Whether it holds tags, of which a scheme can be chosen. */
	hasTags: boolean;
}

const listed = (format: TextFormat, extension: string, hasTags = false): ListedFormat => ({
	format,
	name: formatNames[format],
	extension,
	hasTags,
});

/** What can be written, in the order in which it is offered. */
export const listedFormats: readonly ListedFormat[] = [
	listed('conll', '.conll', true),
	listed('conll-2003', '.conll', true),
	listed('doccano', '.jsonl'),
	listed('label-studio', '.json'),
	listed('label-studio-min', '.json'),
	listed('hugging-face', '.jsonl', true),
	listed('hugging-face-json', '.json', true),
	listed('cluener', '.json'),
	listed('w2ner', '.json'),
	listed('spacy-jsonl', '.jsonl'),
	listed('spacy-v2', '.json'),
	listed('brat', '.txt .ann'),
	listed('inline-bar', '.txt', true),
	listed('inline-slash', '.txt', true),
	listed('plain-text', '.txt'),
];

// List of the corpus formats: how each is called, saved and shown. Plain data, so that the page can list formats without
// loading a reader; the readers and writers under the same names are in format-registry.ts.

interface ListedRow {
	/** For people. */
	title: string;
	/** What the name of each written file ends in; none for a format that is only read. */
	extensions: readonly [] | readonly ['.txt', '.ann'] | readonly [string];
	/** Whether it holds tags, of which a scheme can be chosen. */
	hasTags: boolean;
	/** One line of it, for people who wonder what to import. */
	example?: string;
}

/** In the order in which formats are offered. */
export const formatList = {
	conll: { title: 'CoNLL', extensions: ['.conll'], hasTags: true, example: '李 B-PER ⏎ 明 I-PER ⏎ 来 O' },
	'conll-2003': { title: 'CoNLL-2003', extensions: ['.conll'], hasTags: true },
	doccano: {
		title: 'doccano JSONL',
		extensions: ['.jsonl'],
		hasTags: false,
		example: '{"text": "李明来了", "label": [[0, 2, "PER"]]}',
	},
	'label-studio': {
		title: 'Label Studio JSON',
		extensions: ['.json'],
		hasTags: false,
		example: '[{"data": {"text": "…"}, "annotations": […]}]',
	},
	'label-studio-min': { title: 'Label Studio JSON-MIN', extensions: ['.json'], hasTags: false },
	'hugging-face': {
		title: 'Hugging Face JSONL',
		extensions: ['.jsonl'],
		hasTags: true,
		example: '{"tokens": ["李", "明"], "ner_tags": [1, 2]}',
	},
	'hugging-face-json': { title: 'Hugging Face JSON', extensions: ['.json'], hasTags: true },
	'hugging-face-parquet': { title: 'Hugging Face Parquet', extensions: [], hasTags: true },
	cluener: {
		title: 'CLUENER',
		extensions: ['.json'],
		hasTags: false,
		example: '{"text": "…", "label": {"name": {"李明": [[0, 1]]}}}',
	},
	w2ner: { title: 'W2NER JSON', extensions: ['.json'], hasTags: false },
	'spacy-jsonl': { title: 'spaCy JSONL', extensions: ['.jsonl'], hasTags: false },
	'spacy-v2': { title: 'spaCy v2 JSON', extensions: ['.json'], hasTags: false },
	brat: {
		title: 'brat',
		extensions: ['.txt', '.ann'],
		hasTags: false,
		example: 'notes.txt + notes.ann: T1⇥PER 0 2⇥李明',
	},
	'inline-bar': { title: 'Inline, token|tag', extensions: ['.txt'], hasTags: true },
	'inline-slash': {
		title: 'Inline, token/tag',
		extensions: ['.txt'],
		hasTags: true,
		example: '李/B-PER 明/I-PER 来/O',
	},
	'plain-text': { title: 'Plain text', extensions: ['.txt'], hasTags: false, example: '李明来了。' },
} as const satisfies Readonly<Record<string, ListedRow>>;

export type CorpusFormat = keyof typeof formatList;

/** The formats that can be written. */
export type TextFormat = {
	[Format in CorpusFormat]: (typeof formatList)[Format]['extensions'] extends readonly [] ? never : Format;
}[CorpusFormat];

export const corpusFormats = Object.keys(formatList) as CorpusFormat[];
export const textFormats = corpusFormats.filter((format): format is TextFormat => rowOf(format).extensions.length > 0);

export const titleOf = (format: CorpusFormat): string => formatList[format].title;

/** What can be written, for a menu. */
export const listedFormats = textFormats.map((format) => {
	const { title, extensions, hasTags } = rowOf(format);
	return { format, name: title, extension: extensions.join(' '), hasTags };
});

/** A line of each of the commonest. */
export const formatExamples = corpusFormats.flatMap((format) => {
	const { title, example } = rowOf(format);
	return example === undefined ? [] : [{ title, example }];
});

/** Names of the files that a corpus is written to: `path` itself, and what belongs beside it. */
export function outputNames(format: TextFormat, path: string): string[] {
	const beside = rowOf(format).extensions.slice(1);
	return [path, ...beside.map((extension) => `${path.replace(/\.[^./\\]*$/, '')}${extension}`)];
}

function rowOf(format: CorpusFormat): ListedRow {
	return formatList[format];
}

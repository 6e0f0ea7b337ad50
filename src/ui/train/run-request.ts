// From what stands in the form to the request that the worker checks. Files go as they are; the worker reads them.

import { UserError } from '../../util/errors';
import type { CorpusFiles, RunRequest, SourceFile } from '../../worker/protocol';

export type ChosenFiles = Partial<Record<keyof CorpusFiles, File | undefined>>;

export const fileSlots = [
	'train',
	'dev',
	'test',
	'lexicon',
	'characterVectors',
	'bigramVectors',
	'wordVectors',
] as const satisfies readonly (keyof CorpusFiles)[];

/** Corpora that are served with the page, by folder. */
export const servedCorpora = ['sample', 'sample-en', 'smoke'] as const;
export type ServedCorpus = (typeof servedCorpora)[number];
export type CorpusChoice = ServedCorpus | 'own';

export interface RunForm {
	corpus: CorpusChoice;
	files: ChosenFiles;
	preset: string;
	/** Empty for the preset's own. */
	seed: string;
	/** One `path=value` a line; empty lines and lines that begin with '#' mean nothing. */
	settings: string;
	/** Settings of the form's fields, by path; those of the text come after them. */
	changes?: Readonly<Record<string, string>>;
	continuesSaved: boolean;
}

/** Throws a UserError for a form that cannot become a request. */
export async function runRequest(form: RunForm): Promise<RunRequest & { files: CorpusFiles }> {
	return {
		files: form.corpus === 'own' ? ownFiles(form.files) : await servedFiles(form.corpus),
		preset: form.preset,
		seed: form.seed.trim() === '' ? null : parseSeed(form.seed.trim()),
		settings: { ...form.changes, ...parseSettings(form.settings) },
		continuesSaved: form.continuesSaved,
	};
}

function parseSeed(text: string): number {
	if (/^\d+$/.test(text)) return Number(text);
	throw new UserError({
		code: 'seed-not-a-number',
		expected: 'a whole number as seed',
		found: `"${text}"`,
		remedy: "Write digits only, or leave the field empty for the preset's own seed.",
	});
}

export function parseSettings(text: string): Record<string, string> {
	const settings: Record<string, string> = {};
	for (const [index, line] of text.split('\n').entries()) {
		const trimmed = line.trim();
		if (trimmed === '' || trimmed.startsWith('#')) continue;
		const equals = trimmed.indexOf('=');
		if (equals < 1) {
			throw new UserError({
				code: 'setting-without-value',
				place: { file: 'Settings', line: index + 1 },
				expected: 'a path and a value with "=" between them',
				found: `"${trimmed}"`,
				remedy: 'Write it like stages.0.epochs=4.',
			});
		}
		settings[trimmed.slice(0, equals).trim()] = trimmed.slice(equals + 1).trim();
	}
	return settings;
}

function ownFiles(files: ChosenFiles): CorpusFiles {
	const named = (file: File | undefined): SourceFile | null => (file ? { name: file.name, content: file } : null);
	const train = named(files.train);
	const dev = named(files.dev);
	if (!train || !dev) {
		throw new UserError({
			code: 'corpus-file-missing',
			expected: 'a train and a dev file',
			found: train ? 'no dev file' : 'no train file',
			remedy: 'Choose the file, or use the smoke corpus.',
		});
	}
	return {
		train,
		dev,
		test: named(files.test),
		lexicon: named(files.lexicon),
		characterVectors: named(files.characterVectors),
		bigramVectors: named(files.bigramVectors),
		wordVectors: named(files.wordVectors),
	};
}

/** What each served folder holds, by role. */
const servedNames: Record<ServedCorpus, Partial<Record<keyof CorpusFiles, string>>> = {
	sample: {
		lexicon: 'lexicon.txt',
		characterVectors: 'characters.vec.gz',
		bigramVectors: 'bigrams.vec.gz',
		wordVectors: 'words.vec.gz',
	},
	'sample-en': {},
	smoke: { lexicon: 'lexicon.txt' },
};

async function servedFiles(folder: ServedCorpus): Promise<CorpusFiles> {
	const get = async (name: string | undefined): Promise<SourceFile | null> => {
		if (name === undefined) return null;
		const response = await fetch(new URL(`${folder}/${name}`, document.baseURI));
		if (response.ok) return { name: `${folder}/${name}`, content: await response.blob() };
		throw new UserError({
			code: 'served-file-missing',
			place: { file: `${folder}/${name}` },
			expected: 'the file beside the page',
			found: `the answer ${response.status}`,
			remedy: 'Serve the whole dist folder, or choose own files.',
		});
	};
	const names = servedNames[folder];
	const [train, dev, test, lexicon, characterVectors, bigramVectors, wordVectors] = await Promise.all([
		get('train.conll'),
		get('dev.conll'),
		get('test.conll'),
		get(names.lexicon),
		get(names.characterVectors),
		get(names.bigramVectors),
		get(names.wordVectors),
	]);
	return {
		train: train as SourceFile,
		dev: dev as SourceFile,
		test,
		lexicon,
		characterVectors,
		bigramVectors,
		wordVectors,
	};
}

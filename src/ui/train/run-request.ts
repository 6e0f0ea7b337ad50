// From what stands in the form to the request that the worker checks. Files go as they are; the worker reads them.

import { UserError } from '../../util/errors';
import type { CorpusFiles, RunRequest, SourceFile } from '../../worker/protocol';

export type ChosenFiles = Partial<Record<keyof CorpusFiles, File | undefined>>;

export const fileSlots: readonly { slot: keyof CorpusFiles; label: string; hint: string }[] = [
	{ slot: 'train', label: 'Train', hint: 'CoNLL columns: one character and its tag a line' },
	{ slot: 'dev', label: 'Dev', hint: 'CoNLL columns' },
	{ slot: 'test', label: 'Test', hint: 'CoNLL columns; without it dev stands in' },
	{ slot: 'lexicon', label: 'Lexicon', hint: 'One word a line; without it the words of the word vectors' },
	{ slot: 'characterVectors', label: 'Character vectors', hint: '.vec or .vec.gz' },
	{ slot: 'bigramVectors', label: 'Bigram vectors', hint: '.vec or .vec.gz' },
	{ slot: 'wordVectors', label: 'Word vectors', hint: '.vec or .vec.gz' },
];

export interface RunForm {
	corpus: 'smoke' | 'own';
	files: ChosenFiles;
	preset: string;
	/** Empty for the preset's own. */
	seed: string;
	/** One `path=value` a line; empty lines and lines that begin with '#' mean nothing. */
	settings: string;
	continuesSaved: boolean;
}

/** Throws a UserError for a form that cannot become a request. */
export async function runRequest(form: RunForm): Promise<RunRequest & { files: CorpusFiles }> {
	return {
		files: form.corpus === 'smoke' ? await smokeFiles() : ownFiles(form.files),
		preset: form.preset,
		seed: form.seed.trim() === '' ? null : parseSeed(form.seed.trim()),
		settings: parseSettings(form.settings),
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

async function smokeFiles(): Promise<CorpusFiles> {
	const get = async (name: string): Promise<SourceFile> => {
		const response = await fetch(new URL(`smoke/${name}`, document.baseURI));
		if (response.ok) return { name: `smoke/${name}`, content: await response.blob() };
		throw new UserError({
			code: 'smoke-file-missing',
			place: { file: `smoke/${name}` },
			expected: 'the file beside the page',
			found: `the answer ${response.status}`,
			remedy: 'Serve the whole dist folder, or choose own files.',
		});
	};
	const [train, dev, test, lexicon] = await Promise.all(
		['train.conll', 'dev.conll', 'test.conll', 'lexicon.txt'].map(get),
	);
	return { train, dev, test, lexicon, characterVectors: null, bigramVectors: null, wordVectors: null };
}

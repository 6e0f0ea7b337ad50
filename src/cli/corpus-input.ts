// Files of a command line as one corpus: `--train`, `--dev`, `--test`, or files whose names or contents say their split.

import { basename } from 'node:path';
import { assembleCorpus } from '../data/assemble-corpus';
import { type Corpus, splitNames } from '../data/corpus';
import { readChoices } from '../data/formats/read-choices';
import { readCorpusFiles } from '../data/formats/read-corpus';
import type { CorpusReading, ReadingChoices, SourceBytes } from '../data/formats/reading';
import { readFileBytes } from '../storage/node/files';
import { UsageError } from './command-line';

export const splitOptions = {
	train: { type: 'string' },
	dev: { type: 'string' },
	test: { type: 'string' },
} as const;

export const splitOptionsUsage = `  --train FILE, --dev FILE, --test FILE
                         one file per split; the split of other files is detected from name or content, else train`;

export const choiceUsage = `  --from FORMAT          read as this format (default: detected from content)
  --encoding NAME        UTF-8, UTF-16LE, UTF-16BE, GB18030 or Big5 instead of the one that the bytes show
  --choices A=B[,…]      what to do where a file leaves a choice; give it several times, or several at once with ;`;

export const choiceOptions = {
	from: { type: 'string' },
	encoding: { type: 'string' },
	choices: { type: 'string', multiple: true },
} as const;

type SplitPaths = Partial<Record<keyof typeof splitOptions, string>>;

/** `a=b;c=d` in each of the words, and the two that have options of their own. */
export function choicesOf(options: { from?: string; encoding?: string; choices?: string[] }): ReadingChoices {
	const given = new Map<string, string>();
	for (const pair of (options.choices ?? []).flatMap((word) => word.split(';'))) {
		const at = pair.indexOf('=');
		if (at < 1) throw new UsageError(`--choices must be NAME=VALUE, not '${pair}'`);
		given.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
	}
	if (options.from !== undefined) given.set('format', options.from);
	if (options.encoding !== undefined) given.set('encoding', options.encoding);
	return readChoices(Object.fromEntries(given));
}

/** The corpus, named after its first file, and what was read. */
export async function readCorpusOf(
	files: readonly string[],
	options: SplitPaths,
	choices: ReadingChoices = {},
): Promise<{ corpus: Corpus; readings: CorpusReading[] }> {
	const readings = await readCorpusFiles(await Promise.all(files.map(readSource)), choices);
	for (const split of splitNames) {
		const path = options[split];
		if (path !== undefined) readings.push(...(await readCorpusFiles([await readSource(path)], { ...choices, split })));
	}
	if (readings.length === 0) throw new UsageError('no corpus: give its files, or use --train, --dev and --test');
	return { corpus: assembleCorpus(basename(readings[0].file), readings), readings };
}

async function readSource(file: string): Promise<SourceBytes> {
	return { file, bytes: await readFileBytes(file) };
}

/** What the readers changed or found odd, by kind: how many, and the first one in words. */
export function notesOf(readings: readonly CorpusReading[]): string[] {
	const byCode = new Map<string, { count: number; first: string }>();
	for (const { code, file, line, message } of readings.flatMap(({ notes }) => notes)) {
		const known = byCode.get(`${file} ${code}`);
		if (known) known.count++;
		else byCode.set(`${file} ${code}`, { count: 1, first: `${file}:${line}: ${message}` });
	}
	return [...byCode.values()].map(({ count, first }) => (count === 1 ? first : `${first} (${count} of this kind)`));
}

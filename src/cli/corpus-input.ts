// Files of a command line as one corpus: `--train`, `--dev`, `--test`, or files whose names or contents say their split.

import { basename } from 'node:path';
import { assembleCorpus } from '../data/assemble-corpus';
import { type Corpus, splitNames } from '../data/corpus';
import { readCorpusFiles, type SourceBytes } from '../data/formats/read-corpus';
import type { CorpusReading } from '../data/formats/reading';
import { readFileBytes } from '../storage/node/files';
import { UsageError } from './command-line';

export const splitOptions = {
	train: { type: 'string' },
	dev: { type: 'string' },
	test: { type: 'string' },
} as const;

export const splitOptionsUsage = `  --train FILE, --dev FILE, --test FILE
                         files of one split each; other files are what their names or contents say, else train`;

type SplitPaths = Partial<Record<keyof typeof splitOptions, string>>;

/** The corpus, named after its first file, and what was read. */
export async function readCorpusOf(
	files: readonly string[],
	options: SplitPaths,
): Promise<{ corpus: Corpus; readings: CorpusReading[] }> {
	const readings = await readCorpusFiles(await Promise.all(files.map(readSource)));
	for (const split of splitNames) {
		const path = options[split];
		if (path !== undefined) readings.push(...(await readCorpusFiles([await readSource(path)], { split })));
	}
	if (readings.length === 0) throw new UsageError('no corpus: name its files, or use --train, --dev and --test');
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

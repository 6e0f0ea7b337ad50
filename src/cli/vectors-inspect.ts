// `nerco vectors inspect`: what a vector file is, found by reading it once, and what is wrong with it.

import { scanVectors, type VectorScan } from '../data/vector-file';
import { openHashedStream } from '../storage/node/files';
import { UserError } from '../util/errors';
import { readFilesAndOptions, UsageError } from './command-line';
import { secondsNow } from './seconds-now';
import { printJson, printLines } from './terminal';

export const vectorsInspectUsage = `nerco vectors inspect FILE... [--json]   show what vector files contain, compressed or not
  --entry NAME           file inside an archive to read (default: the first)
  --json                 print one JSON object per file, one per line`;

const optionTable = { entry: { type: 'string' }, json: { type: 'boolean' } } as const;
const shownRows = 3;
const shownNumbers = 5;

/** Whether all files could be read. */
export async function vectorsInspect(args: readonly string[]): Promise<boolean> {
	const { options, files } = readFilesAndOptions(args, optionTable);
	if (files.length === 0) throw new UsageError('give the files to inspect');
	let isFine = true;
	for (const file of files) {
		const report = await inspect(file, options.entry);
		if (options.json) printJson(report);
		else printLines(...describe(report));
		isFine &&= !report.problems.some((problem) => problem.isFatal);
	}
	return isFine;
}

interface Problem {
	code: string;
	line: number | null;
	message: string;
	isFatal: boolean;
}

interface Inspection {
	file: string;
	sizeBytes: number;
	/** Of the file as it lies on the disk; null where it could not be read to its end. */
	sha256: string | null;
	containers: string[];
	entry: string | null;
	form: VectorScan['form'] | null;
	header: VectorScan['header'];
	dimension: number | null;
	entries: number;
	/** Entries by the length of their words: one code point, two, more, and those with spaces. */
	words: { oneCharacter: number; twoCharacters: number; longer: number; withSpaces: number };
	firstRows: { word: string; numbers: number[] }[];
	problems: Problem[];
	seconds: number;
}

async function inspect(file: string, entry: string | undefined): Promise<Inspection> {
	const stream = await openHashedStream(file);
	const startedAt = secondsNow();
	const words = { oneCharacter: 0, twoCharacters: 0, longer: 0, withSpaces: 0 };
	let seen = 0;
	const wants = (word: string): boolean => {
		seen++;
		if (isLength(word, 1)) words.oneCharacter++;
		else if (isLength(word, 2)) words.twoCharacters++;
		else words.longer++;
		return seen <= shownRows;
	};
	let scan: VectorScan | null = null;
	const problems: Problem[] = [];
	try {
		scan = await scanVectors(stream.chunks, { file, wants, entry });
		words.withSpaces = scan.spacedWordCount;
		problems.push(
			...scan.vectors.notes.map((note) => ({ ...problemOf(note.code, note.line, note.message), isFatal: false })),
		);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		problems.push({ ...problemOf(error.code, error.location.line ?? 0, error.message), isFatal: true });
	}
	const seconds = secondsNow() - startedAt;
	const sha256 = await stream.sha256(); // reads on to the end where the scan stopped before
	return {
		file,
		sizeBytes: stream.sizeBytes,
		sha256,
		containers: scan?.layers.map((layer) => layer.container) ?? [],
		entry: scan?.layers.findLast((layer) => layer.entry !== null)?.entry ?? null,
		form: scan?.form ?? null,
		header: scan?.header ?? null,
		dimension: scan?.vectors.dimension ?? null,
		entries: scan?.vectors.entryCount ?? seen,
		words,
		firstRows: scan ? firstRowsOf(scan) : [],
		problems,
		seconds,
	};
}

function problemOf(code: string, line: number, message: string) {
	return { code, line: line > 0 ? line : null, message };
}

function isLength(word: string, codePoints: number): boolean {
	return word.length >= codePoints && word.length <= 2 * codePoints && [...word].length === codePoints;
}

function firstRowsOf({ vectors }: VectorScan): Inspection['firstRows'] {
	const { dimension, values } = vectors;
	return vectors.words.map((word, row) => ({
		word,
		numbers: [...values.subarray(row * dimension, row * dimension + Math.min(dimension, shownNumbers))],
	}));
}

function describe(report: Inspection): string[] {
	const { words } = report;
	const packed =
		report.containers.length > 0 ? `compressed: ${report.containers.toReversed().join(' in ')}` : 'not compressed';
	const header = report.header
		? `header: ${report.header.entryCount} entries of ${report.header.dimension} dimensions`
		: 'no header';
	const lines = [
		report.file,
		`  ${(report.sizeBytes / 1e6).toFixed(1)} MB, ${packed}${report.entry ? ` (${report.entry})` : ''}, sha256 ${report.sha256}`,
		`  form: ${report.form ?? 'unknown'}; ${header}; ${report.dimension ?? '?'} dimensions`,
		`  entries: ${report.entries} (one character ${words.oneCharacter}, two ${words.twoCharacters}, longer ${words.longer}; with spaces ${words.withSpaces})`,
		...report.firstRows.map(
			({ word, numbers }) => `  ${word}: ${numbers.map((number) => number.toPrecision(5)).join(' ')} ...`,
		),
		...report.problems.map(({ code, message, isFatal }) => `  ${isFatal ? 'error' : 'note'}: ${message} [${code}]`),
		`  read in ${report.seconds.toFixed(1)} s, ${(report.sizeBytes / 1e6 / Math.max(report.seconds, 1e-3)).toFixed(0)} MB/s`,
	];
	return lines;
}

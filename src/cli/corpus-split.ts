// `nerco corpus split`: deals a corpus to train, dev and test by seed, clips what is too long, writes one file a split.

import { join } from 'node:path';
import { changeWords } from '../data/change-history';
import { type Corpus, type SplitName, splitNames } from '../data/corpus';
import { applyChanges, type CorpusChange, corpusOfView } from '../data/corpus-changes';
import { type TextFormat, textFormats } from '../data/formats/format-list';
import type { CorpusReading } from '../data/formats/reading';
import { writeCorpus } from '../data/formats/write-corpus';
import { holdFolder } from '../storage/node/held-output';
import { requireOutputs, writeOutput } from '../storage/node/output-files';
import { exitCodes, integerOption, readFilesAndOptions, required, UsageError } from './command-line';
import { choiceOptions, choicesOf, choiceUsage, notesOf, readCorpusOf } from './corpus-input';
import { lockOptions } from './lock-options';
import { continueUnread, printLines, printNotes } from './terminal';

export const corpusSplitUsage = `nerco corpus split FILE... --out DIR [--ratios 8:1:1] [--seed N]
  --out DIR              output folder for train, dev and test
  --force                overwrite existing files, but never an input file
  --ratios A:B:C         ratio of train, dev and test (default: 8:1:1); 0 leaves a split out
  --seed N               random seed (default: 1); the same seed gives the same split
  --by-type              split the entities of each type in the same ratio
  --duplicates-apart     allow sentences with the same text in different splits
  --clip N               split training sentences longer than N characters; the published program uses 200
  --to FORMAT            output format: ${textFormats.join(', ')} (default: that of the first file)
${choiceUsage}`;

export async function corpusSplit(args: readonly string[]): Promise<number> {
	const { options, files } = readFilesAndOptions(args, {
		...choiceOptions,
		out: { type: 'string' },
		ratios: { type: 'string', default: '8:1:1' },
		seed: { type: 'string', default: '1' },
		'by-type': { type: 'boolean', default: false },
		'duplicates-apart': { type: 'boolean', default: false },
		clip: { type: 'string' },
		to: { type: 'string' },
		force: { type: 'boolean', default: false },
	});
	const folder = required(options.out, 'out', 'the output folder for train, dev and test');
	const changes: CorpusChange[] = [
		{
			kind: 'split-anew',
			ratios: readRatios(options.ratios),
			seed: integerOption(options.seed, 'seed', 0),
			byType: options['by-type'],
			keepDuplicatesTogether: !options['duplicates-apart'],
		},
	];
	if (options.clip !== undefined)
		changes.push({ kind: 'clip', length: integerOption(options.clip, 'clip', 1), splits: ['train'] });
	continueUnread();
	const held = await holdFolder(folder, lockOptions);
	try {
		const { corpus, readings } = await readCorpusOf(files, {}, choicesOf(options));
		const format = chooseFormat(options.to, readings);
		for (const note of notesOf(readings)) printNotes(note);
		const view = applyChanges(corpus, changes);
		const written = corpusOfView(view);
		const outputs = splitNames.flatMap((split) => filesOf(split, written, format));
		const paths = outputs.map(({ name }) => join(folder, name));
		await requireOutputs({ outputs: paths, inputs: files, force: options.force });
		held.requireHeld();
		for (const [index, { text }] of outputs.entries()) await writeOutput(paths[index], text, options.force);
		changes.forEach((change, index) => {
			printLines(changeWords(change, view.effects[index]).en);
		});
		printLines(`Written to ${folder}: ${outputs.map(({ name }) => name).join(', ')}`);
		return exitCodes.done;
	} finally {
		held.release();
	}
}

/** A split as files of a format; none for an empty split. */
function filesOf(split: SplitName, { splits, scheme, unit }: Corpus, format: TextFormat) {
	if (splits[split].length === 0) return [];
	const files = writeCorpus(format, splits[split], { scheme, unit });
	return files.map(({ extension, text }) => ({ name: `${split}${extension}`, text }));
}

function readRatios(text: string): [number, number, number] {
	const ratios = text.split(':').map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : Number.NaN));
	const isGood = ratios.length === 3 && ratios.every(Number.isFinite) && ratios.some((ratio) => ratio > 0);
	if (!isGood) throw new UsageError(`--ratios must be three numbers separated by colons, such as 8:1:1, not '${text}'`);
	return ratios as [number, number, number];
}

function chooseFormat(wanted: string | undefined, readings: readonly CorpusReading[]): TextFormat {
	const name = wanted ?? readings[0].format;
	const format = textFormats.find((known) => known === name);
	if (format) return format;
	if (wanted === undefined) return 'hugging-face';
	throw new UsageError(`--to must be one of ${textFormats.join(', ')}, not '${wanted}'`);
}

// `nerco corpus inspect|convert|doctor|split`: what a corpus file holds and what reading it changes, corpora in other formats;
// the last two have files of their own.

import { changesOf } from '../data/formats/changes';
import { outputNames, type TextFormat, textFormats } from '../data/formats/format-list';
import { readCorpusFiles } from '../data/formats/read-corpus';
import type { CorpusReading, ReadingChoices } from '../data/formats/reading';
import { writeCorpus } from '../data/formats/write-corpus';
import { spansOf, strictSpansOf } from '../data/spans';
import { type TagScheme, tagSchemes } from '../data/tag-scheme';
import { readFileBytes } from '../storage/node/files';
import { requireOutputs, writeOutput } from '../storage/node/output-files';
import { UserError } from '../util/errors';
import { exitCodes, readFilesAndOptions, required, UsageError } from './command-line';
import { corpusCheck, corpusCheckUsage } from './corpus-check';
import { choiceOptions, choicesOf, choiceUsage } from './corpus-input';
import { corpusSplit, corpusSplitUsage } from './corpus-split';
import { continueUnread, printJson, printLines, printNotes } from './terminal';

export const corpusUsage = `nerco corpus inspect FILE... [--json]
  Shows for each file its format, how many sentences and entities it contains, and what is changed on import, with line numbers.
  A .txt and an .ann file of the same name are read together as one brat corpus.
${choiceUsage}
  --json                 print a JSON array with one object per file

nerco corpus convert FILE... --to FORMAT --out FILE
  Writes the sentences of all files in another format; fails if that format cannot represent them exactly.
  --to FORMAT            output format: ${textFormats.join(', ')}
  --out FILE             output file; brat also writes an .ann file
  --scheme NAME          tag scheme to write: ${tagSchemes.join(', ')} (default: unchanged)
  --without-tags         write plain text even though the tags are lost
  --force                overwrite --out, but never an input file
${choiceUsage}

${corpusCheckUsage}

${corpusSplitUsage}`;

const subcommands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
	inspect: inspectCommand,
	convert: convertCommand,
	doctor: corpusCheck,
	split: corpusSplit,
};

export async function corpusCommand(args: readonly string[]): Promise<number> {
	const [name = '', ...rest] = args;
	if (!Object.hasOwn(subcommands, name))
		throw new UsageError(`unknown command 'corpus ${name}'; use one of ${Object.keys(subcommands).join(', ')}`);
	return subcommands[name](rest);
}

export async function readCorpusPaths(paths: readonly string[], choices: ReadingChoices): Promise<CorpusReading[]> {
	const files = await Promise.all(paths.map(async (file) => ({ file, bytes: await readFileBytes(file) })));
	return readCorpusFiles(files, choices);
}

async function inspectCommand(args: readonly string[]): Promise<number> {
	const { files, options } = readFilesAndOptions(args, { ...choiceOptions, json: { type: 'boolean' } });
	if (files.length === 0) throw new UsageError('corpus inspect: give at least one file');
	const choices = choicesOf(options);
	const reports = (await readCorpusPaths(files, choices)).map((reading) => report(reading, choices));
	if (options.json) printJson(reports, 1);
	else for (const one of reports) printLines(...describe(one));
	return exitCodes.done;
}

type Report = ReturnType<typeof report>;

/** All counts of a reading. `mentions` lets a stray inside tag open an entity, as published; `mentionsStrict` does not. */
export function report(reading: CorpusReading, choices: ReadingChoices) {
	const { file, format, encoding, scheme, fileScheme, unit, columns, parts } = reading;
	const sentences = parts.flatMap((part) => part.sentences);
	const byType = new Map<string, number>();
	let mentions = 0;
	let mentionsStrict = 0;
	for (const { tags } of sentences) {
		if (tags === null || scheme === null) continue;
		for (const { type } of spansOf(tags, scheme)) {
			byType.set(type, (byType.get(type) ?? 0) + 1);
			mentions++;
		}
		mentionsStrict += strictSpansOf(tags, scheme).length;
	}
	return {
		file,
		format,
		encoding,
		scheme: fileScheme ?? scheme,
		unit,
		columns,
		splits: parts.map((part) => ({ split: part.split, sentences: part.sentences.length })),
		sentences: sentences.length,
		characters: sentences.reduce((sum, { characters }) => sum + characters.length, 0),
		longest: sentences.reduce((most, { characters }) => Math.max(most, characters.length), 0),
		unlabelled: sentences.filter(({ tags }) => tags === null).length,
		mentions,
		mentionsStrict,
		mentionsByType: Object.fromEntries([...byType].sort((left, right) => right[1] - left[1])),
		problems: changesOf(reading, { ...choices }),
	};
}

function describe(one: Report): string[] {
	const { columns } = one;
	const where = columns
		? `, ${columns.count} columns (${columns.separator}): token ${columns.token}, tag ${columns.tag}`
		: '';
	const types = Object.entries(one.mentionsByType).map(([type, count]) => `${type} ${count}`);
	const lines = [
		`${one.file}`,
		`  ${one.format}, ${one.encoding ?? 'no text'}, ${one.scheme ?? 'no tags'}, unit ${one.unit}${where}`,
		`  ${one.sentences} sentences (${one.splits.map(({ split, sentences }) => `${split ?? 'no split'} ${sentences}`).join(', ')}), ` +
			`${one.characters} ${one.unit === 'word' ? 'words' : 'characters'}, longest ${one.longest}`,
		`  ${one.mentions} entities (${one.mentionsStrict} counting only B/S starts)${types.length > 0 ? `: ${types.join(', ')}` : ''}`,
	];
	for (const { code, count, example, outcome, choice, lines: at } of one.problems) {
		const instead = choice
			? ` [${choice.name}=${choice.value}; or ${choice.values.filter((value) => value !== choice.value).join(', ')}]`
			: '';
		const lineNumbers = `${at.slice(0, 8).join(', ')}${at.length > 8 ? ', …' : ''}`;
		lines.push(`  ${count} × ${code}, line ${lineNumbers}: ${example}. ${outcome}${instead}`);
	}
	return lines;
}

async function convertCommand(args: readonly string[]): Promise<number> {
	const { files, options } = readFilesAndOptions(args, {
		...choiceOptions,
		to: { type: 'string' },
		out: { type: 'string' },
		scheme: { type: 'string' },
		'without-tags': { type: 'boolean' },
		force: { type: 'boolean', default: false },
	});
	const to = required(options.to, 'to', 'the output format');
	const out = required(options.out, 'out', 'the output file');
	if (!textFormats.includes(to as TextFormat))
		throw new UsageError(`--to must be one of ${textFormats.join(', ')}, not '${to}'`);
	const scheme = schemeOption(options.scheme);
	if (files.length === 0) throw new UsageError('corpus convert: give at least one file');
	const outputs = outputNames(to as TextFormat, out);
	await requireOutputs({ outputs, inputs: files, force: options.force });
	continueUnread();
	const readings = await readCorpusPaths(files, choicesOf(options));
	const sentences = readings.flatMap((reading) =>
		reading.parts.flatMap((part) => part.sentences.map((sentence) => ({ sentence, scheme: reading.scheme }))),
	);
	const schemes = new Set(sentences.flatMap(({ scheme }) => scheme ?? []));
	if (schemes.size > 1) throw severalSchemes([...schemes]);
	const written = writeCorpus(
		to as TextFormat,
		sentences.map(({ sentence }) => sentence),
		{
			scheme: [...schemes][0] ?? 'BIO',
			unit: readings[0].unit,
			to: scheme,
			withoutTags: options['without-tags'],
		},
	);
	for (const [index, { text }] of written.entries()) await writeOutput(outputs[index], text, options.force);
	const problems = readings.reduce((sum, { notes }) => sum + notes.length, 0);
	printNotes(
		`${sentences.length} sentences written to ${out}${problems > 0 ? `; ${problems} changes or warnings on import: see 'nerco corpus inspect'` : ''}`,
	);
	return exitCodes.done;
}

function schemeOption(name: string | undefined): TagScheme | undefined {
	if (name === undefined || tagSchemes.includes(name as TagScheme)) return name as TagScheme | undefined;
	throw new UsageError(`--scheme must be one of ${tagSchemes.join(', ')}, not '${name}'`);
}

function severalSchemes(schemes: readonly TagScheme[]): UserError {
	return new UserError({
		code: 'corpus-scheme-mix',
		expected: 'files with the same tag scheme',
		found: schemes.join(' and '),
		remedy: 'Convert all tags to one scheme with --choices scheme=BIO.',
	});
}

// `nerco corpus doctor`: what is odd about a corpus, as text or JSON.

import { setImmediate } from 'node:timers/promises';
import type { Corpus } from '../data/corpus';
import { splitNames } from '../data/corpus';
import { applyChanges, type CorpusView } from '../data/corpus-changes';
import { type CheckOptions, type CheckReport, examineCorpus } from '../data/corpus-checks/examine';
import type { Finding, FoundSentence } from '../data/corpus-checks/finding';
import { actionWords, findingWords } from '../data/corpus-checks/finding-words';
import { buildLexicon } from '../data/lexicon';
import { exitCodes, integerOption, readFilesAndOptions } from './command-line';
import {
	choiceOptions,
	choicesOf,
	choiceUsage,
	notesOf,
	readCorpusOf,
	splitOptions,
	splitOptionsUsage,
} from './corpus-input';
import { readLexicon, readVectorFile } from './read-inputs';
import { printJson, printLines, printNotes } from './terminal';

export const corpusCheckUsage = `nerco corpus doctor [FILE...] [--json]
${splitOptionsUsage}
${choiceUsage}
  --lexicon FILE         check how well a lexicon covers the corpus; one word per line
  --char-vectors FILE    check which characters have no vector
  --batch N              contrastive batch size, to find types without a contrastive signal (default: 40)
  --seed N               random seed of these batches (default: 1)
  --clip N               sentences longer than this are reported (default: 200)
  --show N               example sentences per finding (default: 3)
  --json                 print JSON: statistics, and findings with all their sentences and actions`;

export async function corpusCheck(args: readonly string[]): Promise<number> {
	const { options, files } = readFilesAndOptions(args, {
		...splitOptions,
		...choiceOptions,
		lexicon: { type: 'string' },
		'char-vectors': { type: 'string' },
		'character-vectors': { type: 'string' },
		batch: { type: 'string', default: '40' },
		seed: { type: 'string', default: '1' },
		clip: { type: 'string', default: '200' },
		show: { type: 'string', default: '3' },
		json: { type: 'boolean', default: false },
	});
	const checkOptions: CheckOptions = {
		clipLength: integerOption(options.clip, 'clip', 1),
		batches: { batchSize: integerOption(options.batch, 'batch', 1), seed: integerOption(options.seed, 'seed', 0) },
	};
	const shown = integerOption(options.show, 'show', 0);
	const { corpus, readings } = await readCorpusOf(files, options, choicesOf(options));
	const words = await readLexicon(options.lexicon);
	if (words) checkOptions.lexicon = buildLexicon(words);
	const vectors = options['char-vectors'] ?? options['character-vectors'];
	if (vectors !== undefined) checkOptions.hasCharacterVector = await readVectorTest(vectors, corpus);
	const report = await examineInSlices(applyChanges(corpus, []), checkOptions);
	if (options.json) printJson(jsonReport(corpus, report), 1);
	else printReport(corpus, report, notesOf(readings), shown);
	return exitCodes.done;
}

/** Hears a signal in between. */
async function examineInSlices(view: CorpusView, options: CheckOptions): Promise<CheckReport> {
	const slices = examineCorpus(view, options);
	for (let next = slices.next(); ; next = slices.next()) {
		if (next.done) return next.value;
		await setImmediate();
	}
}

async function readVectorTest(path: string, corpus: Corpus): Promise<(character: string) => boolean> {
	const used = new Set<string>();
	for (const split of splitNames)
		for (const { characters } of corpus.splits[split]) for (const character of characters) used.add(character);
	const kept = await readVectorFile(path, (word) => used.has(word));
	const known = new Set(kept?.words);
	return (character) => known.has(character);
}

function jsonReport(corpus: Corpus, { findings, numbers }: CheckReport) {
	const told = findings.map((finding) => {
		const { title, detail } = findingWords(finding);
		return { title: title.en, detail: detail.en, ...finding };
	});
	return { name: corpus.name, unit: corpus.unit, scheme: corpus.scheme, numbers, findings: told };
}

function printReport(corpus: Corpus, { findings, numbers }: CheckReport, notes: string[], shown: number): void {
	for (const note of notes) printNotes(note);
	for (const split of splitNames) {
		const { sentences, characters, mentions, strictMentions, longest } = numbers.splits[split];
		if (sentences === 0) continue;
		const strict = strictMentions === mentions ? '' : ` (${strictMentions} counting only B/S starts)`;
		const what = `${sentences} sentences, ${characters} ${corpus.unit}s, ${mentions} entities${strict}`;
		printLines(`${split.padEnd(5)}  ${what}, longest ${longest}`);
	}
	for (const finding of findings) printLines('', ...findingText(finding, corpus, shown));
	if (findings.length === 0) printLines('', 'No problems found.');
}

function findingText(finding: Finding, corpus: Corpus, shown: number): string[] {
	const { title, detail } = findingWords(finding);
	const lines = [`${finding.severity.toUpperCase().padEnd(8)}${title.en}`];
	if (detail.en !== '') lines.push(detail.en);
	lines.push(...finding.sentences.slice(0, shown).map((sentence) => sentenceText(sentence, corpus)));
	const more = finding.sentences.length - shown;
	if (shown > 0 && more > 0) lines.push(`and ${more} more ${more === 1 ? 'sentence' : 'sentences'}`);
	if (finding.actions.length > 0)
		lines.push(`actions: ${finding.actions.map(({ code }) => actionWords[code].en).join(', ')}`);
	return lines.map((line, index) => (index === 0 ? line : `        ${line}`));
}

const shownCharacters = 40;

/** `test 12 (line 345): 去[南京 GPE]玩`; of a long sentence the part around what was found. */
function sentenceText({ ref, line, spans = [], places = [] }: FoundSentence, { splits, unit }: Corpus): string {
	const { characters } = splits[ref.split][ref.index];
	const firstPosition = Math.min(...spans.map(({ start }) => start), ...places, characters.length);
	const isFarIn =
		characters.length > shownCharacters && firstPosition >= shownCharacters / 2 && firstPosition < characters.length;
	const from = isFarIn ? firstPosition - 10 : 0;
	const to = Math.min(characters.length, from + shownCharacters);
	const parts = characters.slice(from, to).map((character, index) => {
		const position = from + index;
		const opens = spans.some((span) => span.start === position) ? '[' : '';
		const ended = spans.find((span) => span.end === position + 1);
		return `${opens}${character}${ended ? ` ${ended.type}]` : ''}`;
	});
	const where = `${ref.split} ${ref.index + 1}${line > 0 ? ` (line ${line})` : ''}`;
	return `${where}: ${from > 0 ? '…' : ''}${parts.join(unit === 'word' ? ' ' : '')}${to < characters.length ? '…' : ''}`;
}

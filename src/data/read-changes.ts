// Checks a list of corpus changes that comes from outside: a stored record, a workspace file, another tab. What passes
// can be given to applyChanges.

import { UserError } from '../util/errors';
import { type Corpus, type SentenceRef, type SplitName, splitNames } from './corpus';
import { type CorpusChange, dropReasons } from './corpus-changes';
import type { Span } from './span';

/** The longest list, and the most sentences in one change: far above what people do, far below what would hang a page. */
const maxChanges = 1_000_000;
const maxSentences = 10_000_000;

/**
 * The changes, copied field by field. With a corpus, every sentence named must be in it and spans must lie inside theirs.
 * Throws UserError `changes-malformed` that names the path, such as `changes[3].sentences[0].index`.
 */
export function readChanges(value: unknown, corpus?: Corpus): CorpusChange[] {
	return listAt(value, 'changes', maxChanges).map((item, index) => readChange(item, `changes[${index}]`, corpus));
}

type Fields = Record<string, unknown>;

function readChange(value: unknown, path: string, corpus?: Corpus): CorpusChange {
	const fields = objectAt(value, path);
	const kind = fields.kind as CorpusChange['kind'];
	switch (kind) {
		case 'rename-types':
			return { kind, types: readTypes(fields, path), to: readType(fields.to, `${path}.to`) };
		case 'ignore-types':
			return { kind, types: readTypes(fields, path) };
		case 'drop-sentences':
			return {
				kind,
				sentences: readRefs(fields, path, corpus),
				reason: oneOf(fields.reason, `${path}.reason`, dropReasons),
			};
		case 'mark-for-relabel':
			return { kind, sentences: readRefs(fields, path, corpus) };
		case 'relabel':
			return { kind, ...readLabels(fields, path, corpus) };
		case 'relabel-sentences': {
			const list = listAt(fields.sentences, `${path}.sentences`, maxSentences);
			const sentences = list.map((item, index) => {
				const itemPath = `${path}.sentences[${index}]`;
				return readLabels(objectAt(item, itemPath), itemPath, corpus);
			});
			return { kind, sentences };
		}
		case 'split-anew':
			return readSplit(fields, path);
		case 'clip': {
			const names = listAt(fields.splits, `${path}.splits`, splitNames.length);
			const splits = names.map((name, index) => readSplitName(name, `${path}.splits[${index}]`));
			return { kind, length: integerAt(fields.length, `${path}.length`, 1), splits };
		}
		default:
			kind satisfies never;
			throw malformed(`${path}.kind`, 'a kind of change that this version knows', fields.kind);
	}
}

function readLabels(fields: Fields, path: string, corpus?: Corpus): { sentence: SentenceRef; spans: Span[] } {
	const sentence = readRef(fields.sentence, `${path}.sentence`, corpus);
	const length = corpus?.splits[sentence.split][sentence.index].characters.length;
	return { sentence, spans: readSpans(fields.spans, `${path}.spans`, length) };
}

function readSplit(fields: Fields, path: string): CorpusChange {
	const ratios = listAt(fields.ratios, `${path}.ratios`, 3);
	const isRatio = (ratio: unknown) => typeof ratio === 'number' && Number.isFinite(ratio) && ratio >= 0;
	if (ratios.length !== 3 || !ratios.every(isRatio) || ratios.every((ratio) => ratio === 0))
		throw malformed(`${path}.ratios`, 'three numbers of at least 0, not all of them 0', fields.ratios);
	return {
		kind: 'split-anew',
		ratios: ratios as [number, number, number],
		seed: integerAt(fields.seed, `${path}.seed`, 0),
		byType: booleanAt(fields.byType, `${path}.byType`),
		keepDuplicatesTogether: booleanAt(fields.keepDuplicatesTogether, `${path}.keepDuplicatesTogether`),
	};
}

function readRefs(fields: Fields, path: string, corpus?: Corpus): SentenceRef[] {
	const list = listAt(fields.sentences, `${path}.sentences`, maxSentences);
	return list.map((item, index) => readRef(item, `${path}.sentences[${index}]`, corpus));
}

function readRef(value: unknown, path: string, corpus?: Corpus): SentenceRef {
	const fields = objectAt(value, path);
	const split = readSplitName(fields.split, `${path}.split`);
	const index = integerAt(fields.index, `${path}.index`, 0);
	const count = corpus?.splits[split].length ?? Number.POSITIVE_INFINITY;
	if (index >= count) throw malformed(`${path}.index`, `a sentence of the ${count} in ${split}`, index);
	return { split, index };
}

/** In order, inside the sentence, not empty, not overlapping. */
function readSpans(value: unknown, path: string, length = Number.POSITIVE_INFINITY): Span[] {
	let before = 0;
	return listAt(value, path, maxSentences).map((item, index) => {
		const itemPath = `${path}[${index}]`;
		const fields = objectAt(item, itemPath);
		const start = integerAt(fields.start, `${itemPath}.start`, 0);
		const end = integerAt(fields.end, `${itemPath}.end`, 1);
		if (start < before)
			throw malformed(`${itemPath}.start`, `at least ${before}, where the span before it ends`, start);
		if (end <= start) throw malformed(`${itemPath}.end`, `more than its start ${start}`, end);
		if (end > length) throw malformed(`${itemPath}.end`, `at most ${length}, the length of the sentence`, end);
		before = end;
		return { start, end, type: readType(fields.type, `${itemPath}.type`) };
	});
}

function readTypes(fields: Fields, path: string): string[] {
	const types = listAt(fields.types, `${path}.types`, maxChanges);
	if (types.length === 0) throw malformed(`${path}.types`, 'at least one type', types);
	return types.map((type, index) => readType(type, `${path}.types[${index}]`));
}

/** A name that every file format can carry. */
function readType(value: unknown, path: string): string {
	if (typeof value === 'string' && value !== '' && !/[\s\p{Cc}]/u.test(value)) return value;
	throw malformed(path, 'the name of a type, without white space', value);
}

function readSplitName(value: unknown, path: string): SplitName {
	return oneOf(value, path, splitNames);
}

function oneOf<Name extends string>(value: unknown, path: string, names: readonly Name[]): Name {
	const name = names.find((candidate) => candidate === value);
	if (name === undefined) throw malformed(path, `one of ${names.join(', ')}`, value);
	return name;
}

function objectAt(value: unknown, path: string): Fields {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
	throw malformed(path, 'an object', value);
}

function listAt(value: unknown, path: string, most: number): unknown[] {
	if (Array.isArray(value) && value.length <= most) return value;
	throw malformed(path, `a list of at most ${most}`, value);
}

function integerAt(value: unknown, path: string, least: number): number {
	if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
	throw malformed(path, `an integer of at least ${least}`, value);
}

function booleanAt(value: unknown, path: string): boolean {
	if (typeof value === 'boolean') return value;
	throw malformed(path, 'true or false', value);
}

function malformed(path: string, expected: string, value: unknown): UserError {
	return new UserError({
		code: 'changes-malformed',
		expected: `${expected} at ${path}`,
		found: describe(value),
		remedy: 'Leave this change out, or import the corpus again and repeat the changes.',
	});
}

function describe(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (Array.isArray(value)) return `a list of ${value.length}`;
	if (typeof value === 'object' && value !== null) return 'an object';
	return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}

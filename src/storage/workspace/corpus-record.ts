// A stored corpus: its record for lists, and three parts: `corpus`, the sentences as they were imported, `changes`, the list of what was
// done to it since, and `review`, what people decided about it beside that (data/read-changes.ts and data/corpus-review.ts check these two;
// here they are JSON). A run reads the first two.

import type { Corpus, Sentence, SplitName, TextUnit } from '../../data/corpus';
import { splitNames } from '../../data/corpus';
import { type TagScheme, tagSchemes } from '../../data/tag-scheme';
import { isVersion, type Migration, migrated, unknownVersion, versionOf } from '../../util/migrations';
import { storageError } from '../storage-error';
import { hasCounts, isRecord, isTextList } from '../workbench-file';
import type { KindDefinition } from './item-record';
import { isSourceList, type SourceInfo } from './source-info';

export interface CorpusDetail {
	unit: TextUnit;
	scheme: TagScheme;
	/** Sentences of each split as imported. */
	sentences: Record<SplitName, number>;
	/** Of each split as the changes left them; absent where nothing was changed. */
	sentencesNow?: Record<SplitName, number>;
	/** Entity types in the order of first use. */
	entityTypes: string[];
	sources: SourceInfo[];
	changeCount: number;
}

export const corpusKind: KindDefinition<CorpusDetail> = {
	migrations: [],
	isValid: (detail): detail is CorpusDetail =>
		isRecord(detail) &&
		isUnit(detail.unit) &&
		isScheme(detail.scheme) &&
		hasCounts(detail.sentences, splitNames) &&
		(detail.sentencesNow === undefined || hasCounts(detail.sentencesNow, splitNames)) &&
		isTextList(detail.entityTypes) &&
		isSourceList(detail.sources) &&
		hasCounts(detail, ['changeCount']),
};

export const corpusPart = 'corpus';
export const changesPart = 'changes';
export const reviewPart = 'review';

export function describeCorpus(corpus: Corpus, sources: SourceInfo[], changeCount: number): CorpusDetail {
	const { unit, scheme, splits } = corpus;
	const types = new Set<string>();
	for (const name of splitNames) {
		for (const { tags } of splits[name]) for (const tag of tags ?? []) if (tag.includes('-')) types.add(typeOf(tag));
	}
	const sentences = { train: splits.train.length, dev: splits.dev.length, test: splits.test.length };
	return { unit, scheme, sentences, entityTypes: [...types], sources, changeCount };
}

/** Sentences of each split as a run would read them. */
export function splitCounts({ sentences, sentencesNow }: CorpusDetail): Record<SplitName, number> {
	return sentencesNow ?? sentences;
}

function typeOf(tag: string): string {
	return tag.slice(tag.indexOf('-') + 1);
}

/** A sentence in the file: its text, or its tokens where one of them is not one code point; tag numbers; line. */
type PackedSentence = [text: string | string[], tags: number[] | null, line: number];

/** JSON in UTF-8: tags once in a list, characters as one text. */
export function encodeCorpus({ name, unit, scheme, splits }: Corpus): Uint8Array<ArrayBuffer> {
	const tagIds = new Map<string, number>();
	const idOf = (tag: string) => {
		const known = tagIds.get(tag);
		if (known !== undefined) return known;
		tagIds.set(tag, tagIds.size);
		return tagIds.size - 1;
	};
	const pack = ({ characters, tags, line }: Sentence): PackedSentence => [
		characters.every(isOneCodePoint) ? characters.join('') : characters,
		tags?.map(idOf) ?? null,
		line,
	];
	const packed = Object.fromEntries(splitNames.map((split) => [split, splits[split].map(pack)]));
	return new TextEncoder().encode(JSON.stringify({ name, unit, scheme, splits: packed, tags: [...tagIds.keys()] }));
}

function isOneCodePoint(character: string): boolean {
	const code = character.codePointAt(0) ?? 0;
	// A lone surrogate would join with its neighbour, so it is kept apart.
	return character.length === (code > 0xffff ? 2 : 1) && (code < 0xd800 || code > 0xdfff);
}

/** Of the two parts, whose first version names none. A later one is `{ version, … }`, the list of changes in it under `changes`. */
const corpusMigrations: readonly Migration[] = [];
const changesMigrations: readonly Migration[] = [];

/** Throws a UserError `storage-version` for a newer version. */
function currentPart(value: unknown, migrations: readonly Migration[], words: string): unknown {
	const { version = 1, ...content } = isRecord(value) ? value : {};
	const current = versionOf(migrations);
	if (!isVersion(version) || version > current)
		throw unknownVersion({ code: 'storage-version', words }, version, current);
	return isRecord(value) ? migrated(content, version, migrations) : value;
}

/** The list of changes as JSON; data/read-changes.ts checks it. Throws a UserError `storage-damaged` or `storage-version`. */
export function decodeChanges(bytes: Uint8Array): unknown {
	return currentPart(decodeJson(bytes), changesMigrations, 'the changes to a corpus');
}

/** Throws a UserError `storage-damaged` or `storage-version`. */
export function decodeCorpus(bytes: Uint8Array): Corpus {
	const value = currentPart(parseJson(bytes), corpusMigrations, 'a stored corpus');
	if (!isRecord(value) || !isUnit(value.unit) || !isScheme(value.scheme)) throw damaged('a corpus');
	const { name, unit, scheme, tags, splits } = value;
	if (typeof name !== 'string' || !isTextList(tags) || !isRecord(splits)) throw damaged('a corpus');
	const unpack = (packed: unknown) => unpackSentence(packed, tags);
	const read = (split: SplitName) => {
		const list = splits[split];
		if (!Array.isArray(list)) throw damaged(`the ${split} split`);
		return list.map(unpack);
	};
	return { name, unit, scheme, splits: { train: read('train'), dev: read('dev'), test: read('test') } };
}

function unpackSentence(packed: unknown, names: readonly string[]): Sentence {
	const [text, ids, line] = Array.isArray(packed) ? packed : [];
	const characters = typeof text === 'string' ? [...text] : text;
	if (!isTextList(characters) || !Number.isSafeInteger(line)) throw damaged('a sentence');
	if (ids === null) return { characters, tags: null, line };
	if (!Array.isArray(ids) || ids.length !== characters.length) throw damaged('a tag for each character');
	const tags = ids.map((id) => names[id]);
	if (!isTextList(tags)) throw damaged('known tags');
	return { characters, tags, line };
}

export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(JSON.stringify(value));
}

/** Throws a UserError `storage-damaged` for bytes that are no JSON in UTF-8. */
export function decodeJson(bytes: Uint8Array): unknown {
	const value = parseJson(bytes);
	if (value === undefined) throw damaged('JSON');
	return value;
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		return undefined;
	}
}

function damaged(expected: string) {
	return storageError('damaged', 'something else', expected);
}

function isUnit(value: unknown): value is TextUnit {
	return value === 'character' || value === 'word';
}

function isScheme(value: unknown): value is TagScheme {
	return (tagSchemes as unknown[]).includes(value);
}

// Search over the sentences of a corpus: text, entity types, split, marks. Made once for a view, in slices; a search over
// fifty thousand sentences then takes some milliseconds and gives the numbers of its rows, which are paged afterwards.

import { type SplitName, splitNames } from './corpus';
import type { CorpusView, ViewSentence } from './corpus-changes';
import { foldedText } from './sentence-text';
import { inSlices, type Slices } from './slices';
import type { Span } from './span';
import { spansOf } from './spans';

export interface SentenceIndex {
	view: CorpusView;
	/** All sentences (pieces of clipped ones each for itself), train first. */
	rows: readonly ViewSentence[];
	splits: readonly SplitName[];
	/** Text of each row, folded. */
	texts: readonly string[];
	/** All types, in order of first appearance. */
	types: readonly string[];
	/** Per row `wordCount` words of 32 bits: which types its mentions have. */
	typeBits: Uint32Array;
	wordCount: number;
}

/** What a row must be; everything that is given holds together. */
export interface SentenceQuery {
	/** Stands in the sentence; width, letter case and white space do not matter. */
	text?: string;
	/** Has a mention of at least one of these types. */
	types?: readonly string[];
	split?: SplitName;
	/** Is marked to be labelled anew, or is not. */
	isMarked?: boolean;
	/** Has labels, if only none: somebody has looked at it. */
	hasTags?: boolean;
	/** Has mentions, or has none. */
	hasMentions?: boolean;
	/** This row alone, from 1. */
	number?: number;
}

/** A row of a page of results. */
export interface SentenceRow {
	/** From 1, over all splits; its name in the search field is `#` and this number. */
	number: number;
	split: SplitName;
	sentence: ViewSentence;
	/** Mentions; positions count from the row's own first character. */
	spans: Span[];
	/** Where the text of the query stands, [start, end) in characters; none where only folding across characters finds it. */
	hits: { start: number; end: number }[];
}

export function* indexSentences(view: CorpusView): Slices<SentenceIndex> {
	const rows = splitNames.flatMap((split) => view.splits[split]);
	const splits = splitNames.flatMap((split) => view.splits[split].map(() => split));
	const texts: string[] = [];
	const typeIds = new Map<string, number>();
	const typesOfRow: number[][] = [];
	yield* inSlices(rows, ({ sentence: { characters, tags } }) => {
		texts.push(foldedText(characters.join('')));
		typesOfRow.push(typesOf(tags ?? [], typeIds));
	});
	const wordCount = Math.max(1, Math.ceil(typeIds.size / 32));
	const typeBits = new Uint32Array(rows.length * wordCount);
	typesOfRow.forEach((ids, row) => {
		for (const id of ids) typeBits[row * wordCount + (id >>> 5)] |= 1 << (id & 31);
	});
	return { view, rows, splits, texts, types: [...typeIds.keys()], typeBits, wordCount };
}

/** Every type in the tags begins some mention, so the mentions need not be read. */
function typesOf(tags: readonly string[], typeIds: Map<string, number>): number[] {
	const ids: number[] = [];
	let before = 'O';
	for (const tag of tags) {
		if (tag === 'O' || tag === before) continue;
		before = tag;
		const type = tag.slice(2);
		let id = typeIds.get(type);
		if (id === undefined) typeIds.set(type, (id = typeIds.size));
		if (!ids.includes(id)) ids.push(id);
	}
	return ids;
}

/** Row indices (from 0, rising) of all sentences that the query asks for; their number is the count to show first. */
export function searchSentences(index: SentenceIndex, query: SentenceQuery): Int32Array {
	const { rows, splits, texts } = index;
	const text = foldedText(query.text ?? '');
	const wanted = query.types && bitsOf(index, query.types);
	const found = new Int32Array(rows.length);
	const from = query.number === undefined ? 0 : Math.max(0, query.number - 1);
	const end = query.number === undefined ? rows.length : Math.min(rows.length, query.number);
	let count = 0;
	for (let row = from; row < end; row++) {
		if (query.split !== undefined && splits[row] !== query.split) continue;
		if (query.isMarked !== undefined && rows[row].isMarkedForRelabel !== query.isMarked) continue;
		if (query.hasTags !== undefined && (rows[row].sentence.tags !== null) !== query.hasTags) continue;
		if (query.hasMentions !== undefined && hasBits(index, row, null) !== query.hasMentions) continue;
		if (wanted && !hasBits(index, row, wanted)) continue;
		if (text !== '' && !texts[row].includes(text)) continue;
		found[count++] = row;
	}
	return found.slice(0, count);
}

function bitsOf({ types, wordCount }: SentenceIndex, wanted: readonly string[]): Uint32Array {
	const bits = new Uint32Array(wordCount);
	for (const type of wanted) {
		const id = types.indexOf(type);
		if (id >= 0) bits[id >>> 5] |= 1 << (id & 31);
	}
	return bits;
}

/** Whether a row has a mention of the wanted types; of any type for null. */
function hasBits({ typeBits, wordCount }: SentenceIndex, row: number, wanted: Uint32Array | null): boolean {
	for (let word = 0; word < wordCount; word++)
		if ((typeBits[row * wordCount + word] & (wanted?.[word] ?? 0xffffffff)) !== 0) return true;
	return false;
}

/** The rows from `offset` on, at most `limit`, of what a search found. */
export function pageOfRows(
	index: SentenceIndex,
	found: Int32Array,
	page: { offset: number; limit: number },
	query: SentenceQuery = {},
): SentenceRow[] {
	const text = foldedText(query.text ?? '');
	return Array.from(found.subarray(page.offset, page.offset + page.limit), (row) => {
		const sentence = index.rows[row];
		const { characters, tags } = sentence.sentence;
		const spans = tags ? spansOf(tags, index.view.scheme) : [];
		return { number: row + 1, split: index.splits[row], sentence, spans, hits: hitsIn(characters, text) };
	});
}

/** Places of a folded text in characters that are folded one by one. */
function hitsIn(characters: readonly string[], text: string): { start: number; end: number }[] {
	if (text === '') return [];
	let folded = '';
	const ownerOf: number[] = [];
	characters.forEach((character, position) => {
		const part = foldedText(character);
		folded += part;
		for (let unit = 0; unit < part.length; unit++) ownerOf.push(position);
	});
	const hits: { start: number; end: number }[] = [];
	for (let at = folded.indexOf(text); at >= 0; at = folded.indexOf(text, at + text.length))
		hits.push({ start: ownerOf[at], end: ownerOf[at + text.length - 1] + 1 });
	return hits;
}

/** What stands in the search field: `#1204` is the row of that number, all else is text. */
export function readSearch(field: string): Pick<SentenceQuery, 'text' | 'number'> {
	const number = /^\s*#([1-9]\d{0,8})\s*$/.exec(field);
	return number ? { number: Number(number[1]) } : { text: field };
}

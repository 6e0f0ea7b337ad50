// From texts with spans, as the annotation tools write them, to sentences: positions are checked and brought to code
// points, overlaps settled, texts broken into lines or words where that is chosen. Tags come out in BIO.

import { UserError } from '../../util/errors';
import { countCodePoints } from '../code-points';
import type { SplitName, TextUnit } from '../corpus';
import type { Span } from '../span';
import { tagsOf } from '../spans';
import { checkSentenceLength } from './limits';
import { note, type RawCorpus, type RawSentence, type ReadingContext, shorten } from './reading';

/** A span as a file gives it: end exclusive. */
export interface RawSpan {
	start: number;
	end: number;
	type: string;
	/** What the file says stands there; checked. */
	text?: string;
	/** Line of the span where it has its own; else its record's. */
	line?: number;
}

export interface SpanRecord {
	text: string;
	/** Null: nobody has labelled this text. */
	spans: RawSpan[] | null;
	line: number;
	/** The characters or tokens that positions count, where the file gives them as a list; `text` is then not read. */
	units?: readonly string[];
	/** Where the file's own tokens begin and end, in code points; used when the unit is the word. */
	tokens?: readonly { start: number; end: number }[];
}

export interface SpanPart {
	split: SplitName | null;
	records: SpanRecord[];
}

/** Throws `corpus-span-outside`, `corpus-span-text`, `corpus-overlapping-spans`, `corpus-sentence-too-long`. */
export function corpusOfRecords(parts: readonly SpanPart[], context: ReadingContext): RawCorpus {
	const records = parts.flatMap((part) => part.records);
	const lists = records.flatMap(({ units }) => (units ? [units] : []));
	const unit = context.choices.unit ?? (lists.length > 0 ? unitOfTokens(lists) : unitOfTexts(records));
	return {
		unit,
		isFromSpans: true,
		parts: parts.map(({ split, records }) => ({
			split,
			sentences: records.flatMap((record) => sentencesOf(record, unit, context)),
		})),
	};
}

/** Words where nearly all letters belong to a script that puts spaces between words, and there are such spaces. */
function unitOfTexts(records: readonly { text: string }[]): TextUnit {
	let spaced = 0;
	let other = 0;
	let spaces = 0;
	for (const { text } of records.slice(0, 500)) {
		const sample = text.slice(0, 2000);
		spaced += sample.match(/[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}]/gu)?.length ?? 0;
		other += sample.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/gu)?.length ?? 0;
		spaces += sample.match(/\S\s+(?=\S)/g)?.length ?? 0;
	}
	return spaced > 20 * other && spaces > spaced / 30 ? 'word' : 'character';
}

/** Words where tokens of several code points are common. */
export function unitOfTokens(lists: Iterable<readonly string[]>): TextUnit {
	let tokens = 0;
	let long = 0;
	for (const list of lists) {
		tokens += list.length;
		for (const token of list) if (token.length > 1 && [...token].length > 1) long++;
	}
	return long > tokens * 0.4 ? 'word' : 'character';
}

/** A text in code points, with its spans in them. */
interface Passage {
	characters: string[];
	spans: Span[] | null;
	line: number;
}

/** A document that is cut into lines may be this many times as long as a sentence. */
const linesPerDocument = 16;

function sentencesOf(record: SpanRecord, unit: TextUnit, context: ReadingContext): RawSentence[] {
	if (record.units ? record.units.length === 0 : record.text === '') {
		note(context, 'corpus-empty-record', record.line, 'A record without text, skipped');
		return [];
	}
	const isLines = context.choices.sentences === 'lines' && !record.units;
	const length = (record.units ?? record.text).length;
	checkSentenceLength(isLines ? length / linesPerDocument : length, context.file, record.line);
	const passage = readPassage(record, context);
	const pieces = isLines ? linesOf(passage, context) : [passage];
	return pieces.flatMap((piece) => {
		const { tokens } = pieces.length === 1 ? record : {};
		const units = unit === 'word' && !record.units ? wordsOf(piece, tokens, context) : piece;
		if (units.characters.length === 0) {
			note(context, 'corpus-blank-line', piece.line, 'A text with only white space, skipped');
			return [];
		}
		const tags = units.spans && tagsOf(units.spans, units.characters.length, 'BIO');
		return [{ characters: units.characters, tags, line: units.line }];
	});
}

function readPassage(record: SpanRecord, context: ReadingContext): Passage {
	const characters = [...(record.units ?? record.text)];
	const spans = record.spans && codePointSpans(record, record.spans, characters, context);
	const broken = characters.filter((character) => isLoneSurrogate(character)).length;
	if (broken > 0) {
		note(context, 'corpus-broken-character', record.line, `Broken characters replaced by U+FFFD: ${broken}`);
		characters.forEach((character, position) => {
			if (isLoneSurrogate(character)) characters[position] = '\ufffd';
		});
	}
	return { characters, spans: spans && withoutOverlaps(spans, record, context), line: record.line };
}

const isLoneSurrogate = (character: string) => character.length === 1 && /[\ud800-\udfff]/.test(character);

/** Spans in code points; those that cannot be are refused, or passed over where that is chosen. */
function codePointSpans(
	record: SpanRecord,
	spans: readonly RawSpan[],
	characters: readonly string[],
	context: ReadingContext,
): RawSpan[] {
	const { offsets = 'detect', badSpans } = context.choices;
	const placed = spans.map((span) => ({ span, fault: faultOf(span, characters) }));
	const hasPairs = !record.units && characters.length !== record.text.length;
	if (hasPairs && offsets !== 'code-points') {
		const inUnits = fromUnits(spans, characters, record.text.length);
		const isSure = offsets === 'utf-16' || placed.some(({ fault }) => fault !== null);
		if (isSure && inUnits?.every((span) => faultOf(span, characters) === null)) {
			note(context, 'corpus-utf16-offsets', record.line, 'Positions count UTF-16 units here; converted to code points');
			return inUnits;
		}
	}
	return placed.flatMap(({ span, fault }) => {
		if (fault === null) return [span];
		const line = span.line ?? record.line;
		if (badSpans !== 'skip') throw badSpan(span, fault, characters, context.file, line);
		note(context, 'corpus-bad-span', line, `${span.type} ${span.start}-${span.end} skipped: ${fault}`);
		return [];
	});
}

/** What is wrong with a span, or null. White space inside may differ: brat writes line ends as spaces. */
function faultOf({ start, end, text }: RawSpan, characters: readonly string[]): string | null {
	if (!Number.isInteger(start) || !Number.isInteger(end)) return 'positions that are not integers';
	if (start >= end) return 'an end that is not after the start';
	if (start < 0 || end > characters.length) return `a position outside the text of ${characters.length} characters`;
	if (text === undefined) return null;
	return standsAt(characters, start, end, text)
		? null
		: `the text ${shorten(characters.slice(start, Math.min(end, start + 50)).join(''))}`;
}

/** Whether a text stands between two positions, any white space for any other. */
export function standsAt(characters: readonly string[], start: number, end: number, text: string): boolean {
	if (countCodePoints(text) !== end - start) return false;
	const flat = (part: string) => part.replace(/\s/g, ' ');
	return flat(characters.slice(start, end).join('')) === flat(text);
}

function badSpan(span: RawSpan, fault: string, characters: readonly string[], file: string, line: number): UserError {
	const isText = fault.startsWith('the text');
	return new UserError({
		code: isText ? 'corpus-span-text' : 'corpus-span-outside',
		location: { file, line },
		expected: isText
			? `${shorten(span.text ?? '')} at ${span.start}-${span.end} (${span.type})`
			: `a span inside the text of ${characters.length} characters, with its end after its start`,
		found: isText ? fault : `${span.type} ${span.start}-${span.end}: ${fault}`,
		remedy:
			'Fix the positions (from 0, end exclusive, in code points), choose to leave such spans out (badSpans=skip), or choose another unit of positions (offsets=utf-16).',
	});
}

/** Spans whose positions count UTF-16 units, in code points; null where one cuts a character or lies outside. */
function fromUnits(spans: readonly RawSpan[], characters: readonly string[], units: number): RawSpan[] | null {
	const pointAt = new Int32Array(units + 1).fill(-1);
	let unit = 0;
	characters.forEach((character, point) => {
		pointAt[unit] = point;
		unit += character.length;
	});
	pointAt[units] = characters.length;
	const moved = spans.map((span) => ({ ...span, start: pointAt[span.start] ?? -1, end: pointAt[span.end] ?? -1 }));
	return moved.every(({ start, end }) => start >= 0 && end >= 0) ? moved : null;
}

/** Spans in order; the same one given twice counts once; of overlapping ones the longest stay where that is chosen. */
function withoutOverlaps(spans: readonly RawSpan[], record: SpanRecord, context: ReadingContext): Span[] {
	const inOrder = [...spans].sort((left, right) => left.start - right.start || right.end - left.end);
	const single = inOrder.filter((span, index) => {
		const before = inOrder[index - 1];
		const isTwin = before?.start === span.start && before.end === span.end && before.type === span.type;
		if (isTwin) note(context, 'corpus-span-twice', span.line ?? record.line, `${describe(span)} occurs twice`);
		return !isTwin;
	});
	const clash = single.findIndex((span, index) => index > 0 && span.start < single[index - 1].end);
	if (clash < 0) return single.map(({ start, end, type }) => ({ start, end, type }));
	if (context.choices.overlaps !== 'longest') throw overlap(single[clash - 1], single[clash], record, context.file);
	return keepLongest(single, record, context);
}

function keepLongest(spans: readonly RawSpan[], record: SpanRecord, context: ReadingContext): Span[] {
	const byLength = [...spans].sort((left, right) => right.end - right.start - (left.end - left.start));
	const isTaken = new Uint8Array((record.units ?? record.text).length);
	const kept: Span[] = [];
	for (const span of byLength) {
		// What was kept is no shorter: where two overlap, an end of this one lies inside the other.
		if (isTaken[span.start] || isTaken[span.end - 1]) {
			const line = span.line ?? record.line;
			note(context, 'corpus-overlap-dropped', line, `${describe(span)} overlaps a longer entity and is left out`);
			continue;
		}
		isTaken.fill(1, span.start, span.end);
		kept.push({ start: span.start, end: span.end, type: span.type });
	}
	return kept.sort((left, right) => left.start - right.start);
}

const describe = ({ start, end, type }: RawSpan) => `${type} ${start}-${end}`;

function overlap(left: RawSpan, right: RawSpan, record: SpanRecord, file: string): UserError {
	return new UserError({
		code: 'corpus-overlapping-spans',
		location: { file, line: right.line ?? record.line },
		expected: 'entities that do not overlap, since each character has one tag',
		found: `${describe(left)} and ${describe(right)}`,
		remedy: 'Delete one of them, or choose to keep the longest of each group (overlaps=longest).',
	});
}

/** The lines of a passage; those that an entity runs across stay together. Blank ones are passed over. */
function linesOf(passage: Passage, context: ReadingContext): Passage[] {
	const { characters, spans } = passage;
	const isInside = new Uint8Array(characters.length);
	for (const { start, end } of spans ?? []) isInside.fill(1, start, end);
	const pieces: Passage[] = [];
	let start = 0;
	let line = passage.line;
	let newlines = 0;
	const endPiece = (end: number) => {
		const part = characters.slice(start, end);
		const inPart = spans?.filter((span) => span.start >= start && span.end <= end) ?? null;
		const moved = inPart?.map((span) => ({ ...span, start: span.start - start, end: span.end - start })) ?? null;
		if (newlines > 0) note(context, 'corpus-entity-over-lines', line, 'Lines joined because an entity spans them');
		if (part.some((character) => !/\s/.test(character))) pieces.push({ characters: part, spans: moved, line });
		else if (part.length > 0) note(context, 'corpus-blank-line', line, 'A line with only white space, skipped');
	};
	characters.forEach((character, position) => {
		if (character !== '\n') return;
		if (isInside[position]) {
			newlines++;
			return;
		}
		endPiece(
			characters[position - 1] === '\r' && position > start && !isInside[position - 1] ? position - 1 : position,
		);
		line += newlines + 1;
		newlines = 0;
		start = position + 1;
	});
	endPiece(characters.length);
	return pieces;
}

/** A passage in words: the file's own tokens, else between white space, and cut where a span begins or ends. */
function wordsOf(passage: Passage, tokens: SpanRecord['tokens'], context: ReadingContext): Passage {
	const { characters, spans } = passage;
	const cuts = new Uint8Array(characters.length + 1);
	for (const { start, end } of spans ?? []) cuts[start] = cuts[end] = 1;
	for (const { start, end } of tokens ?? []) cuts[start] = cuts[end] = 1;
	if (!tokens && context.choices.words === 'punctuation') markPunctuation(characters, cuts);
	const words: string[] = [];
	const wordAt = new Int32Array(characters.length + 1);
	let start = -1;
	for (let position = 0; position <= characters.length; position++) {
		const isSpace = position === characters.length || /\s/.test(characters[position]);
		if (start >= 0 && (isSpace || cuts[position])) {
			words.push(characters.slice(start, position).join(''));
			start = -1;
		}
		wordAt[position] = words.length;
		if (!isSpace && start < 0) start = position;
	}
	const inWords = spans?.map(({ start, end, type }) => ({ start: wordAt[start], end: wordAt[end], type }));
	const kept = inWords?.filter((span) => span.end > span.start) ?? null;
	if (inWords && kept && kept.length < inWords.length)
		note(context, 'corpus-bad-span', passage.line, 'An entity with only white space, skipped');
	return { characters: words, spans: kept, line: passage.line };
}

/** Cuts at both sides of punctuation, but not between letters or digits ("don't", "3.5"). */
function markPunctuation(characters: readonly string[], cuts: Uint8Array): void {
	const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{M}\p{N}_]/u.test(character);
	characters.forEach((character, position) => {
		if (isWord(character) || (isWord(characters[position - 1]) && isWord(characters[position + 1]))) return;
		cuts[position] = cuts[position + 1] = 1;
	});
}

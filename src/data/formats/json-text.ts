// Parses JSON and JSON lines: records, each with the line that it begins in. A syntax error is named with its location, which the
// engines' own messages do not give alike; depth is checked before anything is parsed.

import { UserError } from '../../util/errors';
import { countCodePoints } from '../code-points';
import { findJsonError } from './json-error';
import { limits } from './limits';
import { shorten } from './reading';

export interface JsonRecord {
	value: unknown;
	/** From 1. */
	line: number;
}

export interface JsonText {
	shape: 'lines' | 'array' | 'object';
	/** The lines, the elements of the array, or the one object. */
	records: JsonRecord[];
}

/** Whether a text means to be JSON: an object or array begins it as JSON has it. Broken JSON counts too. */
export function looksLikeJson(text: string): boolean {
	return /^\s*(\{\s*("|\}\s*$)|\[\s*(\{|\[|\]\s*$|"(?:[^"\\\n]|\\.){0,1000}"\s*,?\s*[[{\]"]))/.test(
		text.slice(0, 5000),
	);
}

/** Throws `json-broken`, `json-too-deep`, with the location. */
export function parseJson(text: string, file: string): JsonText {
	checkDepth(text, file);
	const firstLine = /^\s*(.*)/.exec(text.slice(0, 1_000_000))?.[1] ?? '';
	const isLines = /\n\s*\S/.test(text.trim()) && parses(firstLine);
	if (isLines) return { shape: 'lines', records: parseLines(text, file) };
	const value = parseAt(text, 0, text, file);
	if (!Array.isArray(value)) return { shape: 'object', records: [{ value, line: lineAt(text, text.search(/\S/)) }] };
	const offsets = childOffsets(text, text.search(/\S/));
	const lineOf = lineCounter(text);
	return { shape: 'array', records: value.map((element, index) => ({ value: element, line: lineOf(offsets[index]) })) };
}

/** The lines in which the elements of the array that is this key's value begin. */
export function linesOfKey(text: string, key: string): number[] {
	const start = text.search(/\S/);
	const value = JSON.parse(text) as Record<string, unknown>;
	const index = Object.keys(value).indexOf(key);
	const lineOf = lineCounter(text);
	const offset = childOffsets(text, start)[index];
	return offset === undefined ? [] : childOffsets(text, offset).map(lineOf);
}

function parses(text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null;
	} catch {
		return false;
	}
}

function parseLines(text: string, file: string): JsonRecord[] {
	const records: JsonRecord[] = [];
	let start = 0;
	for (let line = 1; start <= text.length; line++) {
		let end = text.indexOf('\n', start);
		if (end < 0) end = text.length;
		const content = text.slice(start, end);
		if (content.trim() !== '') records.push({ value: parseAt(content, start, text, file), line });
		start = end + 1;
	}
	return records;
}

function parseAt(content: string, start: number, whole: string, file: string): unknown {
	try {
		return JSON.parse(content);
	} catch {
		const { offset, expected } = findJsonError(content);
		const at = start + offset;
		const lineStart = whole.lastIndexOf('\n', at - 1) + 1;
		throw new UserError({
			code: 'json-broken',
			location: { file, line: lineAt(whole, at), column: countCodePoints(whole.slice(lineStart, at)) + 1 },
			expected,
			found: at >= whole.length ? 'the end of the file' : shorten(whole.slice(at, at + 20)),
			remedy: 'Fix the JSON there, or write the file again with a JSON library.',
		});
	}
}

function lineAt(text: string, offset: number): number {
	return lineCounter(text)(offset);
}

/** Lines of offsets that are asked in rising order. */
function lineCounter(text: string): (offset: number) => number {
	let line = 1;
	let next = text.indexOf('\n');
	return (offset) => {
		while (next >= 0 && next < offset) {
			line++;
			next = text.indexOf('\n', next + 1);
		}
		return line;
	};
}

/** Calls `visit` at every bracket and comma outside strings, until it returns true. */
function scanStructure(text: string, from: number, visit: (character: string, offset: number) => boolean): void {
	let inString = false;
	for (let offset = from; offset < text.length; offset++) {
		const code = text.charCodeAt(offset);
		if (inString) {
			if (code === 0x5c) offset++;
			else if (code === 0x22 || code === 0x0a) inString = false;
		} else if (code === 0x22) inString = true;
		else if (code === 0x5b || code === 0x7b || code === 0x5d || code === 0x7d || code === 0x2c || code === 0x3a) {
			if (visit(text[offset], offset)) return;
		}
	}
}

function checkDepth(text: string, file: string): void {
	let depth = 0;
	scanStructure(text, 0, (character, offset) => {
		if (character === '[' || character === '{') depth++;
		else if (character === ']' || character === '}') depth--;
		if (depth <= limits.jsonDepth) return false;
		throw new UserError({
			code: 'json-too-deep',
			location: { file, line: lineAt(text, offset) },
			expected: `JSON with at most ${limits.jsonDepth} levels of nesting`,
			found: 'more',
			remedy: 'Check that this is the right file; no corpus format is nested so deeply.',
		});
	});
}

/** Offsets of the values in a well-formed array or object that begins at an offset. */
function childOffsets(text: string, from: number): number[] {
	const isObject = text[from] === '{';
	const offsets: number[] = [];
	let depth = 0;
	const nextValue = (offset: number) => {
		let at = offset + 1;
		while (/\s/.test(text[at] ?? '.')) at++;
		return at;
	};
	scanStructure(text, from, (character, offset) => {
		if (character === '[' || character === '{') depth++;
		else if (character === ']' || character === '}') depth--;
		if (depth === 0) return true;
		if (depth !== 1 || character === ']' || character === '}') return false;
		if (character === (isObject ? ':' : ',') || (!isObject && offset === from)) offsets.push(nextValue(offset));
		return false;
	});
	return offsets;
}

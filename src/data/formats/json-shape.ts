// Checks of parsed JSON at the door: what a record must hold, said with its line when it does not.

import { UserError } from '../../util/errors';
import type { JsonRecord } from './json-text';
import { type ReadingContext, shorten } from './reading';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A rule for objects as one for any value. */
export function ofObject(fits: (record: JsonObject) => boolean): (value: unknown) => boolean {
	return (value) => isObject(value) && fits(value);
}

export function isStringList(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

/** A value of a key that the object has itself. */
export function own(object: JsonObject, key: string): unknown {
	return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function hasText(record: JsonObject): boolean {
	return typeof record.text === 'string';
}

/** Whether it is a text, and has these keys at most. */
export function hasTextAndOnly(record: JsonObject, keys: readonly string[]): boolean {
	return hasText(record) && Object.keys(record).every((key) => keys.includes(key));
}

/** The first of these keys that the object has with a value other than null. */
export function firstKey(object: JsonObject, keys: readonly string[]): string | null {
	return keys.find((key) => own(object, key) !== undefined && own(object, key) !== null) ?? null;
}

/** What a value is, in a few words. */
export function nameOf(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	if (typeof value === 'string') return shorten(value);
	if (Array.isArray(value)) return 'an array';
	return typeof value === 'object' ? 'an object' : String(value);
}

/** The error for a record that is not as its format has it. */
export function wrongShape(context: ReadingContext, line: number, expected: string, found: unknown): UserError {
	return new UserError({
		code: 'corpus-record-shape',
		location: { file: context.file, line },
		expected,
		found: nameOf(found),
		remedy: 'Fix this record, or choose another format.',
	});
}

export function asObject(record: JsonRecord, context: ReadingContext): JsonObject {
	if (!isObject(record.value)) throw wrongShape(context, record.line, 'an object for each text', record.value);
	return record.value;
}

export function asString(value: unknown, what: string, context: ReadingContext, line: number): string {
	if (typeof value !== 'string') throw wrongShape(context, line, `${what}: a string`, value);
	return value;
}

export function asNumber(value: unknown, what: string, context: ReadingContext, line: number): number {
	if (typeof value !== 'number') throw wrongShape(context, line, `${what}: a number`, value);
	return value;
}

export function asList(value: unknown, what: string, context: ReadingContext, line: number): unknown[] {
	if (!Array.isArray(value)) throw wrongShape(context, line, `${what}: an array`, value);
	return value;
}

/** The name of an entity type: not empty. Numbers are taken as they are written. */
export function asType(value: unknown, context: ReadingContext, line: number): string {
	const type = typeof value === 'number' ? String(value) : value;
	if (typeof type !== 'string' || type === '') throw wrongShape(context, line, 'the name of an entity type', value);
	return type;
}

// The envelope of the workbench's own files: safetensors whose metadata names the kind of file and its version, and
// carries records as JSON, one a key. Kinds: checkpoint.ts, resume-state.ts.

import { UserError } from '../util/errors';
import { isVersion, type Migration, migrated, unknownVersion, versionOf } from '../util/migrations';
import { readSafetensors, type StreamedTensor, safetensorsParts, writeSafetensors } from './safetensors';
import type { StoredTensor } from './stored-tensor';

/** What a file holds: records as JSON by key, and tensors by name. */
export interface FileContent {
	records: ReadonlyMap<string, unknown>;
	tensors: ReadonlyMap<string, StoredTensor>;
}

/** A kind of file: this program writes the current version and reads all of them. */
export interface FileKind {
	name: string;
	/** The first makes version 2 of version 1. */
	migrations: readonly Migration<FileContent>[];
	/** What the file is, for people: "a checkpoint of the workbench". */
	words: string;
}

const kindKey = 'nerco_workbench';

export function encodeWorkbenchFile(
	kind: FileKind,
	records: Readonly<Record<string, unknown>>,
	tensors: Iterable<readonly [string, StoredTensor]>,
): Uint8Array<ArrayBuffer> {
	return writeSafetensors(tensors, metadataOf(kind, records));
}

/** The same file in parts, for those that are too large to be in memory beside what they are made of. */
export function workbenchFileParts(
	kind: FileKind,
	records: Readonly<Record<string, unknown>>,
	tensors: Iterable<readonly [string, StoredTensor | StreamedTensor]>,
): AsyncGenerator<Uint8Array, void> {
	return safetensorsParts(tensors, metadataOf(kind, records));
}

function metadataOf(kind: FileKind, records: Readonly<Record<string, unknown>>): Record<string, string> {
	const metadata: Record<string, string> = { [kindKey]: `${kind.name} ${versionOf(kind.migrations)}` };
	for (const [key, value] of Object.entries(records)) metadata[key] = JSON.stringify(value);
	return metadata;
}

export interface WorkbenchFile {
	tensors: ReadonlyMap<string, StoredTensor>;
	/** Whether the file holds that record. */
	has(key: string): boolean;
	/** The record, checked by `isValid`. Throws a UserError when it is missing or not `words`. */
	record<T>(key: string, isValid: (value: unknown) => value is T, words: string): T;
	/** The UserError for a file whose parts do not fit each other. */
	damage(expected: string, found: string): UserError;
}

/** Throws a UserError: `safetensors-…` for a damaged file, `workbench-file-…` for another kind or version. */
export function decodeWorkbenchFile(bytes: Uint8Array, kind: FileKind, file?: string): WorkbenchFile {
	const { records, tensors } = readContent(bytes, kind, file);
	const damage = (expected: string, found: string) =>
		new UserError({
			code: 'workbench-file-damaged',
			location: { file },
			expected,
			found,
			remedy: 'Use an unchanged copy of the file, or create it again.',
		});
	return {
		tensors,
		has: (key) => records.has(key),
		damage,
		record<T>(key: string, isValid: (value: unknown) => value is T, words: string): T {
			const value = records.get(key);
			if (!isValid(value)) throw damage(`${words} under '${key}'`, value === undefined ? 'nothing' : 'something else');
			return value;
		},
	};
}

/** In the current version. */
function readContent(bytes: Uint8Array, kind: FileKind, file: string | undefined): FileContent {
	const { tensors, metadata } = readSafetensors(bytes, file);
	const found = Object.hasOwn(metadata, kindKey) ? metadata[kindKey] : undefined;
	const version = versionIn(found, kind, file);
	const named = Object.entries(metadata).filter(([key]) => key !== kindKey);
	const records = new Map(named.map(([key, text]) => [key, parseJson(text)]));
	return migrated({ records, tensors }, version, kind.migrations);
}

function versionIn(found: string | undefined, { name, migrations, words }: FileKind, file: string | undefined): number {
	if (!found?.startsWith(`${name} `)) {
		throw new UserError({
			code: 'workbench-file-kind',
			location: { file },
			expected: words,
			found: found ?? 'a safetensors file from another program',
			remedy: 'Choose a file saved by this workbench, or import a PyTorch file (.pt, .bin) directly.',
		});
	}
	const text = found.slice(name.length + 1);
	const version = /^\d+$/.test(text) ? Number(text) : 0;
	const current = versionOf(migrations);
	if (isVersion(version) && version <= current) return version;
	throw unknownVersion({ code: 'workbench-file-version', words, location: { file } }, text, current);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTextList(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function isTextRecord(value: unknown): value is Record<string, string> {
	return isRecord(value) && Object.values(value).every((item) => typeof item === 'string');
}

/** No count or size of ours comes near it, and counting on from it stays exact for longer than anybody waits. */
export const maxCount = 2 ** 48;

/** True when every named field is a whole number from `least` to `maxCount`. */
export function hasCounts(value: unknown, keys: readonly string[], least = 0): boolean {
	return isRecord(value) && keys.every((key) => isCount(value[key], least));
}

function isCount(value: unknown, least: number): boolean {
	return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= maxCount;
}

/** A time in milliseconds since 1970 that a date can have. */
export function isTime(value: unknown): value is number {
	return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

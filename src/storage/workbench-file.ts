// The envelope of the workbench's own files: safetensors whose metadata names the kind of file and its version, and
// carries records as JSON, one a key. Kinds: checkpoint.ts, resume-state.ts.

import { UserError } from '../util/errors';
import { readSafetensors, writeSafetensors } from './safetensors';
import type { StoredTensor } from './stored-tensor';

/** A kind of file and the one version of it that this program writes and reads. */
export interface FileKind {
	name: string;
	version: number;
	/** What the file is, for people: "a checkpoint of the workbench". */
	words: string;
}

const kindKey = 'nerco_workbench';

export function encodeWorkbenchFile(
	kind: FileKind,
	records: Readonly<Record<string, unknown>>,
	tensors: Iterable<readonly [string, StoredTensor]>,
): Uint8Array<ArrayBuffer> {
	const metadata: Record<string, string> = { [kindKey]: `${kind.name} ${kind.version}` };
	for (const [key, value] of Object.entries(records)) metadata[key] = JSON.stringify(value);
	return writeSafetensors(tensors, metadata);
}

export interface WorkbenchFile {
	tensors: Map<string, StoredTensor>;
	/** Whether the file holds that record. */
	has(key: string): boolean;
	/** The record, checked by `isValid`. Throws a UserError when it is missing or not `words`. */
	record<T>(key: string, isValid: (value: unknown) => value is T, words: string): T;
	/** The UserError for a file whose parts do not fit each other. */
	damage(expected: string, found: string): UserError;
}

/** Throws a UserError: `safetensors-…` for a damaged file, `workbench-file-…` for another kind or version. */
export function decodeWorkbenchFile(bytes: Uint8Array, kind: FileKind, file?: string): WorkbenchFile {
	const { tensors, metadata } = readSafetensors(bytes, file);
	checkKind(metadata[kindKey], kind, file);
	const damage = (expected: string, found: string) =>
		new UserError({
			code: 'workbench-file-damaged',
			place: { file },
			expected,
			found,
			remedy: 'Use an unchanged copy of the file, or create it again.',
		});
	return {
		tensors,
		has: (key) => Object.hasOwn(metadata, key),
		damage,
		record<T>(key: string, isValid: (value: unknown) => value is T, words: string): T {
			const value = Object.hasOwn(metadata, key) ? parseJson(metadata[key]) : undefined;
			if (!isValid(value)) throw damage(`${words} under '${key}'`, value === undefined ? 'nothing' : 'something else');
			return value;
		},
	};
}

function checkKind(found: string | undefined, kind: FileKind, file: string | undefined): void {
	if (found === `${kind.name} ${kind.version}`) return;
	const isOtherVersion = found?.startsWith(`${kind.name} `) ?? false;
	throw new UserError({
		code: isOtherVersion ? 'workbench-file-version' : 'workbench-file-kind',
		place: { file },
		expected: isOtherVersion ? `version ${kind.version} of ${kind.words}` : kind.words,
		found: isOtherVersion
			? `version ${found!.slice(kind.name.length + 1)}`
			: (found ?? 'a safetensors file from another program'),
		remedy: isOtherVersion
			? 'Open it with the version of the workbench that saved it, or train again.'
			: 'Choose a file saved by this workbench, or import a PyTorch file (.pt, .bin) directly.',
	});
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

/** True when every named field is a whole number of at least `least`. */
export function hasCounts(value: unknown, keys: readonly string[], least = 0): boolean {
	return isRecord(value) && keys.every((key) => Number.isSafeInteger(value[key]) && (value[key] as number) >= least);
}

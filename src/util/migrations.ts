// Versions of stored formats. A format's migrations are a list in the file of its type: the first makes version 2 of
// version 1, the next version 3 of version 2, and so on. The current version follows from the length of the list.

import { type SourceLocation, UserError } from './errors';

export type JsonObject = Record<string, unknown>;
export type Migration<Value = JsonObject> = (value: Value) => Value;

/** The version that a format with these migrations is written in. From 1. */
export function versionOf(migrations: readonly unknown[]): number {
	return migrations.length + 1;
}

export function isVersion(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** A value of an earlier version as the current version has it. */
export function migrated<Value>(value: Value, version: number, migrations: readonly Migration<Value>[]): Value {
	return migrations.slice(version - 1).reduce((current, migrate) => migrate(current), value);
}

/** The error for a version that this program cannot read: a newer one, or none at all. */
export function unknownVersion(
	{ code, words, location }: { code: string; words: string; location?: SourceLocation },
	found: unknown,
	current: number,
): UserError {
	return new UserError({
		code,
		location,
		expected: current === 1 ? `version 1 of ${words}` : `${words} of version 1 to ${current}`,
		found: `version ${String(found).slice(0, 20)}`,
		remedy: 'Update the workbench (reload the page), or open it with the version that saved it.',
	});
}

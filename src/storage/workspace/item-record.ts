// One thing that a workspace keeps: a small record for lists, and parts (bytes) beside it. The record's envelope is the
// same for all kinds; `detail` is the kind's own, with a version and migrations in the kind's file.

import { UserError } from '../../util/errors';
import { type JsonObject, type Migration, migrated, versionOf } from '../../util/migrations';
import { hasCounts, isRecord, isTime, maxCount } from '../workbench-file';

export type ItemKind = 'corpus' | 'lexicon' | 'vectors' | 'run' | 'checkpoint' | 'setting';

/** Bytes of an item. They lie in the byte store under a key of their own and never change there: new bytes, new key. */
export interface PartInfo {
	name: string;
	key: string;
	sizeBytes: number;
}

export interface ItemRecord<Detail = unknown> {
	kind: ItemKind;
	/** Unique within its kind, and kept through export and import. */
	id: string;
	/** Version of `detail`. */
	version: number;
	/** Grows by one with every change: whoever saves names the revision that was read. From 1. */
	revision: number;
	/** For people. */
	name: string;
	/** Milliseconds since 1970, as given when it was saved. */
	createdAtMs: number;
	changedAtMs: number;
	/** When it was put into the trash; null outside it. */
	trashedAtMs: number | null;
	parts: PartInfo[];
	detail: Detail;
}

/** How a kind's `detail` is checked and brought up to date. */
export interface KindDefinition<Detail> {
	/** The first makes version 2 of version 1. The version that this program writes follows from their number. */
	migrations: readonly Migration[];
	/** Brings up to date what has a version of its own in a migrated detail (settings). Throws UserErrors. */
	readInner?(detail: JsonObject): JsonObject;
	isValid(detail: unknown): detail is Detail;
}

/** A record that this program cannot read: it stays in the list, can be exported as it is, and deleted. */
export interface UnreadableRecord {
	kind: string;
	id: string;
	/** For developers: `version 9 of corpus`, `detail of corpus`. */
	reason: string;
	raw: unknown;
}

export type ReadItem<Detail> =
	| { isReadable: true; record: ItemRecord<Detail> }
	| ({ isReadable: false } & UnreadableRecord);

/** Checks a stored value and migrates its detail. Never throws. */
export function readItem<Detail>(
	value: unknown,
	definitionOf: (kind: string) => KindDefinition<Detail> | undefined,
): ReadItem<Detail> {
	const found = withinBounds(isRecord(value) ? value : {});
	const kind = typeof found.kind === 'string' ? found.kind : '';
	const id = typeof found.id === 'string' ? found.id : '';
	const unreadable = (reason: string) => ({ isReadable: false as const, kind, id, reason, raw: value });
	const definition = definitionOf(kind);
	if (!definition) return unreadable(`kind '${kind}'`);
	if (!isEnvelope(found)) return unreadable(`envelope of ${kind}`);
	const { migrations, readInner = (detail) => detail, isValid } = definition;
	const version = versionOf(migrations);
	if (found.version > version) return unreadable(`version ${found.version} of ${kind}`);
	if (!isRecord(found.detail)) return unreadable(`detail of ${kind}`);
	try {
		const detail = readInner(migrated(found.detail, found.version, migrations));
		if (!isValid(detail)) return unreadable(`detail of ${kind}`);
		return { isReadable: true, record: { ...found, version, detail } };
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return unreadable(`${error.found} of ${kind}, where ${error.expected} is expected`);
	}
}

/** A revision says only whether an item has changed: one from outside that could not grow begins anew, and still grows. */
function withinBounds(record: JsonObject): JsonObject {
	const { revision } = record;
	const isTooLarge = Number.isInteger(revision) && (revision as number) > maxCount;
	return isTooLarge ? { ...record, revision: ((revision as number) % maxCount) + 1 } : record;
}

/** The revision after a change. */
export function nextRevision(revision: number): number {
	return revision < maxCount ? revision + 1 : 1;
}

function isEnvelope(value: Record<string, unknown>): value is Record<string, unknown> & ItemRecord {
	return (
		typeof value.id === 'string' &&
		value.id !== '' &&
		typeof value.name === 'string' &&
		hasCounts(value, ['version', 'revision'], 1) &&
		[value.createdAtMs, value.changedAtMs].every(isTime) &&
		(value.trashedAtMs === null || isTime(value.trashedAtMs)) &&
		Array.isArray(value.parts) &&
		value.parts.every(isPart)
	);
}

function isPart(value: unknown): value is PartInfo {
	return (
		isRecord(value) &&
		typeof value.name === 'string' &&
		typeof value.key === 'string' &&
		hasCounts(value, ['sizeBytes'])
	);
}

/** Bytes of all parts. */
export function sizeOf({ parts }: ItemRecord): number {
	return parts.reduce((sum, part) => sum + part.sizeBytes, 0);
}

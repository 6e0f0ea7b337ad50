// One thing that a workspace keeps: a small record for lists, and parts (bytes) beside it. The record's envelope is the
// same for all kinds; `detail` is the kind's own, with a version and migrations in the kind's file.

import { hasCounts, isRecord } from '../workbench-file';

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
	/** The version that this program writes. */
	version: number;
	/** By the version that they start from: 1 gives version 2 from version 1. */
	migrations: Readonly<Record<number, (detail: Record<string, unknown>) => Record<string, unknown>>>;
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
	const found = isRecord(value) ? value : {};
	const kind = typeof found.kind === 'string' ? found.kind : '';
	const id = typeof found.id === 'string' ? found.id : '';
	const unreadable = (reason: string) => ({ isReadable: false as const, kind, id, reason, raw: value });
	const definition = definitionOf(kind);
	if (!definition) return unreadable(`kind '${kind}'`);
	if (!isEnvelope(found)) return unreadable(`envelope of ${kind}`);
	if (found.version > definition.version) return unreadable(`version ${found.version} of ${kind}`);
	const detail = migrateDetail(definition, found.version, found.detail);
	if (detail === null) return unreadable(`version ${found.version} of ${kind}`);
	if (!definition.isValid(detail)) return unreadable(`detail of ${kind}`);
	return { isReadable: true, record: { ...found, version: definition.version, detail } };
}

/** A detail of an earlier version as this one has it, unchecked; null where no migration leads from that version. */
export function migrateDetail(
	{ version, migrations }: Pick<KindDefinition<unknown>, 'version' | 'migrations'>,
	from: number,
	detail: unknown,
): Record<string, unknown> | null {
	let migrated = detail;
	for (let at = from; at < version; at++) {
		const migrate = migrations[at];
		if (!migrate || !isRecord(migrated)) return null;
		migrated = migrate(migrated);
	}
	return isRecord(migrated) ? migrated : null;
}

function isEnvelope(value: Record<string, unknown>): value is Record<string, unknown> & ItemRecord {
	return (
		typeof value.id === 'string' &&
		value.id !== '' &&
		typeof value.name === 'string' &&
		hasCounts(value, ['version', 'revision'], 1) &&
		[value.createdAtMs, value.changedAtMs].every(Number.isFinite) &&
		(value.trashedAtMs === null || Number.isFinite(value.trashedAtMs)) &&
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

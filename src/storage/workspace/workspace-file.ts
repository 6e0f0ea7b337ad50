// The whole workspace as one file, there and back: a zip of the parts as they are stored (safetensors, JSON, text) and,
// last, `manifest.json` with all records and a hash of each part. Never more than one part is in memory.
// Import merges by kind and id: what is here and not older stays; what cannot be read is left out and named.

import { UserError } from '../../util/errors';
import { isVersion, type Migration, migrated, unknownVersion, versionOf } from '../../util/migrations';
import { sha256 } from '../sha256';
import { hasCounts, isRecord } from '../workbench-file';
import { ZipBlob } from '../zip-blob';
import { type WriteBytes, ZipWriter } from '../zip-writer';
import { decodeJson, encodeJson } from './corpus-record';
import { type AnyItem, readAnyItem } from './item-kinds';
import { idOf, kindOf, type Workspace } from './workspace';

const manifestName = 'manifest.json';
const format = 'nerco-workspace';
/** The first makes a manifest of version 2 of one of version 1. Records in it have versions of their own. */
const migrations: readonly Migration[] = [];
/** JSON of records: lists and settings, no content. */
const maxManifestBytes = 2 ** 28;

interface ManifestPart {
	name: string;
	/** Entry of the archive. */
	entry: string;
	sizeBytes: number;
	/** Empty where the writer's browser could not hash. */
	sha256: string;
}

interface ManifestItem {
	/** As it lay in the store; its own `parts` mean nothing outside. */
	record: unknown;
	parts: ManifestPart[];
}

export interface TransferProgress {
	itemsDone: number;
	itemsTotal: number;
}

export interface ExportOptions {
	write: WriteBytes;
	nowMs: number;
	/** Awaited before each item; what it throws ends the transfer. */
	onProgress?(progress: TransferProgress): void | Promise<void>;
	/** Which items; all when absent. */
	isWanted?(kind: string, id: string): boolean;
}

/** Writes everything, the trash and unreadable records included. An item that is deleted meanwhile is left out. */
export async function exportWorkspace(workspace: Workspace, options: ExportOptions): Promise<void> {
	const zip = new ZipWriter(options.write);
	const listed = (await workspace.list()).filter((item) => options.isWanted?.(kindOf(item), idOf(item)) ?? true);
	const items: ManifestItem[] = [];
	for (const [index, item] of listed.entries()) {
		await options.onProgress?.({ itemsDone: index, itemsTotal: listed.length });
		const folder = `${kindOf(item) || 'unknown'}/${index + 1}`;
		items.push(await exportItem(workspace, item.isReadable ? item.item : item.raw, { folder, zip }));
	}
	await zip.add(
		manifestName,
		encodeJson({ format, version: versionOf(migrations), exportedAtMs: options.nowMs, items }),
	);
	await zip.finish();
	await options.onProgress?.({ itemsDone: listed.length, itemsTotal: listed.length });
}

/** An item that is saved while it is written loses parts under our eyes: then it is read again. */
const maxAttempts = 3;

async function exportItem(
	workspace: Workspace,
	listed: unknown,
	{ folder, zip }: { folder: string; zip: ZipWriter },
): Promise<ManifestItem> {
	const { kind, id } = isRecord(listed) ? listed : {};
	if (typeof kind !== 'string' || typeof id !== 'string') return { record: listed, parts: [] };
	let record = listed;
	for (let attempt = 1; ; attempt++) {
		const parts: ManifestPart[] = [];
		let missing = 0;
		for await (const [name, bytes] of workspace.readParts(record)) {
			if (!bytes) {
				missing++;
				continue;
			}
			const entry = `${folder}.${attempt}/${name.replace(/[^\w.-]+/g, '-')}-${parts.length + 1}`;
			await zip.add(entry, bytes);
			parts.push({ name, entry, sizeBytes: bytes.length, sha256: await sha256(bytes) });
		}
		if (missing === 0 || attempt === maxAttempts) return { record, parts };
		record = (await workspace.readRecord(kind, id)) ?? record;
	}
}

export interface ImportReport {
	added: ImportedItem[];
	/** Were here in an older state. */
	replaced: ImportedItem[];
	/** Were here in the same or a newer state, which stays. */
	kept: ImportedItem[];
	/** Not taken, with the reason in words. */
	refused: (ImportedItem & { reason: string })[];
}

export interface ImportedItem {
	kind: string;
	id: string;
	name: string;
}

export interface ImportOptions {
	file: string;
	/** Awaited before each item; what it throws ends the transfer. */
	onProgress?(progress: TransferProgress): void | Promise<void>;
	/** Asked before an item is replaced: false leaves it (an active run). */
	mayReplace?(kind: string, id: string): boolean;
}

/** Throws a UserError `zip-…` or `workspace-file-…` for a file that is none, `storage-full` when the disk is full: what
 *  was taken until then stays, each item whole. */
export async function importWorkspace(workspace: Workspace, blob: Blob, options: ImportOptions): Promise<ImportReport> {
	const zip = await ZipBlob.open(blob, options.file, remedy);
	const items = await readManifest(zip, options.file);
	const report: ImportReport = { added: [], replaced: [], kept: [], refused: [] };
	for (const [index, item] of items.entries()) {
		await options.onProgress?.({ itemsDone: index, itemsTotal: items.length });
		await importItem(workspace, zip, item, { options, report });
	}
	await options.onProgress?.({ itemsDone: items.length, itemsTotal: items.length });
	return report;
}

async function importItem(
	workspace: Workspace,
	zip: ZipBlob,
	{ record, parts }: ManifestItem,
	{ options, report }: { options: ImportOptions; report: ImportReport },
): Promise<void> {
	const read = readAnyItem(record);
	if (!read.isReadable) {
		const { kind, id, reason } = read;
		report.refused.push({ kind, id, name: id, reason: `this version of the workbench cannot read ${reason}` });
		return;
	}
	const item = { ...read.record, parts: [] } as AnyItem;
	const { kind, id, name } = item;
	try {
		const here = await findHere(workspace, item);
		if (here !== 'none' && (here.changedAtMs >= item.changedAtMs || options.mayReplace?.(kind, id) === false)) {
			report.kept.push({ kind, id, name });
			return;
		}
		await workspace.adopt(item, contentsOf(zip, parts, options.file));
		(here === 'none' ? report.added : report.replaced).push({ kind, id, name });
	} catch (error) {
		if (!(error instanceof UserError) || error.code === 'storage-full') throw error;
		report.refused.push({ kind, id, name, reason: error.message });
	}
}

/** What is here under the same id; an unreadable record counts as newer, so that nothing of it is lost. */
async function findHere(workspace: Workspace, { kind, id }: AnyItem): Promise<{ changedAtMs: number } | 'none'> {
	try {
		return (await workspace.find(kind, id)) ?? 'none';
	} catch (error) {
		if (error instanceof UserError && error.code === 'storage-damaged')
			return { changedAtMs: Number.POSITIVE_INFINITY };
		throw error;
	}
}

async function* contentsOf(
	zip: ZipBlob,
	parts: readonly ManifestPart[],
	file: string,
): AsyncGenerator<readonly [string, Uint8Array]> {
	for (const part of parts) {
		const bytes = await zip.read(part.entry);
		const hash = part.sha256 === '' ? '' : await sha256(bytes);
		if (bytes.length !== part.sizeBytes || (hash !== '' && hash !== part.sha256)) {
			throw damaged(file, `the part ${part.name} to match its checksum`, 'different content');
		}
		yield [part.name, bytes];
	}
}

const remedy = 'Choose an unchanged file from "Export workspace"; if it was compressed again, decompress it first.';

async function readManifest(zip: ZipBlob, file: string): Promise<ManifestItem[]> {
	if (!zip.has(manifestName))
		throw new UserError({
			code: 'workspace-file-kind',
			location: { file },
			expected: 'an exported workspace',
			found: 'another kind of zip file',
			remedy,
		});
	if (zip.sizeOf(manifestName) > maxManifestBytes) {
		throw damaged(file, `a manifest of at most ${maxManifestBytes} bytes`, `${zip.sizeOf(manifestName)}`);
	}
	const manifest = parseManifest(await zip.read(manifestName), file);
	if (manifest.format !== format) throw damaged(file, `the format ${format}`, 'another format');
	const { version } = manifest;
	const current = versionOf(migrations);
	if (!isVersion(version) || version > current) {
		const about = { code: 'workspace-file-version', words: 'an exported workspace', location: { file } };
		throw unknownVersion(about, version, current);
	}
	const { items } = migrated(manifest, version, migrations);
	if (!Array.isArray(items) || !items.every(isManifestItem)) throw damaged(file, 'a list of items', 'something else');
	return items;
}

function parseManifest(bytes: Uint8Array, file: string): Record<string, unknown> {
	let value: unknown;
	try {
		value = decodeJson(bytes);
	} catch {
		throw damaged(file, 'a manifest in JSON', 'something else');
	}
	if (!isRecord(value)) throw damaged(file, 'a manifest', 'something else');
	return value;
}

function isManifestItem(value: unknown): value is ManifestItem {
	return isRecord(value) && Array.isArray(value.parts) && value.parts.every(isManifestPart);
}

function isManifestPart(value: unknown): value is ManifestPart {
	const isNamed = isRecord(value) && [value.name, value.entry, value.sha256].every((text) => typeof text === 'string');
	return isNamed && hasCounts(value, ['sizeBytes']);
}

function damaged(file: string, expected: string, found: string): UserError {
	return new UserError({ code: 'workspace-file-damaged', location: { file }, expected, found, remedy });
}

// Zip archives of stored (never deflated) entries, as PyTorch writes them: read through the central directory, with
// zip64 fields where they are used; written with each entry's data at a multiple of 64 bytes, as PyTorch maps them.
// Format: PKWARE APPNOTE 6.3, sections 4.3 to 4.5.

import { type Refuse, refuser } from './refuse';

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const end64LocatorSignature = 0x07064b50;
const localBytes = 30;
const centralBytes = 46;
const endBytes = 22;
const end64LocatorBytes = 20;
const end64Bytes = 56;
const maxCommentBytes = 0xffff;
const utf8Flag = 0x0800;
/** Extra field of unknown meaning that PyTorch pads with. */
const paddingField = 0x4246;
const zip64Field = 0x0001;
const dataAlignment = 64;

/** Entries by name, as views into `bytes`. Throws a UserError `zip-…` when the archive is cut off, damaged or packed. */
export function readZip(bytes: Uint8Array, file?: string): Map<string, Uint8Array> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const refuse = refuser(file, remedy);
	const directory = findZipDirectory(view, 0, refuse);
	const entries = new Map<string, Uint8Array>();
	let offset = directory.offset;
	let storedBytes = 0;
	for (let index = 0; index < directory.entries; index++) {
		const entry = readZipDirectoryEntry(bytes, view, offset, refuse);
		storedBytes += entry.storedBytes;
		if (storedBytes > bytes.length) refuse('zip-damaged', `entries of ${bytes.length} bytes in all`, 'more');
		if (entries.has(entry.name)) refuse('zip-damaged', 'entries with different names', `${entry.name} twice`);
		entries.set(entry.name, readEntryData(bytes, view, entry, refuse));
		offset = entry.next;
	}
	return entries;
}

/** An archive of stored entries. Names and sizes below 4 GiB in all. */
export function writeZip(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array<ArrayBuffer> {
	const parts: Uint8Array[] = [];
	const directory: Uint8Array[] = [];
	let offset = 0;
	const add = (part: Uint8Array) => {
		parts.push(part);
		offset += part.length;
	};
	for (const [name, data] of entries) {
		const encodedName = new TextEncoder().encode(name);
		const checksum = crc32(data);
		const dataStart = Math.ceil((offset + localBytes + encodedName.length + 4) / dataAlignment) * dataAlignment;
		const extraBytes = dataStart - offset - localBytes - encodedName.length;
		directory.push(centralRecord(encodedName, checksum, data.length, offset));
		add(localRecord(encodedName, checksum, data.length, extraBytes));
		add(data);
	}
	const directoryStart = offset;
	for (const record of directory) add(record);
	add(endRecord(directory.length, offset - directoryStart, directoryStart));
	const archive = new Uint8Array(offset);
	let written = 0;
	for (const part of parts) {
		archive.set(part, written);
		written += part.length;
	}
	return archive;
}

const remedy = 'Use the file as PyTorch saved it; this one may be incomplete or damaged: copy or download it again.';

export interface ZipDirectory {
	entries: number;
	/** Where it begins in the file. */
	offset: number;
}

/** A view from here on to the end of the file finds the directory, if it has one. */
export const zipTailBytes = endBytes + maxCommentBytes + end64LocatorBytes + end64Bytes;

/** The end record stands last, but for a comment of at most 64 KiB. `view` ends where the file ends and begins at `base`. */
export function findZipDirectory(view: DataView, base: number, refuse: Refuse): ZipDirectory {
	const lowest = Math.max(0, view.byteLength - endBytes - maxCommentBytes);
	for (let at = view.byteLength - endBytes; at >= lowest; at--) {
		if (view.getUint32(at, true) !== endSignature) continue;
		if (at + endBytes + view.getUint16(at + 20, true) !== view.byteLength) continue;
		return findDirectory64(view, base, at, refuse) ?? readDirectoryEnd(view, at);
	}
	return refuse('zip-truncated', 'a zip archive with its directory at the end', 'none');
}

function readDirectoryEnd(view: DataView, at: number): ZipDirectory {
	return { entries: view.getUint16(at + 10, true), offset: view.getUint32(at + 16, true) };
}

function findDirectory64(view: DataView, base: number, end: number, refuse: Refuse): ZipDirectory | null {
	const locator = end - end64LocatorBytes;
	if (locator < 0 || view.getUint32(locator, true) !== end64LocatorSignature) return null;
	const at = readSize(view, locator + 8) - base;
	if (at < 0 || at + end64Bytes > view.byteLength || view.getUint32(at, true) !== end64Signature) {
		refuse('zip-damaged', 'a zip64 directory end', 'something else');
	}
	return { entries: readSize(view, at + 32), offset: readSize(view, at + 48) };
}

export interface ZipDirectoryEntry {
	name: string;
	method: number;
	flags: number;
	checksum: number;
	storedBytes: number;
	localOffset: number;
	/** Where the next entry of the directory begins. */
	next: number;
}

export function readZipDirectoryEntry(
	bytes: Uint8Array,
	view: DataView,
	at: number,
	refuse: Refuse,
): ZipDirectoryEntry {
	if (at + centralBytes > bytes.length || view.getUint32(at, true) !== centralSignature) {
		refuse('zip-damaged', `a directory entry at byte ${at}`, 'something else');
	}
	const nameBytes = view.getUint16(at + 28, true);
	const extraBytes = view.getUint16(at + 30, true);
	const extraStart = at + centralBytes + nameBytes;
	const next = extraStart + extraBytes + view.getUint16(at + 32, true);
	if (next > bytes.length) refuse('zip-damaged', 'directory entries within the file', `one that ends at byte ${next}`);
	const sizes = readWideSizes(view, at, extraStart, extraStart + extraBytes);
	return {
		name: new TextDecoder().decode(bytes.subarray(at + centralBytes, extraStart)),
		flags: view.getUint16(at + 8, true),
		method: view.getUint16(at + 10, true),
		checksum: view.getUint32(at + 16, true),
		...sizes,
		next,
	};
}

/** Sizes of 32 bits; where one is all ones, its 64 bits stand in the zip64 field, in the order size, stored, offset. */
function readWideSizes(view: DataView, at: number, extraStart: number, extraEnd: number) {
	const narrow = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
	let wide = -1;
	let wideEnd = -1;
	for (let field = extraStart; field + 4 <= extraEnd && wide < 0; ) {
		const length = view.getUint16(field + 2, true);
		if (view.getUint16(field, true) === zip64Field) {
			wide = field + 4;
			wideEnd = Math.min(extraEnd, wide + length);
		}
		field += 4 + length;
	}
	const [, storedBytes, localOffset] = narrow.map((value) => {
		if (value !== 0xffffffff || wide < 0 || wide + 8 > wideEnd) return value;
		wide += 8;
		return readSize(view, wide - 8);
	});
	return { storedBytes, localOffset };
}

function readEntryData(bytes: Uint8Array, view: DataView, entry: ZipDirectoryEntry, refuse: Refuse): Uint8Array {
	const { name, localOffset, storedBytes } = entry;
	if (entry.flags & 1) refuse('zip-packed', `entry ${name} unencrypted`, 'an encrypted entry');
	if (entry.method !== 0) refuse('zip-packed', `entry ${name} uncompressed`, `compression method ${entry.method}`);
	if (localOffset + localBytes > bytes.length || view.getUint32(localOffset, true) !== localSignature) {
		refuse('zip-damaged', `entry ${name} at byte ${localOffset}`, 'something else');
	}
	const start =
		localOffset + localBytes + view.getUint16(localOffset + 26, true) + view.getUint16(localOffset + 28, true);
	if (start + storedBytes > bytes.length) {
		refuse('zip-truncated', `${storedBytes} bytes of entry ${name}`, `${Math.max(0, bytes.length - start)}`);
	}
	const data = bytes.subarray(start, start + storedBytes);
	// PyTorch can be told to leave checksums out; it writes 0 then.
	if (entry.checksum !== 0 && entry.checksum !== crc32(data)) {
		refuse('zip-damaged', `entry ${name} to match its checksum`, 'different content');
	}
	return data;
}

/** An unsigned number of 64 bits; beyond 2^53 it is too large for any file, which the callers' range checks find. */
function readSize(view: DataView, at: number): number {
	return Number(view.getBigUint64(at, true));
}

function localRecord(name: Uint8Array, checksum: number, size: number, extraBytes: number): Uint8Array {
	const record = new Uint8Array(localBytes + name.length + extraBytes);
	const view = new DataView(record.buffer);
	view.setUint32(0, localSignature, true);
	setCommonFields(view, 4, checksum, size, name.length);
	view.setUint16(28, extraBytes, true);
	record.set(name, localBytes);
	view.setUint16(localBytes + name.length, paddingField, true);
	view.setUint16(localBytes + name.length + 2, extraBytes - 4, true);
	return record;
}

function centralRecord(name: Uint8Array, checksum: number, size: number, localOffset: number): Uint8Array {
	const record = new Uint8Array(centralBytes + name.length);
	const view = new DataView(record.buffer);
	view.setUint32(0, centralSignature, true);
	view.setUint16(4, 20, true);
	setCommonFields(view, 6, checksum, size, name.length);
	view.setUint32(42, localOffset, true);
	record.set(name, centralBytes);
	return record;
}

/** Version 2.0, names in UTF-8, stored, 1980-01-01 (so that the same tensors give the same file), checksum and sizes. */
function setCommonFields(view: DataView, at: number, checksum: number, size: number, nameBytes: number): void {
	view.setUint16(at, 20, true);
	view.setUint16(at + 2, utf8Flag, true);
	view.setUint16(at + 8, 0x21, true);
	view.setUint32(at + 10, checksum, true);
	view.setUint32(at + 14, size, true);
	view.setUint32(at + 18, size, true);
	view.setUint16(at + 22, nameBytes, true);
}

function endRecord(entries: number, directoryBytes: number, directoryStart: number): Uint8Array {
	const record = new Uint8Array(endBytes);
	const view = new DataView(record.buffer);
	view.setUint32(0, endSignature, true);
	view.setUint16(8, entries, true);
	view.setUint16(10, entries, true);
	view.setUint32(12, directoryBytes, true);
	view.setUint32(16, directoryStart, true);
	return record;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	return value;
});

/** CRC-32 of ISO 3309, unsigned; `before` is that of the bytes that came first. */
export function crc32(bytes: Uint8Array, before = 0): number {
	let value = before ^ 0xffffffff;
	for (let index = 0; index < bytes.length; index++) value = crcTable[(value ^ bytes[index]) & 0xff] ^ (value >>> 8);
	return (value ^ 0xffffffff) >>> 0;
}

// The wanted file of a zip archive, read from the front by local headers (the directory stands at the end, where a
// stream comes last). Format: PKWARE APPNOTE 6.3.10. Stored and deflated entries, zip64, sizes that follow the data.

import { Crc32 } from './crc32';
import { inflate } from './inflate';
import type { PeekableBytes } from './peekable-bytes';
import { brokenFile, isWantedEntry, noEntry, type Unpack, unsupportedFile } from './unpacking';

const headerBytes = 30;
const localHeader = 0x04034b50;
const descriptor = 0x08074b50;

interface Entry {
	name: string;
	method: number;
	isEncrypted: boolean;
	/** Packed bytes; null where a descriptor after them tells. */
	packedBytes: number | null;
	isZip64: boolean;
	crc: number;
}

export const unpackZip: Unpack = async function* (packed, { file, entry: wanted, onEntry, onFurther }) {
	const seen: string[] = [];
	while (true) {
		const entry = await readHeader(packed, file);
		if (entry === null) throw noEntry(file, wanted, seen);
		const isTaken = isWantedEntry(entry.name, wanted);
		const content = entryBytes(packed, entry, file);
		if (!isTaken) {
			if (!entry.name.endsWith('/')) seen.push(entry.name);
			for await (const _ of content);
			continue;
		}
		if (entry.isEncrypted) throw unsupportedFile(file, 'a zip file without a password', 'an encrypted one');
		if (entry.method !== 0 && entry.method !== 8) {
			throw unsupportedFile(file, 'a zip file with deflated entries', `method ${entry.method}`);
		}
		onEntry(entry.name);
		const crc = new Crc32();
		for await (const bytes of entry.method === 0 ? content : inflate(content, 'deflate-raw', () => broken(file))) {
			crc.add(bytes);
			yield bytes;
		}
		if (crc.value() !== entry.crc) throw broken(file);
		if (wanted === undefined) await lookFurther(packed, file, onFurther);
		return;
	}
};

/** Tells the next file of the archive, if there is one. */
async function lookFurther(packed: PeekableBytes, file: string, onFurther: (name: string) => void): Promise<void> {
	for (let entry = await readHeader(packed, file); entry !== null; entry = await readHeader(packed, file)) {
		if (isWantedEntry(entry.name, undefined)) return onFurther(entry.name);
		for await (const _ of entryBytes(packed, entry, file));
	}
}

function broken(file: string) {
	return brokenFile(file, 'zip', 'unzip -t');
}

/** Null where no further entry begins. */
async function readHeader(packed: PeekableBytes, file: string): Promise<Entry | null> {
	const head = await packed.peek(headerBytes);
	if (head.length < headerBytes || viewOf(head).getUint32(0, true) !== localHeader) return null;
	const view = viewOf(await packed.take(headerBytes));
	const flags = view.getUint16(6, true);
	const nameBytes = view.getUint16(26, true);
	const extraBytes = view.getUint16(28, true);
	const names = await packed.take(nameBytes + extraBytes);
	if (names.length < nameBytes + extraBytes) throw broken(file);
	const extra = zip64Extra(names.subarray(nameBytes));
	const size = view.getUint32(18, true);
	const size64 = extra !== null && extra.length >= 16 ? Number(viewOf(extra).getBigUint64(8, true)) : null;
	const isLater = (flags & 8) !== 0;
	return {
		name: new TextDecoder().decode(names.subarray(0, nameBytes)),
		method: view.getUint16(8, true),
		isEncrypted: (flags & 1) !== 0,
		packedBytes: isLater ? null : size === 0xffffffff && size64 !== null ? size64 : size,
		isZip64: extra !== null,
		crc: view.getUint32(14, true),
	};
}

/** The field of large sizes (identifier 1): unpacked, then packed size. */
function zip64Extra(extra: Uint8Array): Uint8Array | null {
	const view = viewOf(extra);
	for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
		if (view.getUint16(at, true) === 1) return extra.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
	}
	return null;
}

function entryBytes(packed: PeekableBytes, entry: Entry, file: string): AsyncGenerator<Uint8Array> {
	return entry.packedBytes === null
		? untilDescriptor(packed, entry, file)
		: exactly(packed, entry.packedBytes, () => broken(file));
}

async function* exactly(packed: PeekableBytes, size: number, broken: () => Error): AsyncGenerator<Uint8Array> {
	for (let left = size; left > 0; ) {
		const bytes = await packed.takeSome(Math.min(left, 1 << 16));
		if (bytes.length === 0) throw broken();
		left -= bytes.length;
		yield bytes;
	}
}

/**
 * Packed bytes up to the descriptor that follows them. Its mark may occur by chance within the data, the number of bytes
 * that it tells will not. Descriptors without mark (allowed, and hardly written) are not found.
 */
async function* untilDescriptor(packed: PeekableBytes, entry: Entry, file: string): AsyncGenerator<Uint8Array> {
	const most = 1 << 16;
	const descriptorBytes = entry.isZip64 ? 24 : 16;
	let before = 0;
	while (true) {
		const bytes = await packed.peek(most);
		const view = viewOf(bytes);
		let at = bytes.indexOf(0x50);
		for (; at >= 0 && at + descriptorBytes <= bytes.length; at = bytes.indexOf(0x50, at + 1)) {
			if (view.getUint32(at, true) !== descriptor) continue;
			const size = entry.isZip64 ? Number(view.getBigUint64(at + 8, true)) : view.getUint32(at + 8, true);
			if (size !== before + at) continue;
			entry.crc = view.getUint32(at + 4, true);
			yield packed.take(at);
			await packed.take(descriptorBytes);
			return;
		}
		const safe = at < 0 ? bytes.length : at;
		if (safe === 0 || bytes.length < descriptorBytes) throw broken(file);
		before += safe;
		yield packed.take(safe);
	}
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// Reads a zip archive of stored entries out of a Blob, one entry or a part of one at a time: only the directory and what is
// asked for are in memory. Sizes are checked against the Blob before anything is allocated.

import { type Refuse, refuser } from './refuse';
import { crc32, findZipDirectory, readZipDirectoryEntry, type ZipDirectoryEntry, zipTailBytes } from './zip-archive';

const localBytes = 30;
const localSignature = 0x04034b50;
/** A directory of a million entries is smaller. */
const maxDirectoryBytes = 2 ** 27;
/** What is in memory while the checksum of a long entry is computed. */
const checkedBytes = 2 ** 22;

/** An entry that is read in parts. */
export interface ZipEntryBlob {
	sizeBytes: number;
	/** Bytes [start, end), which must lie within it. Throws a UserError `zip-damaged` where the whole entry does not fit its
	 *  checksum; writers that compute none leave it 0. */
	read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export class ZipBlob {
	private constructor(
		private readonly blob: Blob,
		private readonly entries: ReadonlyMap<string, ZipDirectoryEntry>,
		private readonly refuse: Refuse,
	) {}

	/** Throws a UserError `zip-…` when the archive is cut off or damaged. */
	static async open(blob: Blob, file: string, remedy: string): Promise<ZipBlob> {
		const refuse = refuser(file, remedy);
		const base = Math.max(0, blob.size - zipTailBytes);
		const tail = await readSlice(blob, base, blob.size);
		const directory = findZipDirectory(viewOf(tail), base, refuse);
		const length = blob.size - directory.offset;
		if (length < 0) refuse('zip-truncated', `a directory at byte ${directory.offset}`, `a file of ${blob.size} bytes`);
		if (length > maxDirectoryBytes) refuse('zip-damaged', `a directory of at most ${maxDirectoryBytes} bytes`, 'more');
		const bytes =
			directory.offset >= base
				? tail.subarray(directory.offset - base)
				: await readSlice(blob, directory.offset, blob.size);
		return new ZipBlob(blob, readEntries(bytes, directory.entries, refuse), refuse);
	}

	/** In the order of the directory. */
	names(): string[] {
		return [...this.entries.keys()];
	}

	has(name: string): boolean {
		return this.entries.has(name);
	}

	/** Bytes of an entry, or -1 when there is none. */
	sizeOf(name: string): number {
		return this.entries.get(name)?.storedBytes ?? -1;
	}

	/** Throws a UserError `zip-…` when the entry is missing, packed, cut off or damaged. */
	async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
		const { data, checksum } = await this.find(name);
		const bytes = new Uint8Array(await data.arrayBuffer());
		if (checksum !== crc32(bytes)) this.refuseChecksum(name);
		return bytes;
	}

	/** The same errors; the content is looked at when it is first read. */
	async open(name: string): Promise<ZipEntryBlob> {
		const { data, checksum } = await this.find(name);
		let isChecked = checksum === 0;
		return {
			sizeBytes: data.size,
			read: async (start, end) => {
				const bytes = await readSlice(data, start, end);
				if (!isChecked && checksum !== (bytes.length === data.size ? crc32(bytes) : await checksumOf(data)))
					this.refuseChecksum(name);
				isChecked = true;
				return bytes;
			},
		};
	}

	private refuseChecksum(name: string): never {
		return this.refuse('zip-damaged', `entry ${name} to match its checksum`, 'different content');
	}

	/** Where the bytes of an entry lie. */
	private async find(name: string): Promise<{ data: Blob; checksum: number }> {
		const { blob, refuse } = this;
		const entry = this.entries.get(name);
		if (!entry) return refuse('zip-damaged', `an entry ${name}`, 'none');
		const { localOffset, storedBytes, method, flags, checksum } = entry;
		if (flags & 1) refuse('zip-packed', `entry ${name} unencrypted`, 'an encrypted entry');
		if (method !== 0) refuse('zip-packed', `entry ${name} uncompressed`, `compression method ${method}`);
		const header = viewOf(await readSlice(blob, localOffset, localOffset + localBytes));
		if (header.byteLength < localBytes || header.getUint32(0, true) !== localSignature) {
			refuse('zip-damaged', `entry ${name} at byte ${localOffset}`, 'something else');
		}
		const start = localOffset + localBytes + header.getUint16(26, true) + header.getUint16(28, true);
		if (start + storedBytes > blob.size) {
			refuse('zip-truncated', `${storedBytes} bytes of entry ${name}`, `${Math.max(0, blob.size - start)}`);
		}
		return { data: blob.slice(start, start + storedBytes), checksum };
	}
}

async function checksumOf(data: Blob): Promise<number> {
	let checksum = 0;
	for (let start = 0; start < data.size; start += checkedBytes)
		checksum = crc32(await readSlice(data, start, start + checkedBytes), checksum);
	return checksum;
}

function readEntries(bytes: Uint8Array, count: number, refuse: Refuse): Map<string, ZipDirectoryEntry> {
	const entries = new Map<string, ZipDirectoryEntry>();
	const view = viewOf(bytes);
	let offset = 0;
	for (let index = 0; index < count; index++) {
		const entry = readZipDirectoryEntry(bytes, view, offset, refuse);
		if (entries.has(entry.name)) refuse('zip-damaged', 'entries with different names', `${entry.name} twice`);
		entries.set(entry.name, entry);
		offset = entry.next;
	}
	return entries;
}

async function readSlice(blob: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

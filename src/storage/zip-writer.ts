// Writes a zip archive of stored entries piece by piece, so that only one entry is in memory; with zip64 fields where
// sizes, positions or counts need more than 32 (16) bits. The same entries give the same bytes: no times are written.
// Format: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3.

import { crc32 } from './zip-archive';

const narrowLimit = 0xffffffff;
const narrowCount = 0xffff;
const versionNeeded = 45;
const utf8Flag = 0x0800;
/** 1980-01-01, the first day that the format knows. */
const firstDay = 0x21;

export type WriteBytes = (bytes: Uint8Array) => Promise<void>;

export class ZipWriter {
	private offset = 0;
	private readonly directory: Uint8Array[] = [];

	/** `isWide` writes zip64 fields everywhere, needed or not (tests). */
	constructor(
		private readonly write: WriteBytes,
		private readonly isWide = false,
	) {}

	async add(name: string, data: Uint8Array): Promise<void> {
		const entry = { name: new TextEncoder().encode(name), checksum: crc32(data), size: data.length, at: this.offset };
		this.directory.push(this.centralRecord(entry));
		await this.put(this.localRecord(entry));
		await this.put(data);
	}

	/** Writes the directory; nothing may be added afterwards. */
	async finish(): Promise<void> {
		const start = this.offset;
		for (const record of this.directory) await this.put(record);
		const count = this.directory.length;
		const size = this.offset - start;
		const isWide = this.isWide || count >= narrowCount || this.offset >= narrowLimit;
		if (isWide) await this.put(wideEnd(count, size, start, this.offset));
		const end = new Fields(22).u32(0x06054b50).u16(0).u16(0);
		end.u16(isWide ? narrowCount : count).u16(isWide ? narrowCount : count);
		end.u32(isWide ? narrowLimit : size).u32(isWide ? narrowLimit : start);
		await this.put(end.bytes);
	}

	private async put(bytes: Uint8Array): Promise<void> {
		await this.write(bytes);
		this.offset += bytes.length;
	}

	/** In a local record both sizes are wide or none is. */
	private localRecord({ name, checksum, size }: Entry): Uint8Array {
		const isWide = this.isWide || size >= narrowLimit;
		const extraBytes = isWide ? 20 : 0;
		const fields = new Fields(30 + name.length + extraBytes).u32(0x04034b50);
		common(fields, checksum, isWide ? narrowLimit : size, name.length)
			.u16(extraBytes)
			.raw(name);
		if (isWide) fields.u16(1).u16(16).u64(size).u64(size);
		return fields.bytes;
	}

	private centralRecord({ name, checksum, size, at }: Entry): Uint8Array {
		const isWide = this.isWide || size >= narrowLimit || at >= narrowLimit;
		const extraBytes = isWide ? 28 : 0;
		const fields = new Fields(46 + name.length + extraBytes).u32(0x02014b50).u16(versionNeeded);
		common(fields, checksum, isWide ? narrowLimit : size, name.length).u16(extraBytes);
		fields.u16(0).u16(0).u16(0).u32(0);
		fields.u32(isWide ? narrowLimit : at).raw(name);
		if (isWide) fields.u16(1).u16(24).u64(size).u64(size).u64(at);
		return fields.bytes;
	}
}

interface Entry {
	/** UTF-8. */
	name: Uint8Array;
	checksum: number;
	size: number;
	/** Byte of the archive at which its local record begins. */
	at: number;
}

/** Version, flags, stored, date, checksum, both sizes, length of the name. */
function common(fields: Fields, checksum: number, size: number, nameBytes: number): Fields {
	fields.u16(versionNeeded).u16(utf8Flag).u16(0).u16(0).u16(firstDay);
	return fields.u32(checksum).u32(size).u32(size).u16(nameBytes);
}

/** The zip64 end of the directory and its locator. */
function wideEnd(count: number, size: number, start: number, at: number): Uint8Array {
	const fields = new Fields(76).u32(0x06064b50).u64(44).u16(versionNeeded).u16(versionNeeded).u32(0).u32(0);
	fields.u64(count).u64(count).u64(size).u64(start);
	return fields.u32(0x07064b50).u32(0).u64(at).u32(1).bytes;
}

/** Little-endian fields one after another. */
class Fields {
	readonly bytes: Uint8Array;
	private readonly view: DataView;
	private at = 0;

	constructor(length: number) {
		this.bytes = new Uint8Array(length);
		this.view = new DataView(this.bytes.buffer);
	}

	u16(value: number): this {
		this.view.setUint16(this.at, value, true);
		this.at += 2;
		return this;
	}

	u32(value: number): this {
		this.view.setUint32(this.at, value, true);
		this.at += 4;
		return this;
	}

	u64(value: number): this {
		this.view.setBigUint64(this.at, BigInt(value), true);
		this.at += 8;
		return this;
	}

	raw(bytes: Uint8Array): this {
		this.bytes.set(bytes, this.at);
		this.at += bytes.length;
		return this;
	}
}

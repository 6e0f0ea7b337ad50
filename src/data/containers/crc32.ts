// The checksum CRC-32 of zip and gzip (lowest bit first, polynomial 0xedb88320), over bytes as they come.

const table = Int32Array.from({ length: 256 }, (_, byte) => {
	let rest = byte;
	for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
	return rest;
});

export class Crc32 {
	private state = -1;

	add(bytes: Uint8Array): void {
		let state = this.state;
		for (let index = 0; index < bytes.length; index++) state = table[(state ^ bytes[index]) & 255] ^ (state >>> 8);
		this.state = state;
	}

	/** Unsigned 32 bits. */
	value(): number {
		return ~this.state >>> 0;
	}
}

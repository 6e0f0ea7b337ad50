// Bytes as a copy with memory of its own. `slice` of a Uint8Array copies too, but that of a Node Buffer, which passes for
// one, is a view into memory that it shares with others.

export function copyBytes(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array<ArrayBuffer> {
	return new Uint8Array(bytes.subarray(start, end));
}

/** The same bytes, not copied, as a plain Uint8Array. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
	return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

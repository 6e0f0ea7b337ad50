// The wanted file of a tar archive, in the order of the bytes. Format: POSIX ustar, with the long names of GNU and pax.

import type { PeekableBytes } from './peekable-bytes';
import { brokenFile, isWantedEntry, noEntry, type Unpack } from './unpacking';

const blockBytes = 512;
/** Longer names are no names. */
const maxNameBytes = 1 << 16;

/** Whether a file begins with a tar header. */
export function isTarHeader(head: Uint8Array): boolean {
	return head.length >= blockBytes && textOf(head.subarray(257, 262)) === 'ustar' && hasChecksum(head);
}

export const unpackTar: Unpack = async function* (packed, { file, entry, onEntry }) {
	const seen: string[] = [];
	let longName: string | null = null;
	while (true) {
		const header = await packed.take(blockBytes);
		if (header.every((byte) => byte === 0)) throw noEntry(file, entry, seen); // the end, or nothing more at all
		if (header.length < blockBytes || !hasChecksum(header)) throw broken(file);
		const size = numberOf(header.subarray(124, 136), file);
		const kind = String.fromCharCode(header[156]);
		if (kind === 'L' || kind === 'x') {
			if (size > maxNameBytes) throw broken(file);
			const text = textOf(await takePadded(packed, size, file));
			longName = kind === 'L' ? text.replace(/\0.*$/s, '') : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null);
			continue;
		}
		const name: string = longName ?? nameOf(header);
		longName = null;
		if ((kind === '0' || kind === '\0') && isWantedEntry(name, entry)) {
			onEntry(name);
			yield* pass(packed, size, file);
			return;
		}
		if (kind === '0' || kind === '\0') seen.push(name);
		for await (const _ of pass(packed, Math.ceil(size / blockBytes) * blockBytes, file));
	}
};

function broken(file: string) {
	return brokenFile(file, 'tar', 'tar -tf');
}

async function takePadded(packed: PeekableBytes, size: number, file: string): Promise<Uint8Array> {
	const bytes = await packed.take(Math.ceil(size / blockBytes) * blockBytes);
	if (bytes.length < size) throw broken(file);
	return bytes.subarray(0, size);
}

/** Exactly so many bytes. */
async function* pass(packed: PeekableBytes, size: number, file: string): AsyncGenerator<Uint8Array> {
	for (let left = size; left > 0; ) {
		const bytes = await packed.takeSome(left);
		if (bytes.length === 0) throw broken(file);
		left -= bytes.length;
		yield bytes;
	}
}

/** The header's bytes add up to its checksum field, that field counted as spaces. */
function hasChecksum(header: Uint8Array): boolean {
	const expected = Number.parseInt(textOf(header.subarray(148, 156)).trim(), 8);
	let sum = 0;
	for (let index = 0; index < blockBytes; index++) sum += index >= 148 && index < 156 ? 32 : header[index];
	return sum === expected;
}

/** Octal digits, or a number of bytes where the first bit is set (files from 8 GiB). */
function numberOf(field: Uint8Array, file: string): number {
	let value = 0;
	if (field[0] === 0x80) for (const byte of field.subarray(1)) value = value * 256 + byte;
	else value = Number.parseInt(textOf(field).trim() || '0', 8);
	if (!Number.isSafeInteger(value) || value < 0) throw broken(file);
	return value;
}

function nameOf(header: Uint8Array): string {
	const prefix = textOf(header.subarray(345, 500));
	const name = textOf(header.subarray(0, 100));
	return prefix === '' ? name : `${prefix}/${name}`;
}

/** UTF-8 up to the first zero. */
function textOf(bytes: Uint8Array): string {
	const end = bytes.indexOf(0);
	return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

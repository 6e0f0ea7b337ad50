// The wanted file of a tar archive, or all its files, in the order of the bytes. Format: POSIX ustar, with the long names of GNU and pax.

import { copyBytes } from '../../util/copy-bytes';
import { joinBytes } from '../../util/join-bytes';
import type { PeekableBytes } from './peekable-bytes';
import { brokenFile, isWantedEntry, noEntry, type Unpack } from './unpacking';

const blockBytes = 512;
/** Longer names are no names. */
const maxNameBytes = 1 << 16;

/** Whether a file begins with a tar header. */
export function isTarHeader(head: Uint8Array): boolean {
	return head.length >= blockBytes && textOf(head.subarray(257, 262)) === 'ustar' && hasChecksum(head);
}

interface TarFile {
	name: string;
	sizeBytes: number;
}

/** The next regular file; its bytes and padding then stand at the front. Null at the end. */
async function nextFile(packed: PeekableBytes, file: string): Promise<TarFile | null> {
	let longName: string | null = null;
	while (true) {
		const header = await packed.take(blockBytes);
		if (header.every((byte) => byte === 0)) return null; // the end, or nothing more at all
		if (header.length < blockBytes || !hasChecksum(header)) throw broken(file);
		const sizeBytes = numberOf(header.subarray(124, 136), file);
		const kind = String.fromCharCode(header[156]);
		if (kind === 'L' || kind === 'x') {
			if (sizeBytes > maxNameBytes) throw broken(file);
			const text = textOf(await takePadded(packed, sizeBytes, file));
			longName = kind === 'L' ? text.replace(/\0.*$/s, '') : (/(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null);
			continue;
		}
		if (kind === '0' || kind === '\0') return { name: longName ?? nameOf(header), sizeBytes };
		longName = null;
		await skip(packed, paddedBytes(sizeBytes), file);
	}
}

export const unpackTar: Unpack = async function* (packed, { file, entry, onEntry, onFurther }) {
	const seen: string[] = [];
	for (let found = await nextFile(packed, file); found !== null; found = await nextFile(packed, file)) {
		const { name, sizeBytes } = found;
		if (!isWantedEntry(name, entry)) {
			seen.push(name);
			await skip(packed, paddedBytes(sizeBytes), file);
			continue;
		}
		onEntry(name);
		yield* pass(packed, sizeBytes, file);
		if (entry === undefined) await lookFurther(packed, file, { passed: sizeBytes, onFurther });
		return;
	}
	throw noEntry(file, entry, seen);
};

/** Every wanted file of an archive with its bytes. Throws `file-packed-broken`, and `file-packed-no-entry` when there is none. */
export async function* tarFiles(
	packed: PeekableBytes,
	file: string,
): AsyncGenerator<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
	const seen: string[] = [];
	let hasFile = false;
	for (let found = await nextFile(packed, file); found !== null; found = await nextFile(packed, file)) {
		const { name, sizeBytes } = found;
		if (!isWantedEntry(name, undefined)) {
			seen.push(name);
			await skip(packed, paddedBytes(sizeBytes), file);
			continue;
		}
		hasFile = true;
		const chunks: Uint8Array[] = [];
		for await (const chunk of pass(packed, sizeBytes, file)) chunks.push(copyBytes(chunk));
		await skip(packed, paddedBytes(sizeBytes) - sizeBytes, file);
		yield { name, bytes: joinBytes(chunks) };
	}
	if (!hasFile) throw noEntry(file, undefined, seen);
}

/** Tells the next file of the archive, if there is one. A broken rest is refused. */
async function lookFurther(
	packed: PeekableBytes,
	file: string,
	{ passed, onFurther }: { passed: number; onFurther: (name: string) => void },
): Promise<void> {
	await packed.take(paddedBytes(passed) - passed);
	for (let found = await nextFile(packed, file); found !== null; found = await nextFile(packed, file)) {
		if (isWantedEntry(found.name, undefined)) return onFurther(found.name);
		await skip(packed, paddedBytes(found.sizeBytes), file);
	}
}

function paddedBytes(sizeBytes: number): number {
	return Math.ceil(sizeBytes / blockBytes) * blockBytes;
}

async function skip(packed: PeekableBytes, sizeBytes: number, file: string): Promise<void> {
	for await (const _ of pass(packed, sizeBytes, file));
}

function broken(file: string) {
	return brokenFile(file, 'tar', 'tar -tf');
}

async function takePadded(packed: PeekableBytes, size: number, file: string): Promise<Uint8Array> {
	const bytes = await packed.take(paddedBytes(size));
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

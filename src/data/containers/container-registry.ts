// Registry of the packed forms: by which bytes each is known, and what unpacks it. A form without an unpacker is
// recognised only to be named.

import { unpackBzip2 } from './bzip2';
import { unpackGzip } from './inflate';
import { isTarHeader, unpackTar } from './tar';
import type { Unpack } from './unpacking';
import { unpackZip } from './zip';
import { unpackZstd } from './zstd';

export type ContainerName = 'gzip' | 'bzip2' | 'zip' | 'zstd' | 'tar';

interface PackedForm {
	/** For people. */
	title: string;
	/** First bytes of every such file. */
	magic: readonly number[];
}

interface Container extends PackedForm {
	name: ContainerName;
	/** Whether the first 512 bytes are of such a file. */
	matches(head: Uint8Array): boolean;
	unpack: Unpack;
}

/** Asked in this order. */
export const containers: readonly Container[] = [
	known({ name: 'gzip', title: 'a gzip file', magic: [0x1f, 0x8b], unpack: unpackGzip }),
	{ name: 'bzip2', title: 'a bzip2 file', magic: [0x42, 0x5a, 0x68], matches: isBzip2, unpack: unpackBzip2 },
	known({ name: 'zip', title: 'a zip file', magic: [0x50, 0x4b, 0x03, 0x04], unpack: unpackZip }),
	known({ name: 'zstd', title: 'a Zstandard file', magic: [0x28, 0xb5, 0x2f, 0xfd], unpack: unpackZstd }),
	// A tar file begins with a name; its mark stands behind that.
	{ name: 'tar', title: 'a tar file', magic: [], matches: isTarHeader, unpack: unpackTar },
];

export const foreignContainers: readonly PackedForm[] = [
	{ title: 'an xz file', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
	{ title: 'a 7-Zip file', magic: [0x37, 0x7a, 0xbc, 0xaf] },
	{ title: 'a RAR file', magic: [0x52, 0x61, 0x72, 0x21, 0x1a] },
	{ title: 'an empty zip file', magic: [0x50, 0x4b, 0x05, 0x06] },
	{ title: 'an LZ4 file', magic: [0x04, 0x22, 0x4d, 0x18] },
];

/** What a file is by its first bytes alone, for a message; null for one that nothing packs. */
export function packedTitle(head: Uint8Array): string | null {
	const forms: readonly PackedForm[] = [...containers, ...foreignContainers];
	return forms.find(({ magic }) => magic.length > 0 && startsWith(head, magic))?.title ?? null;
}

export function isZip(head: Uint8Array): boolean {
	return containers.some(({ name, matches }) => name === 'zip' && matches(head));
}

export function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
	return magic.every((byte, index) => head[index] === byte);
}

function known(form: Omit<Container, 'matches'>): Container {
	return { ...form, matches: (head) => startsWith(head, form.magic) };
}

/** `BZh`, the block size, then the mark of a block or of the end: text may begin with the letters too. */
function isBzip2(head: Uint8Array): boolean {
	const next = head.subarray(4, 10);
	const isMark = (mark: readonly number[]) => next.every((byte, index) => byte === mark[index]);
	const isSized = head[3] >= 0x31 && head[3] <= 0x39;
	return startsWith(head, [0x42, 0x5a, 0x68]) && isSized && bzip2Marks.some(isMark);
}

const bzip2Marks = [
	[0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
	[0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];

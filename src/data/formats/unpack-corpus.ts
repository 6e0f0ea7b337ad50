// Corpus files that come packed: gzip, bzip2, zstd, tar and zip are taken off by what the bytes are, under the limits of a
// corpus. Every file of an archive is given, as `archive.zip/train.json`.

import { unzipSync } from 'fflate';
import { copyBytes } from '../../util/copy-bytes';
import { UserError } from '../../util/errors';
import { joinBytes } from '../../util/join-bytes';
import { isZip } from '../containers/container-registry';
import { openPlain } from '../containers/open-plain';
import { isTarHeader, tarFiles } from '../containers/tar';
import { isWantedEntry } from '../containers/unpacking';
import { checkFileSize, limits } from './limits';
import type { SourceBytes } from './reading';
import { recogniseTable } from './recognise';

const tarHeadBytes = 512;
const unpackLimits = { plainBytes: limits.fileBytes, ratio: 1000, freeBytes: 16 * 2 ** 20 };

/** The plain files of a file: itself when it is not packed. Throws what `openPlain` throws. */
export async function unpackCorpus(source: SourceBytes): Promise<SourceBytes[]> {
	const { file, bytes } = source;
	if (recogniseTable(bytes)) return [source];
	const names = zipEntries(bytes);
	const seen = new Set<string>();
	for (const name of names) requireNew(seen, name, file);
	if (names.length < 2) return unpackOther(source);
	const entries: SourceBytes[] = [];
	let size = 0;
	for (const name of names) {
		const entry = await unpackOne(source, name);
		size += entry.bytes.length;
		checkFileSize(size, file); // all together, so that many small ones cannot fill the memory
		entries.push(entry);
	}
	return entries;
}

/** All files of a tar archive, each unpacked further where it is packed; else the one plain file. */
async function unpackOther(source: SourceBytes): Promise<SourceBytes[]> {
	const { file, bytes } = source;
	const packedBytes = () => bytes.length;
	const opened = await openPlain(once(bytes), { file, keepsTar: true, limits: unpackLimits, packedBytes });
	try {
		if (!isTarHeader(await opened.bytes.peek(tarHeadBytes))) return [await unpackOne(source)];
		const entries: SourceBytes[] = [];
		let size = 0;
		const names = new Set<string>();
		for await (const packed of tarFiles(opened.bytes, file)) {
			requireNew(names, packed.name, file);
			const entry = await unpackOne({ file: `${file}/${packed.name}`, bytes: packed.bytes });
			size += entry.bytes.length;
			checkFileSize(size, file);
			entries.push(entry);
		}
		return entries;
	} finally {
		await opened.bytes.close();
	}
}

/** Two files of one name: which of them is meant cannot be known. */
function requireNew(seen: Set<string>, name: string, file: string): void {
	if (!seen.has(name)) return void seen.add(name);
	throw new UserError({
		code: 'file-packed-twice',
		location: { file },
		expected: 'an archive without duplicate file names',
		found: `"${name}" twice`,
		remedy: 'Unpack it, then choose the file that you need.',
	});
}

async function unpackOne({ file, bytes }: SourceBytes, entry?: string): Promise<SourceBytes> {
	const opened = await openPlain(once(bytes), { file, entry, limits: unpackLimits, packedBytes: () => bytes.length });
	if (opened.layers.length === 0) {
		await opened.bytes.close();
		return { file, bytes };
	}
	const chunks: Uint8Array[] = [];
	for await (const chunk of opened.bytes) chunks.push(copyBytes(chunk));
	const inner = opened.layers.findLast((layer) => layer.entry !== null)?.entry;
	return { file: inner ? `${file}/${inner}` : file, bytes: joinBytes(chunks) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** Names of the files in a zip archive's directory; none for another file, or where the directory is broken. */
function zipEntries(bytes: Uint8Array): string[] {
	if (!isZip(bytes)) return [];
	const names: string[] = [];
	try {
		unzipSync(bytes, {
			filter: ({ name }) => {
				if (isWantedEntry(name, undefined)) names.push(name);
				return false;
			},
		});
	} catch {
		return []; // its reader says what is broken
	}
	return names;
}

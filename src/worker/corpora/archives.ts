// Files as people drop them, before they are read: what sort each is, and the files within an archive.

import { openSource } from '../../data/byte-stream';
import { isZip } from '../../data/containers/container-registry';
import { isTarHeader } from '../../data/containers/tar';
import { limits } from '../../data/formats/limits';
import { unpackCorpus } from '../../data/formats/unpack-corpus';
import { type FileSort, recogniseFile } from '../../data/recognise-file';
import { UserError } from '../../util/errors';
import type { CorpusSource } from '../../wire/imports';
import type { SourceFile } from '../../wire/source-file';
import type { Task } from '../tasks';

/** Bytes by which a file is recognised. */
const headBytes = 2 ** 16;

/** Reads the beginning only. A file whose packing is broken is taken for a corpus, whose reader says what is wrong. */
export async function recogniseSource({ name, content }: SourceFile): Promise<FileSort> {
	const packed = new Uint8Array(await content.slice(0, headBytes).arrayBuffer());
	const early = recogniseFile({ name, packed, plain: packed });
	if (early.kind === 'workspace' || early.kind === 'checkpoint') return early;
	return recogniseFile({ name, packed, plain: await plainHead(name, content) });
}

async function plainHead(file: string, content: Blob): Promise<Uint8Array> {
	try {
		const { bytes } = await openSource(content.stream(), { file });
		try {
			return Uint8Array.from(await bytes.peek(headBytes));
		} finally {
			await bytes.close();
		}
	} catch (error) {
		if (error instanceof UserError) return new Uint8Array();
		throw error;
	}
}

/** The files of a zip or tar archive that holds several; else the file itself. Throws UserErrors of broken archives. */
export async function unpackArchive(source: SourceFile, { report }: Task): Promise<SourceFile[]> {
	const { name, content } = source;
	if (content.size > limits.fileBytes || !(await isArchive(source))) return [source];
	await report({ done: 0, total: content.size, unit: 'bytes', counts: {} });
	const entries = await unpackCorpus({ file: name, bytes: new Uint8Array(await content.arrayBuffer()) });
	if (entries.length < 2) return [source];
	return entries.map(({ file, bytes }) => ({ name: file, content: new Blob([bytes as Uint8Array<ArrayBuffer>]) }));
}

/** The same for each file of a corpus; files of an archive have its choices. */
export async function unpackAll(files: readonly CorpusSource[], task: Task): Promise<CorpusSource[]> {
	const plain: CorpusSource[] = [];
	for (const file of files) {
		for (const entry of await unpackArchive(file, task)) plain.push({ ...file, ...entry });
	}
	return plain;
}

/** Whether it is a zip, or a tar that may be packed. Broken packing is for the reader to name. */
async function isArchive({ name, content }: SourceFile): Promise<boolean> {
	if (isZip(new Uint8Array(await content.slice(0, 4).arrayBuffer()))) return true;
	try {
		const { bytes } = await openSource(content.stream(), { file: name, keepsTar: true });
		try {
			return isTarHeader(await bytes.peek(512));
		} finally {
			await bytes.close();
		}
	} catch (error) {
		if (error instanceof UserError) return false;
		throw error;
	}
}

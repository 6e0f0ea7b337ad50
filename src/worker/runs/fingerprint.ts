// Identifies the input files of a resumed run: SHA-256 of each, of large ones of their size and edges.

import { sha256 } from '../../storage/sha256';
import type { CorpusFiles } from '../../wire/runs';

/** Files up to this size are hashed as a whole, larger ones by size, beginning and end. */
const wholeBytes = 64 * 2 ** 20;
const edgeBytes = 2 ** 20;

/** A fingerprint of each file by role; its size where the browser does not hash. */
export async function fingerprints(files: CorpusFiles): Promise<Record<string, string>> {
	const hashes: Record<string, string> = {};
	for (const [role, file] of Object.entries(files)) if (file) hashes[role] = await fingerprint(file.content);
	return hashes;
}

export async function fingerprint(content: Blob): Promise<string> {
	const { size } = content;
	const edges = new Blob([`${size} `, content.slice(0, edgeBytes), content.slice(size - edgeBytes)]);
	const hash = await sha256(new Uint8Array(await (size <= wholeBytes ? content : edges).arrayBuffer()));
	return hash || `${size} bytes`;
}

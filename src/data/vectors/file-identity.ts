// Which file it was: enough to know a file again at once, without reading it whole.

import { Sha256 } from '../../util/sha256';

export interface FileIdentity {
	name: string;
	sizeBytes: number;
	/** Milliseconds since 1970. */
	lastModifiedMs: number;
	/** SHA-256 over the size and sixteen blocks spread over the file, hexadecimal. */
	sampleHash: string;
	/** SHA-256 of the whole file, hexadecimal; null until it was read whole. */
	sha256: string | null;
}

const sampleCount = 16;
const sampleBytes = 4096;

/** Half-open ranges: the first block, the last, and between them equally far apart. The whole of a small file. */
export function sampleRanges(sizeBytes: number): { start: number; end: number }[] {
	if (sizeBytes <= sampleCount * sampleBytes) return sizeBytes > 0 ? [{ start: 0, end: sizeBytes }] : [];
	const last = sizeBytes - sampleBytes;
	return Array.from({ length: sampleCount }, (_, index) => {
		const start = Math.floor((last * index) / (sampleCount - 1));
		return { start, end: start + sampleBytes };
	});
}

/** `readRange` gives the bytes [start, end) of the file: of a Blob by `slice`. */
export async function hashSamples(
	sizeBytes: number,
	readRange: (start: number, end: number) => Promise<Uint8Array>,
): Promise<string> {
	const hash = new Sha256();
	hash.update(new TextEncoder().encode(`${sizeBytes}\n`));
	for (const { start, end } of sampleRanges(sizeBytes)) hash.update(await readRange(start, end));
	return hash.digestHex();
}

/**
 * `same`: name, size, time and samples agree. `likely`: size and samples do, so that it is the same file moved or copied,
 * or one that was changed between the samples: only the whole hash can tell. `other`: neither.
 */
export function compareFiles(known: FileIdentity, found: Omit<FileIdentity, 'sha256'>): 'same' | 'likely' | 'other' {
	if (known.sizeBytes !== found.sizeBytes || known.sampleHash !== found.sampleHash) return 'other';
	return known.name === found.name && known.lastModifiedMs === found.lastModifiedMs ? 'same' : 'likely';
}

// Zstandard, by the package fzstd: windows up to 32 MiB, checksums of frames are not compared.

import { Decompress } from 'fzstd';
import { copyBytes } from '../../util/copy-bytes';
import { brokenFile, type Unpack, unsupportedFile } from './unpacking';

/** Small, because all blocks of a piece are unpacked before the first is handed on, and a block of 4 bytes can hold 128 KiB. */
const pieceBytes = 1 << 12;
const windowTooLarge = 1; // ZstdErrorCode.WindowSizeTooLarge

export const unpackZstd: Unpack = async function* (packed, { file, onUnpacked }) {
	let ready: Uint8Array[] = [];
	const decompressor = new Decompress((bytes) => {
		onUnpacked(bytes.length);
		ready.push(copyBytes(bytes));
	});
	const push = (bytes: Uint8Array, isLast: boolean) => {
		try {
			decompressor.push(bytes, isLast);
		} catch (error) {
			if (error instanceof Error && error.name === 'UserError') throw error;
			if ((error as { code?: unknown }).code === windowTooLarge) throw largeWindow(file);
			throw brokenFile(file, 'Zstandard', 'zstd -t');
		}
		const made = ready;
		ready = [];
		return made;
	};
	for await (const chunk of packed) {
		for (let start = 0; start < chunk.length; start += pieceBytes) {
			yield* push(copyBytes(chunk, start, Math.min(chunk.length, start + pieceBytes)), false);
		}
	}
	yield* push(new Uint8Array(0), true);
};

function largeWindow(file: string) {
	return unsupportedFile(file, 'a Zstandard file with a window of at most 32 MiB', 'one packed with a larger window');
}

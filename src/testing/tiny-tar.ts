// Tar archives of a few small files, for tests.

import { joinBytes } from '../util/join-bytes';

const blockBytes = 512;

/** POSIX ustar, by name and content, in their order. */
export function tarOf(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
	const blocks = Object.entries(files).flatMap(([name, text]) => {
		const content = new TextEncoder().encode(text);
		const padded = new Uint8Array(Math.ceil(content.length / blockBytes) * blockBytes);
		padded.set(content);
		return [headerOf(name, content.length), padded];
	});
	return joinBytes([...blocks, new Uint8Array(2 * blockBytes)]);
}

function headerOf(name: string, sizeBytes: number): Uint8Array {
	const header = new Uint8Array(blockBytes);
	const write = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
	write(name, 0);
	write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
	write(' '.repeat(8), 148);
	write('0', 156);
	write('ustar\u000000', 257);
	const sum = header.reduce((total, byte) => total + byte, 0);
	write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return header;
}

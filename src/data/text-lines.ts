// Lines of a text file as strings, streamed. Not for corpora, whose readers look at the whole file first.

import { UserError } from '../util/errors';
import { type ByteOptions, type ByteSource, visitLines } from './byte-stream';

/** Visits every line of UTF-8 text, without line break and byte order mark. Throws `text-wrong-encoding`, and what `visitLines` throws. */
export async function visitTextLines(
	source: ByteSource,
	options: ByteOptions,
	visit: (line: string) => void,
): Promise<void> {
	const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	let line = 0;
	await visitLines(source, options, (bytes, start, end) => {
		line++;
		let text: string;
		try {
			text = decoder.decode(bytes.subarray(start, end));
		} catch {
			throw wrongEncoding(options.file, line);
		}
		visit(line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text);
	});
}

function wrongEncoding(file: string, line: number): UserError {
	return new UserError({
		code: 'text-wrong-encoding',
		place: { file, line },
		expected: 'text in UTF-8',
		found: 'bytes that are not',
		remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

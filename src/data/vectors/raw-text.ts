// Raw text for the skip-gram trainer, streamed: unpacked, decoded by what its first bytes show, cut into lines. Files with
// labels or numbers are refused: their tags would be learned as words.

import { UserError } from '../../util/errors';
import { type ByteOptions, type ByteSource, openSource } from '../byte-stream';
import { detectHeadEncoding, type TextEncoding } from '../decode-text';
import { recogniseText, refuseBinary } from '../formats/recognise';

/** Bytes by which encoding and sort are told. */
const headBytes = 2 ** 16;

/** Longer lines are given in pieces of this many UTF-16 units. */
const longestLine = 2 ** 16;

/**
 * Visits every line, without line break and byte order mark; very long ones in pieces. Throws `text-wrong-encoding`,
 * `corpus-not-text`, `text-with-labels`, and what opening throws.
 */
export async function visitRawText(
	source: ByteSource,
	options: ByteOptions,
	visit: (line: string) => void,
): Promise<void> {
	const { file } = options;
	const { bytes } = await openSource(source, options);
	try {
		const encoding = checkHead(await bytes.peek(headBytes), file);
		const lines = new LineCutter(visit);
		const decoder = new TextDecoder(encoding.toLowerCase(), { fatal: true });
		const decode = (chunk?: Uint8Array) => {
			try {
				return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
			} catch {
				throw wrongEncoding(file, encoding, lines.count + 1);
			}
		};
		for await (const chunk of bytes) lines.add(decode(chunk));
		lines.add(decode());
		lines.end();
	} finally {
		await bytes.close();
	}
}

function checkHead(head: Uint8Array, file: string): TextEncoding {
	const encoding = detectHeadEncoding(head);
	const text = new TextDecoder(encoding.toLowerCase()).decode(head);
	refuseBinary(text, file);
	const format = recogniseText(text);
	if (format === 'plain-text') return encoding;
	throw new UserError({
		code: 'text-with-labels',
		location: { file },
		expected: 'raw text, with one sentence or paragraph per line',
		found: format === null ? 'JSON' : `columns or labels (${format})`,
		remedy: 'Import it as a corpus: vectors can be trained on the text of a corpus too.',
	});
}

/** Text in pieces becomes lines. A line break is \n, \r\n or \r. */
class LineCutter {
	/** Lines that are complete. */
	count = 0;
	private rest = '';

	constructor(private readonly visit: (line: string) => void) {}

	add(text: string): void {
		const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
		this.rest = lines.pop() ?? '';
		for (const line of lines) {
			this.visitPieces(line);
			this.count++;
		}
		const whole = Math.floor(this.rest.length / longestLine) * longestLine;
		if (whole === 0) return;
		const end = isHighHalf(this.rest, whole - 1) ? whole - 1 : whole;
		this.visitPieces(this.rest.slice(0, end));
		this.rest = this.rest.slice(end);
	}

	end(): void {
		const last = this.rest.replace(/\r$/, '');
		if (last !== '') this.visitPieces(last);
	}

	private visitPieces(line: string): void {
		for (let start = 0; start === 0 || start < line.length; ) {
			const end = Math.min(line.length, start + longestLine);
			const cut = end < line.length && isHighHalf(line, end - 1) ? end - 1 : end;
			this.visit(line.slice(start, cut));
			start = Math.max(cut, 1);
		}
	}
}

/** Whether a character beyond the first 65,536 would be cut in two behind this position. */
function isHighHalf(text: string, at: number): boolean {
	const code = text.charCodeAt(at);
	return code >= 0xd800 && code < 0xdc00;
}

function wrongEncoding(file: string, encoding: TextEncoding, line: number): UserError {
	return new UserError({
		code: 'text-wrong-encoding',
		location: { file, line },
		expected: `text in ${encoding}, like its beginning`,
		found: 'invalid bytes',
		remedy: 'Convert the file to UTF-8: iconv -f GB18030 -t UTF-8 old > new.',
	});
}

// All that the command prints goes through here: lines for people with hidden characters of file names, types and
// sentences shown as escapes, JSON for programs; and what happens when nobody reads any more.

import { printable, printableJson } from '../util/printable';

/** Each text is one line of stdout. */
export function printLines(...lines: readonly string[]): void {
	console.log(lines.map(printable).join('\n'));
}

/** Text of the command's own, in lines as it is. */
export function printText(text: string): void {
	console.log(text);
}

/** Each text is one line of stderr. */
export function printNotes(...lines: readonly string[]): void {
	console.error(lines.map(printable).join('\n'));
}

/** One JSON value on stdout. */
export function printJson(value: unknown, indent?: number): void {
	console.log(printableJson(JSON.stringify(value, null, indent)));
}

/** Lines of JSON, as many as there are values. */
export function writeJsonLines(values: readonly unknown[]): void {
	process.stdout.write(values.map((value) => `${printableJson(JSON.stringify(value))}\n`).join(''));
}

/** Codes of a reader that left (`| head`), or of a terminal that was closed. */
const leftCodes = ['EPIPE', 'EIO', 'ECONNRESET', 'EBADF', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

let isOutputOptional = false;

/** From here on the command's work is its files: it is done to its end whether or not anybody reads what it prints. */
export function continueUnread(): void {
	isOutputOptional = true;
}

/**
 * Without this a failed write ends the process as a bug. `end` hears the exit code when the only result of the command
 * cannot be delivered: 0 when its reader has enough, 1 when the disk is full.
 */
export function watchOutput(end: (exitCode: number) => void): void {
	process.stderr.on('error', () => {}); // there is nobody left to tell
	let isReported = false;
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		const hasLeft = leftCodes.includes(error.code ?? '');
		if (!hasLeft && !isReported) printNotes(`nerco: stdout cannot be written: ${error.message}`);
		isReported = true;
		if (!isOutputOptional) end(hasLeft ? 0 : 1);
	});
}
